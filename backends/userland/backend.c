/* SPDX-License-Identifier: MIT */
/* The backend as a whole: what it is, and what it can do. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "posix/error.h"
#include "posix/option.h"
#include "userland/compat.h"
#include "userland/process.h"

/* The library tells its version nowhere; a build that knows may say so.  A
 * header with zero checksums is younger than the last release. */
#if !defined(SCTPX_USRSCTP_VERSION) && defined(SCTP_ACCEPT_ZERO_CHECKSUM)
#define SCTPX_USRSCTP_VERSION "after 0.9.5.0"
#elif !defined(SCTPX_USRSCTP_VERSION)
#define SCTPX_USRSCTP_VERSION "0.9.5.0"
#endif

static int probe_one(int family, int style)
{
    struct socket *so = usrsctp_socket(family, style, IPPROTO_SCTP, NULL, NULL, 0, NULL);

    if (so == NULL)
        return error_now(SCTPX_CALL_OPEN);
    usrsctp_close(so);
    return 0;
}

/* Before it is started nothing stands in the way but the UDP port. */
int sctpx_probe(void)
{
    int result = process_usable();

    if (result == -SCTPX_EPROTONOSUPPORT && sctpx_udp_port() == 0)
        return 0;
    if (result == 0)
        result = probe_one(AF_INET, SOCK_STREAM);
    if (result == 0)
        result = probe_one(AF_INET, SOCK_SEQPACKET);
    return result;
}

/* ---- texts ---------------------------------------------------------------- */

struct text {
    char *to;
    size_t size;
    size_t length; /* of the whole, whether it fitted or not */
};

static void add(struct text *text, const char *format, ...)
{
    va_list arguments;
    size_t room = text->length < text->size ? text->size - text->length : 0;
    int length;

    va_start(arguments, format);
    length = vsnprintf(room != 0 ? text->to + text->length : NULL, room, format, arguments);
    va_end(arguments);
    if (length > 0)
        text->length += (size_t)length;
}

#define SYSCTL(name)                                                                               \
    {                                                                                              \
#name, usrsctp_sysctl_get_##name                                                           \
    }

static const struct sysctl {
    const char *name;
    uint32_t (*get)(void);
} sysctls[] = {
    SYSCTL(sctp_sendspace),
    SYSCTL(sctp_recvspace),
    SYSCTL(sctp_auto_asconf),
    SYSCTL(sctp_ecn_enable),
    SYSCTL(sctp_pr_enable),
    SYSCTL(sctp_auth_enable),
    SYSCTL(sctp_asconf_enable),
    SYSCTL(sctp_reconfig_enable),
    SYSCTL(sctp_nrsack_enable),
    SYSCTL(sctp_pktdrop_enable),
    SYSCTL(sctp_no_csum_on_loopback),
    SYSCTL(sctp_max_burst_default),
    SYSCTL(sctp_max_chunks_on_queue),
    SYSCTL(sctp_delayed_sack_time_default),
    SYSCTL(sctp_sack_freq_default),
    SYSCTL(sctp_heartbeat_interval_default),
    SYSCTL(sctp_rto_initial_default),
    SYSCTL(sctp_rto_min_default),
    SYSCTL(sctp_rto_max_default),
    SYSCTL(sctp_init_rtx_max_default),
    SYSCTL(sctp_assoc_rtx_max_default),
    SYSCTL(sctp_path_rtx_max_default),
    SYSCTL(sctp_path_pf_threshold),
    SYSCTL(sctp_nr_incoming_streams_default),
    SYSCTL(sctp_nr_outgoing_streams_default),
    SYSCTL(sctp_default_frag_interleave),
    SYSCTL(sctp_blackhole),
    SYSCTL(sctp_udp_tunneling_port),
};

static void add_sysctls(struct text *text)
{
    uint32_t i;

    for (i = 0; i < OPTION_COUNT(sysctls); i++)
        add(text, "%s=%" PRIu32 "\n", sysctls[i].name + strlen("sctp_"), sysctls[i].get());
}

/* usrsctp counts below zero at times, and shows it unsigned. */
static void add_counters(struct text *text)
{
    struct sctpstat now;

    memset(&now, 0, sizeof now);
    usrsctp_get_stat(&now);
    add(text, "current_established=%" PRId32 "\n", (int32_t)now.sctps_currestab);
    add(text, "active_established=%" PRIu32 "\n", now.sctps_activeestab);
    add(text, "passive_established=%" PRIu32 "\n", now.sctps_passiveestab);
    add(text, "aborted=%" PRIu32 "\n", now.sctps_aborted);
    add(text, "shutdown=%" PRIu32 "\n", now.sctps_shutdown);
    add(text, "out_of_the_blue=%" PRIu32 "\n", now.sctps_outoftheblue);
    add(text, "checksum_errors=%" PRIu32 "\n", now.sctps_checksumerrors);
    add(text, "out_packets=%" PRIu32 "\n", now.sctps_outpackets);
    add(text, "in_packets=%" PRIu32 "\n", now.sctps_inpackets);
    add(text, "out_data_chunks=%" PRIu32 "\n", now.sctps_senddata);
    add(text, "in_data_chunks=%" PRIu32 "\n", now.sctps_recvdata);
    add(text, "in_duplicate_chunks=%" PRIu32 "\n", now.sctps_recvdupdata);
    add(text, "retransmitted_chunks=%" PRIu32 "\n", now.sctps_sendretransdata);
    add(text, "fast_retransmitted_chunks=%" PRIu32 "\n", now.sctps_sendfastretrans);
    add(text, "retransmission_timeouts=%" PRIu32 "\n", now.sctps_timodata);
    add(text, "send_errors=%" PRIu32 "\n", now.sctps_senderrors);
}

