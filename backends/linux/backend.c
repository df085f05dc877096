/* SPDX-License-Identifier: MIT */
/* What this kernel is, and what it can do. */
#include "posix/kernel/kernel.h"

#include <dirent.h>
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "posix/kernel/backend.h"

#define SYSCTLS "/proc/sys/net/sctp"

static void text_file(struct text *text, const char *path)
{
    char bytes[4096];
    size_t got;
    FILE *file = fopen(path, "re");

    if (file == NULL)
        return;
    while ((got = fread(bytes, 1, sizeof bytes, file)) > 0)
        text_add(text, bytes, got);
    fclose(file);
}

void os_sysctls(struct text *text)
{
    char path[PATH_MAX];
    struct dirent **entries;
    int i, count = scandir(SYSCTLS, &entries, NULL, alphasort);

    for (i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            text_put(text, "net.sctp.");
            text_put(text, entries[i]->d_name);
            text_put(text, "=");
            snprintf(path, sizeof path, SYSCTLS "/%s", entries[i]->d_name);
            text_file(text, path);
            if (text->length < text->size && text->bytes[text->length - 1] != '\n')
                text_put(text, "\n");
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

/* The library's version is in its file's name, and nowhere else. */
static void library_version(struct text *text)
{
    char path[PATH_MAX];
    union {
        int (*function)(int, struct sockaddr *, int, sctp_assoc_t *);
        void *object;
    } known = {.function = sctp_connectx};
    const char *version = NULL;
    Dl_info info;

    if (dladdr(known.object, &info) != 0 && realpath(info.dli_fname, path) != NULL)
        version = strstr(path, ".so.");
    text_put(text, version != NULL ? version + strlen(".so.") : "unknown");
}

void os_versions(struct text *text)
{
    struct utsname name;

    if (uname(&name) == 0) {
        text_put(text, "kernel=");
        text_put(text, name.release);
        text_put(text, "\n");
    }
    text_put(text, "libsctp=");
    library_version(text);
    text_put(text, "\n");
}

void os_counters(struct text *text)
{
    text_file(text, "/proc/net/sctp/snmp");
}

long os_sysctl(const char *name)
{
    char path[128];
    long value = -1;
    FILE *file;

    snprintf(path, sizeof path, SYSCTLS "/%s", name);
    file = fopen(path, "re");
    if (file == NULL)
        return -1;
    if (fscanf(file, "%ld", &value) != 1)
        value = -1;
    fclose(file);
    return value;
}

const struct os_words os_words = {
    .remedy = "modprobe sctp  (Debian, Ubuntu: the module is in linux-modules-extra-$(uname -r) "
              "where it is missing; Fedora, RHEL: kernel-modules-extra)",
    .load = "modprobe sctp",
    .sysctls = "net.sctp.",
    .set = "sysctl -w ",
};

const struct feature os_features[] = {
    {SCTPX_FEATURE_CONNECTX, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_PEELOFF, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_EXPLICIT_EOR, PROBE_NEVER, 0, NULL,
     "Linux sends each call's data as a whole message"},
    {SCTPX_FEATURE_SEND_ALL, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_NEXT_INFO, PROBE_OPTION, SCTP_RECVNXTINFO, NULL, NULL},
    {SCTPX_FEATURE_PR_TIMED, PROBE_OPTION, SCTP_PR_SUPPORTED, "prsctp_enable", NULL},
    {SCTPX_FEATURE_PR_RTX, PROBE_OPTION, SCTP_PR_SUPPORTED, "prsctp_enable", NULL},
    {SCTPX_FEATURE_PR_PRIO, PROBE_OPTION, SCTP_PR_SUPPORTED, "prsctp_enable", NULL},
    {SCTPX_FEATURE_PR_BUF, PROBE_NEVER, 0, NULL,
     "Linux has no buffer-limited policy; PRIO is near to it"},
    {SCTPX_FEATURE_AUTH, PROBE_OPTION, SCTP_AUTH_SUPPORTED, "auth_enable", NULL},
    {SCTPX_FEATURE_ASCONF, PROBE_OPTION, SCTP_ASCONF_SUPPORTED, "addip_enable", NULL},
    {SCTPX_FEATURE_AUTO_ASCONF, PROBE_OPTION, SCTP_ASCONF_SUPPORTED, "addip_enable", NULL},
    {SCTPX_FEATURE_RECONFIG, PROBE_OPTION, SCTP_RECONFIG_SUPPORTED, "reconf_enable", NULL},
    {SCTPX_FEATURE_INTERLEAVING, PROBE_SYSCTL, SCTP_INTERLEAVING_SUPPORTED, "intl_enable", NULL},
    {SCTPX_FEATURE_ABORT_REASON, PROBE_NEVER, 0, NULL,
     "Linux carries a reason from one-to-many sockets only"},
    {SCTPX_FEATURE_SCHEDULERS, PROBE_THERE, SCTP_STREAM_SCHEDULER, NULL, NULL},
    {SCTPX_FEATURE_UDP_ENCAPSULATION, PROBE_SYSCTL, SCTP_REMOTE_UDP_ENCAPS_PORT, "udp_port", NULL},
    {SCTPX_FEATURE_POTENTIALLY_FAILED, PROBE_OPTION, SCTP_EXPOSE_POTENTIALLY_FAILED_STATE,
     "pf_expose", NULL},
    {SCTPX_FEATURE_PLPMTUD, PROBE_OPTION, SCTP_PLPMTUD_PROBE_INTERVAL, "plpmtud_probe_interval",
     NULL},
    {SCTPX_FEATURE_ECN, PROBE_OPTION, SCTP_ECN_SUPPORTED, "ecn_enable", NULL},
    {SCTPX_FEATURE_NR_SACK, PROBE_NEVER, 0, NULL, "Linux has no NR-SACK"},
    {SCTPX_FEATURE_PACKET_DROP, PROBE_NEVER, 0, NULL, "Linux has no packet drop reports"},
    {SCTPX_FEATURE_ZERO_CHECKSUM, PROBE_NEVER, 0, NULL, "Linux has no zero checksum"},
    {SCTPX_FEATURE_STATISTICS, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_DSCP, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_SENDER_DRY, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_BATCH_SYSCALLS, PROBE_ALWAYS, 0, NULL, NULL},
};
const size_t os_feature_count = sizeof os_features / sizeof os_features[0];
