/* SPDX-License-Identifier: MIT */
/* What this kernel is, and what it can do. */
#include "posix/kernel/kernel.h"

#include <sys/utsname.h>

#include "posix/kernel/backend.h"
#include "posix/kernel/rows.h"

const struct os_words os_words = {
    .remedy = "illumos and Solaris have SCTP in their kernels; where sockets are refused, see "
              "soconfig(8) and the zone's privileges",
    .load = "soconfig -l",
    .sysctls = "",
    .set = "ipadm set-prop -p ",
};

/* ipadm's properties can be read by a program of its own alone. */
long os_sysctl(const char *name)
{
    (void)name;
    return -1;
}

void os_sysctls(struct text *text)
{
    (void)text;
}

void os_counters(struct text *text)
{
    (void)text;
}

void os_versions(struct text *text)
{
    struct utsname name;

    if (uname(&name) < 0)
        return;
    text_put(text, "kernel=");
    text_put(text, name.release);
    text_put(text, " ");
    text_put(text, name.version);
    text_put(text, "\nlibsctp=sctp_sendmsg");
#ifdef SCTPX_HAVE_SCTP_CONNECTX
    text_put(text, " sctp_connectx");
#endif
#ifdef SCTPX_HAVE_SCTP_SENDV
    text_put(text, " sctp_sendv");
#endif
#ifdef SCTPX_HAVE_SCTP_RECVV
    text_put(text, " sctp_recvv");
#endif
    text_put(text, "\n");
}

#define NEVER(feature, why)                                                                        \
    {                                                                                              \
        SCTPX_FEATURE_##feature, PROBE_NEVER, 0, NULL, why                                         \
    }
#define NOT_HERE "Solaris' SCTP does not have it"

const struct feature os_features[] = {
#ifdef SCTPX_HAVE_SCTP_CONNECTX
    {SCTPX_FEATURE_CONNECTX, PROBE_ALWAYS, 0, NULL, NULL},
#else
    NEVER(CONNECTX, "libsctp has no sctp_connectx: addresses are tried one after the other"),
#endif
    {SCTPX_FEATURE_PEELOFF, PROBE_ALWAYS, 0, NULL, NULL},
    NEVER(EXPLICIT_EOR, "each call's data is sent as a whole message"),
#if OS_RFC6458
    {SCTPX_FEATURE_SEND_ALL, PROBE_ALWAYS, 0, NULL, NULL},
    {SCTPX_FEATURE_NEXT_INFO, PROBE_OPTION, SCTP_RECVNXTINFO, NULL, NULL},
    {SCTPX_FEATURE_PR_TIMED, PROBE_ALWAYS, 0, NULL, NULL},
#else
    NEVER(SEND_ALL, NOT_HERE),
    NEVER(NEXT_INFO, NOT_HERE),
#ifdef SCTP_PRSCTP
    {SCTPX_FEATURE_PR_TIMED, PROBE_OPTION, SCTP_PRSCTP, NULL, NULL},
#else
    NEVER(PR_TIMED, NOT_HERE),
#endif
#endif
    NEVER(PR_RTX, "Solaris' partial reliability is of lifetimes alone"),
    NEVER(PR_PRIO, "Solaris' partial reliability is of lifetimes alone"),
    NEVER(PR_BUF, "Solaris' partial reliability is of lifetimes alone"),
    NEVER(AUTH, NOT_HERE),
    NEVER(ASCONF, "sctpx has no way to ask for ipadm's _addip_enabled"),
    NEVER(AUTO_ASCONF, NOT_HERE),
    NEVER(RECONFIG, NOT_HERE),
    NEVER(INTERLEAVING, NOT_HERE),
    NEVER(ABORT_REASON, "Solaris carries a reason from one-to-many sockets only"),
    NEVER(SCHEDULERS, NOT_HERE),
    NEVER(UDP_ENCAPSULATION, NOT_HERE),
    NEVER(POTENTIALLY_FAILED, NOT_HERE),
    NEVER(PLPMTUD, NOT_HERE),
    NEVER(ECN, "Solaris' sockets cannot ask for it"),
    NEVER(NR_SACK, NOT_HERE),
    NEVER(PACKET_DROP, NOT_HERE),
    NEVER(ZERO_CHECKSUM, NOT_HERE),
    NEVER(STATISTICS, "kstat -m sctp shows them, to programs of its own alone"),
    NEVER(DSCP, NOT_HERE),
    NEVER(SENDER_DRY, NOT_HERE),
    NEVER(BATCH_SYSCALLS, "Solaris has no sendmmsg"),
};
const size_t os_feature_count = sizeof os_features / sizeof os_features[0];

#ifdef SCTP_REMOTE_UDP_ENCAPS_PORT
int encapsulation_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    (void)slot;
    (void)option;
    (void)native;
    return -SCTPX_EUNSUPPORTED;
}
#endif
