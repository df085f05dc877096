/* SPDX-License-Identifier: MIT */
/* What this kernel is, and what it can do. */
#include "posix/kernel/kernel.h"

#include <stdio.h>
#include <sys/sysctl.h>
#include <sys/utsname.h>

#include "posix/kernel/backend.h"
#include "posix/option.h"

#define SYSCTLS "net.inet.sctp."

const struct os_words os_words = {
    .remedy = "kldload sctp  (to have it at each boot: sysrc kld_list+=sctp)",
    .load = "kldload sctp",
    .sysctls = SYSCTLS,
    .set = "sysctl ",
};

long os_sysctl(const char *name)
{
    char path[128];
    uint32_t value = 0;
    size_t size = sizeof value;

    snprintf(path, sizeof path, SYSCTLS "%s", name);
    return sysctlbyname(path, &value, &size, NULL, 0) == 0 ? (long)value : -1;
}

void os_versions(struct text *text)
{
    struct utsname name;

    if (uname(&name) < 0)
        return;
    text_put(text, "kernel=");
    text_put(text, name.release);
    text_put(text, "\n");
}

static void line_put(struct text *text, const char *name, long value)
{
    char line[96];

    snprintf(line, sizeof line, "%s=%ld\n", name, value);
    text_put(text, line);
}

void os_sysctls(struct text *text)
{
    static const char *const names[] = {
        "sendspace",         "recvspace",          "auto_asconf",      "ecn_enable",
        "pr_enable",         "auth_enable",        "asconf_enable",    "reconfig_enable",
        "nrsack_enable",     "pktdrop_enable",     "maxburst",         "delayed_sack_time",
        "sack_freq",         "heartbeat_interval", "rto_initial",      "rto_min",
        "rto_max",           "init_rtx_max",       "assoc_rtx_max",    "path_rtx_max",
        "path_pf_threshold", "incoming_streams",   "outgoing_streams", "default_frag_interleave",
        "blackhole",         "udp_tunneling_port",
    };
    char name[128];
    uint32_t i;

    for (i = 0; i < OPTION_COUNT(names); i++) {
        long value = os_sysctl(names[i]);

        if (value < 0)
            continue;
        snprintf(name, sizeof name, SYSCTLS "%s", names[i]);
        line_put(text, name, value);
    }
}

/* netstat -s -p sctp shows the same and more. */
void os_counters(struct text *text)
{
    struct sctpstat now;
    size_t size = sizeof now;

    if (sysctlbyname(SYSCTLS "stats", &now, &size, NULL, 0) < 0 || size != sizeof now)
        return;
    line_put(text, "current_established", (int32_t)now.sctps_currestab);
    line_put(text, "active_established", now.sctps_activeestab);
    line_put(text, "passive_established", now.sctps_passiveestab);
    line_put(text, "aborted", now.sctps_aborted);
    line_put(text, "shutdown", now.sctps_shutdown);
    line_put(text, "out_of_the_blue", now.sctps_outoftheblue);
    line_put(text, "checksum_errors", now.sctps_checksumerrors);
    line_put(text, "out_packets", now.sctps_outpackets);
    line_put(text, "in_packets", now.sctps_inpackets);
    line_put(text, "out_data_chunks", now.sctps_senddata);
    line_put(text, "in_data_chunks", now.sctps_recvdata);
    line_put(text, "in_duplicate_chunks", now.sctps_recvdupdata);
    line_put(text, "retransmitted_chunks", now.sctps_sendretransdata);
    line_put(text, "fast_retransmitted_chunks", now.sctps_sendfastretrans);
    line_put(text, "retransmission_timeouts", now.sctps_timodata);
    line_put(text, "send_errors", now.sctps_senderrors);
}

const struct feature os_features[] = {
    {SCTPX_FEATURE_CONNECTX, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_PEELOFF, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_EXPLICIT_EOR, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_SEND_ALL, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_NEXT_INFO, PROBE_OPTION, SCTP_RECVNXTINFO, NULL, NULL},
    {SCTPX_FEATURE_PR_TIMED, PROBE_OPTION, SCTP_PR_SUPPORTED, "pr_enable", NULL},
    {SCTPX_FEATURE_PR_RTX, PROBE_OPTION, SCTP_PR_SUPPORTED, "pr_enable", NULL},
    {SCTPX_FEATURE_PR_PRIO, PROBE_NEVER, 0, NULL,
     "FreeBSD has the older buffer policy (PR_BUF) in its place"},
    {SCTPX_FEATURE_PR_BUF, PROBE_OPTION, SCTP_PR_SUPPORTED, "pr_enable", NULL},
    {SCTPX_FEATURE_AUTH, PROBE_OPTION, SCTP_AUTH_SUPPORTED, "auth_enable", NULL},
    {SCTPX_FEATURE_ASCONF, PROBE_OPTION, SCTP_ASCONF_SUPPORTED, "asconf_enable", NULL},
    {SCTPX_FEATURE_AUTO_ASCONF, PROBE_OPTION, SCTP_ASCONF_SUPPORTED, "asconf_enable", NULL},
    {SCTPX_FEATURE_RECONFIG, PROBE_OPTION, SCTP_RECONFIG_SUPPORTED, "reconfig_enable", NULL},
    {SCTPX_FEATURE_INTERLEAVING, PROBE_OPTION, SCTP_INTERLEAVING_SUPPORTED, NULL, NULL},
    {SCTPX_FEATURE_ABORT_REASON, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_SCHEDULERS, PROBE_THERE, SCTP_PLUGGABLE_SS, NULL, NULL},
    {SCTPX_FEATURE_UDP_ENCAPSULATION, PROBE_SYSCTL, SCTP_REMOTE_UDP_ENCAPS_PORT,
     "udp_tunneling_port", NULL},
    {SCTPX_FEATURE_POTENTIALLY_FAILED, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_PLPMTUD, PROBE_NEVER, 0, NULL,
     "FreeBSD has no probing of the path MTU by data packets"},
    {SCTPX_FEATURE_ECN, PROBE_OPTION, SCTP_ECN_SUPPORTED, "ecn_enable", NULL},
    {SCTPX_FEATURE_NR_SACK, PROBE_OPTION, SCTP_NRSACK_SUPPORTED, "nrsack_enable", NULL},
    {SCTPX_FEATURE_PACKET_DROP, PROBE_OPTION, SCTP_PKTDROP_SUPPORTED, "pktdrop_enable", NULL},
#ifdef SCTP_ACCEPT_ZERO_CHECKSUM
    {SCTPX_FEATURE_ZERO_CHECKSUM, PROBE_OPTION, SCTP_ACCEPT_ZERO_CHECKSUM, NULL, NULL},
#else
    {SCTPX_FEATURE_ZERO_CHECKSUM, PROBE_NEVER, 0, NULL, "built with headers older than it"},
#endif
    {SCTPX_FEATURE_STATISTICS, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_DSCP, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_SENDER_DRY, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_BATCH_SYSCALLS, PROBE_NEVER, 0, NULL,
     "FreeBSD's sendmmsg is a loop in its C library"},
};
const size_t os_feature_count = sizeof os_features / sizeof os_features[0];
