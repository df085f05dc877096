/* SPDX-License-Identifier: MIT */
/* What Solaris says for itself, beside its os.h. */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "posix/address.h"
#include "posix/error.h"
#include "posix/kernel/descriptor.h"
#include "posix/notification.h"

const int address_lists_are_arrays = 1;

static int int_option(int descriptor, int name, int *value)
{
    socklen_t size = sizeof *value;

    return getsockopt(descriptor, SOL_SOCKET, name, value, &size);
}

static int domain_of(int descriptor, int *domain)
{
#ifdef SO_DOMAIN
    return int_option(descriptor, SO_DOMAIN, domain);
#else
    union address_native name;
    socklen_t size = sizeof name;

    memset(&name, 0, sizeof name);
    if (getsockname(descriptor, &name.any, &size) < 0)
        return -1;
    *domain = name.any.sa_family;
    return 0;
#endif
}

int os_inspect(int descriptor, int *domain, int *type)
{
    struct sctp_initmsg init;
    socklen_t size = sizeof init;

    if (int_option(descriptor, SO_TYPE, type) < 0)
        return error_now(SCTPX_CALL_OPEN);
    if (sctp_opt_info(descriptor, 0, SCTP_INITMSG, &init, &size) < 0)
        return -SCTPX_EPROTONOSUPPORT;
    return domain_of(descriptor, domain) < 0 ? error_now(SCTPX_CALL_OPEN) : 0;
}

/* Through void *, as the headers do not agree on the pointer's type. */
int os_getpaddrs(int descriptor, sctp_assoc_t id, void **packed)
{
    return sctp_getpaddrs(descriptor, id, (void *)packed);
}

int os_getladdrs(int descriptor, sctp_assoc_t id, void **packed)
{
    return sctp_getladdrs(descriptor, id, (void *)packed);
}

void os_freepaddrs(void *packed)
{
    sctp_freepaddrs(packed);
}

void os_freeladdrs(void *packed)
{
    sctp_freeladdrs(packed);
}

int os_peeloff(int descriptor, sctp_assoc_t id)
{
    return descriptor_peeloff(descriptor, id);
}

void os_accepted(int descriptor)
{
    (void)descriptor;
}

void os_ended(int descriptor)
{
    (void)descriptor;
}

/* getsockopt() at this level is always refused. */
int os_option_get(int descriptor, sctp_assoc_t id, int name, void *value, socklen_t *size)
{
    return sctp_opt_info(descriptor, id, name, value, size);
}

int os_standing(int32_t state)
{
    if (state >= SCTP_ESTABLISHED)
        return STANDING_UP;
    return state == SCTP_COOKIE_WAIT || state == SCTP_COOKIE_ECHOED ? STANDING_COMING
                                                                    : STANDING_NONE;
}

int os_path_state(int32_t state)
{
    if (state == SCTP_ACTIVE)
        return SCTPX_PATH_ACTIVE;
    return state == SCTP_INACTIVE ? SCTPX_PATH_INACTIVE : SCTPX_PATH_UNKNOWN;
}

/* A path's own report is in milliseconds, the one in an association's status in
 * ticks of the clock. */
int64_t os_path_srtt(int64_t native)
{
    return native * 1000;
}

int64_t os_status_srtt(int64_t native)
{
    long ticks = sysconf(_SC_CLK_TCK);

    return ticks > 0 ? native * 1000000 / ticks : 0;
}

int64_t os_status_rto(int64_t native)
{
    return os_status_srtt(native);
}

int os_policy(uint32_t policy)
{
    switch (policy) {
    case SCTPX_POLICY_RELIABLE:
        return 0;
#if OS_RFC6458
    case SCTPX_POLICY_TIMED:
        return SCTP_PR_SCTP_TTL;
#elif defined(MSG_PR_SCTP)
    case SCTPX_POLICY_TIMED:
        return MSG_PR_SCTP;
#else
    case SCTPX_POLICY_TIMED:
#endif
    case SCTPX_POLICY_RTX:
    case SCTPX_POLICY_PRIO:
    case SCTPX_POLICY_BUF:
        return -SCTPX_EUNSUPPORTED;
    default:
        return -SCTPX_EINVAL;
    }
}

int os_path_chosen(const struct slot *slot, int64_t association)
{
    (void)slot;
    (void)association;
    return 0;
}

/* An ABORT chunk, or nothing. */
void os_association_info(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    (void)raw;
    notification_data(out, OS_ASSOC_CHANGE_SIZE, length);
}
