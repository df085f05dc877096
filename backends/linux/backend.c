/* SPDX-License-Identifier: MIT */
/* Start, probe, and what this kernel can do. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "linux/linux.h"
#include "posix/error.h"

#define SYSCTLS "/proc/sys/net/sctp"

/* The ports are userland's. */
int sctpx_start(uint16_t udp_port, uint16_t peer_udp_port)
{
    (void)udp_port;
    (void)peer_udp_port;
    return 0;
}

int sctpx_udp_port(void)
{
    return -SCTPX_EUNSUPPORTED;
}

int sctpx_schedulers(void)
{
    return 0;
}

/* The kernel goes on by itself. */
int sctpx_exit(int64_t timeout)
{
    (void)timeout;
    return 0;
}

static int probe_style(int type)
{
    int descriptor = socket(AF_INET, type | SOCK_CLOEXEC, IPPROTO_SCTP);

    if (descriptor < 0)
        return error_now(SCTPX_CALL_OPEN);
    close(descriptor);
    return 0;
}

int sctpx_probe(void)
{
    int result = probe_style(SOCK_STREAM);

    return result < 0 ? result : probe_style(SOCK_SEQPACKET);
}

/* ---- descriptions ------------------------------------------------------------ */

/* A text that grows in what the caller gave; `length` is of the whole. */
struct text {
    char *bytes;
    size_t size;
    size_t length;
};

static void text_add(struct text *text, const char *bytes, size_t length)
{
    if (text->size > 0 && text->length < text->size - 1) {
        size_t room = text->size - 1 - text->length;
        size_t taken = length < room ? length : room;

        memcpy(text->bytes + text->length, bytes, taken);
        text->bytes[text->length + taken] = '\0';
    }
    text->length += length;
}

static void text_put(struct text *text, const char *words)
{
    text_add(text, words, strlen(words));
}

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

static void describe_sysctls(struct text *text)
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

static void describe_versions(struct text *text)
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

int sctpx_describe(uint32_t topic, char *bytes, uint32_t size)
{
    struct text text = {bytes, bytes != NULL ? size : 0, 0};

    if (text.size > 0)
        bytes[0] = '\0';
    switch (topic) {
    case SCTPX_TOPIC_VERSIONS:
        describe_versions(&text);
        break;
    case SCTPX_TOPIC_SYSCTLS:
        describe_sysctls(&text);
        break;
    case SCTPX_TOPIC_REMEDY:
        text_put(&text,
                 "modprobe sctp  (Debian, Ubuntu: the module is in linux-modules-extra-$(uname -r) "
                 "where it is missing; Fedora, RHEL: kernel-modules-extra)");
        break;
    case SCTPX_TOPIC_COUNTERS:
        text_file(&text, "/proc/net/sctp/snmp");
        break;
    default:
        return -SCTPX_EINVAL;
    }
    return (int)text.length;
}

/* ---- capabilities ---------------------------------------------------------------- */

/* How the running kernel is asked whether it has a feature. */
enum probe_kind {
    PROBE_ALWAYS,
    PROBE_NEVER,
    PROBE_OPTION, /* it can be read; on where its value is not 0, else to be had by setting it */
    PROBE_THERE,  /* it can be read: nothing more is needed */
    PROBE_SYSCTL  /* the same, but only with the sysctl on */
};

struct feature {
    uint32_t feature;
    enum probe_kind kind;
    int option;
    const char *sysctl;
    const char *reason; /* why never */
};

static const struct feature features[] = {
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

/* The value that an option has on a fresh socket; or minus an errno. */
static int64_t option_probe(int name)
{
    union {
        uint32_t plain;
        struct sctp_assoc_value value;
        struct sctp_udpencaps encapsulation;
        struct sctp_probeinterval interval;
    } native;
    socklen_t size;
    int64_t result;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);

    if (descriptor < 0)
        return -errno;
    memset(&native, 0, sizeof native);
    if (name == SCTP_REMOTE_UDP_ENCAPS_PORT)
        size = sizeof native.encapsulation;
    else if (name == SCTP_PLPMTUD_PROBE_INTERVAL)
        size = sizeof native.interval;
    else
        size = name == SCTP_RECVNXTINFO ? sizeof native.plain : sizeof native.value;
    if (getsockopt(descriptor, IPPROTO_SCTP, name, &native, &size) < 0)
        result = -errno;
    else if (name == SCTP_REMOTE_UDP_ENCAPS_PORT)
        result = native.encapsulation.sue_port;
    else if (name == SCTP_PLPMTUD_PROBE_INTERVAL)
        result = native.interval.spi_interval;
    else
        result = name == SCTP_RECVNXTINFO ? native.plain : native.value.assoc_value;
    close(descriptor);
    return result;
}

long sysctl_read(const char *name)
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

static void support_missing(int64_t problem, struct sctpx_support *support)
{
    if (problem == -EPROTONOSUPPORT || problem == -ESOCKTNOSUPPORT) {
        snprintf(support->reason, sizeof support->reason, "this kernel has no SCTP at present");
        snprintf(support->remedy, sizeof support->remedy, "modprobe sctp");
    } else if (problem == -ENOPROTOOPT) {
        snprintf(support->reason, sizeof support->reason, "this kernel is too old for it");
    } else {
        snprintf(support->reason, sizeof support->reason, "the kernel refused to tell: %s",
                 strerror((int)-problem));
    }
}

static void support_off(const struct feature *feature, struct sctpx_support *support)
{
    if (feature->kind == PROBE_OPTION) {
        support->present = 1;
        support->needs_option = 1;
        if (feature->sysctl != NULL)
            snprintf(support->reason, sizeof support->reason, "off by default: net.sctp.%s is 0",
                     feature->sysctl);
        else
            snprintf(support->reason, sizeof support->reason, "off by default");
        return;
    }
    snprintf(support->reason, sizeof support->reason, "net.sctp.%s is 0", feature->sysctl);
    snprintf(support->remedy, sizeof support->remedy, "sysctl -w net.sctp.%s=%d", feature->sysctl,
             feature->feature == SCTPX_FEATURE_UDP_ENCAPSULATION ? 9899 : 1);
}

static void support_probe(const struct feature *feature, struct sctpx_support *support)
{
    int64_t value = option_probe(feature->option);

    if (value < 0) {
        support_missing(value, support);
    } else if (feature->kind == PROBE_SYSCTL && sysctl_read(feature->sysctl) <= 0) {
        support_off(feature, support);
    } else if (feature->kind == PROBE_OPTION && value == 0) {
        support_off(feature, support);
    } else {
        support->present = 1;
        /* Allowed is not yet on. */
        support->needs_option = feature->kind == PROBE_SYSCTL && value == 0;
    }
}

int sctpx_support_of(uint32_t feature, struct sctpx_support *support)
{
    size_t i;

    if (support == NULL)
        return -SCTPX_EINVAL;
    memset(support, 0, sizeof *support);
    support->feature = feature;
    for (i = 0; i < sizeof features / sizeof features[0]; i++) {
        if (features[i].feature != feature)
            continue;
        if (features[i].kind == PROBE_ALWAYS)
            support->present = 1;
        else if (features[i].kind == PROBE_NEVER)
            snprintf(support->reason, sizeof support->reason, "%s", features[i].reason);
        else
            support_probe(&features[i], support);
        return 0;
    }
    return -SCTPX_EINVAL;
}