int sctpx_describe(uint32_t topic, char *text, uint32_t size)
{
    struct text all = {.to = text, .size = text != NULL ? size : 0, .length = 0};
    int running = process_usable() == 0;

    if (all.size != 0)
        text[0] = '\0';
    switch (topic) {
    case SCTPX_TOPIC_VERSIONS:
        add(&all, "libusrsctp=%s\n", SCTPX_USRSCTP_VERSION);
        break;
    case SCTPX_TOPIC_SYSCTLS:
        if (running)
            add_sysctls(&all);
        break;
    case SCTPX_TOPIC_REMEDY:
        add(&all, "choose a UDP port that is free: SCTPX_UDP_PORT=0 for any");
        break;
    case SCTPX_TOPIC_COUNTERS:
        if (running)
            add_counters(&all);
        break;
    default:
        return -SCTPX_EINVAL;
    }
    if (all.size != 0 && all.length >= all.size)
        all.length = all.size - 1;
    return all.length <= INT32_MAX ? (int)all.length : -SCTPX_E2BIG;
}

/* ---- features -------------------------------------------------------------- */

struct feature {
    uint32_t feature;
    uint32_t present;
    uint32_t needs_option;
    const char *reason;
};

static const struct feature features[] = {
    {SCTPX_FEATURE_CONNECTX, 1, 0, ""},
    {SCTPX_FEATURE_PEELOFF, 1, 0, ""},
    {SCTPX_FEATURE_EXPLICIT_EOR, 1, 0, ""},
    {SCTPX_FEATURE_SEND_ALL, 1, 0, ""},
    {SCTPX_FEATURE_NEXT_INFO, 1, 0, ""},
    {SCTPX_FEATURE_PR_TIMED, 1, 0, ""},
    {SCTPX_FEATURE_PR_RTX, 1, 0, ""},
    {SCTPX_FEATURE_PR_PRIO, 0, 0, "usrsctp has the older buffer policy (PR_BUF) in its place"},
    {SCTPX_FEATURE_PR_BUF, 1, 0, ""},
    {SCTPX_FEATURE_AUTH, 1, 0, ""},
    {SCTPX_FEATURE_ASCONF, 1, 0, ""},
    {SCTPX_FEATURE_AUTO_ASCONF, 0, 0, "usrsctp reads the host's addresses once, when it starts"},
    {SCTPX_FEATURE_RECONFIG, 1, 0, ""},
    {SCTPX_FEATURE_INTERLEAVING, 1, 1,
     "off until InterleavingSupported and FragmentInterleave(2) are set"},
    {SCTPX_FEATURE_ABORT_REASON, 1, 0, ""},
    {SCTPX_FEATURE_SCHEDULERS, 1, 0, ""},
    {SCTPX_FEATURE_UDP_ENCAPSULATION, 1, 0, ""},
    {SCTPX_FEATURE_POTENTIALLY_FAILED, 1, 1, "off until a path's threshold for it is set"},
    {SCTPX_FEATURE_PLPMTUD, 0, 0, "usrsctp has no probing of the path MTU by data packets"},
    {SCTPX_FEATURE_ECN, 1, 0, ""},
    {SCTPX_FEATURE_NR_SACK, 1, 1, "off until NrSackSupported is set"},
    {SCTPX_FEATURE_PACKET_DROP, 1, 1, "off until PacketDropSupported is set"},
#ifdef SCTP_ACCEPT_ZERO_CHECKSUM
    {SCTPX_FEATURE_ZERO_CHECKSUM, 1, 1, "off until ZeroChecksum is set"},
#else
    {SCTPX_FEATURE_ZERO_CHECKSUM, 0, 0, "newer than this usrsctp"},
#endif
    {SCTPX_FEATURE_STATISTICS, 1, 0, ""},
    {SCTPX_FEATURE_DSCP, 1, 0, ""},
    {SCTPX_FEATURE_SENDER_DRY, 1, 0, ""},
    {SCTPX_FEATURE_BATCH_SYSCALLS, 0, 0, "there are no system calls to save: batches are loops"},
};

int sctpx_support_of(uint32_t feature, struct sctpx_support *support)
{
    uint32_t i;

    if (support == NULL)
        return -SCTPX_EINVAL;
    for (i = 0; i < OPTION_COUNT(features); i++) {
        if (features[i].feature != feature)
            continue;
        memset(support, 0, sizeof *support);
        support->feature = feature;
        support->present = features[i].present;
        support->needs_option = features[i].needs_option;
        snprintf(support->reason, sizeof support->reason, "%s", features[i].reason);
        return 0;
    }
    return -SCTPX_EINVAL;
}

int sctpx_schedulers(void)
{
    return -SCTPX_EUNSUPPORTED;
}
