/* SPDX-License-Identifier: MIT */
/* What Linux says for itself, beside its os.h. */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "posix/address.h"
#include "posix/error.h"
#include "posix/kernel/descriptor.h"
#include "posix/notification.h"

const int address_lists_are_arrays = 0;

static int int_option(int descriptor, int name, int *value)
{
    socklen_t size = sizeof *value;

    return getsockopt(descriptor, SOL_SOCKET, name, value, &size);
}

int os_inspect(int descriptor, int *domain, int *type)
{
    int protocol;

    if (int_option(descriptor, SO_PROTOCOL, &protocol) < 0 ||
        int_option(descriptor, SO_DOMAIN, domain) < 0 || int_option(descriptor, SO_TYPE, type) < 0)
        return error_now(SCTPX_CALL_OPEN);
    return protocol == IPPROTO_SCTP ? 0 : -SCTPX_EPROTONOSUPPORT;
}

int os_prepare(struct slot *slot)
{
    struct sctp_event event = {
        .se_assoc_id = SCTP_ALL_ASSOC, .se_type = SCTP_PARTIAL_DELIVERY_EVENT, .se_on = 1};
    int descriptor = native_of(slot)->descriptor, on = 1;

    if (setsockopt(descriptor, IPPROTO_SCTP, SCTP_RECVRCVINFO, &on, sizeof on) < 0 ||
        setsockopt(descriptor, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event) < 0)
        return error_now(SCTPX_CALL_OPEN);
    return 0;
}

/* All or nothing, says the kernel. */
int os_bindx(struct slot *slot, int descriptor, void *packed, uint32_t count, int add)
{
    (void)slot;
    return sctp_bindx(descriptor, packed, (int)count,
                      add ? SCTP_BINDX_ADD_ADDR : SCTP_BINDX_REM_ADDR) < 0
               ? error_now(SCTPX_CALL_BIND)
               : 0;
}

int os_connectx(struct slot *slot, void *packed, uint32_t count, sctp_assoc_t *id)
{
    return sctp_connectx(native_of(slot)->descriptor, packed, (int)count, id) < 0 ? -1 : 0;
}

int os_getpaddrs(int descriptor, sctp_assoc_t id, void **packed)
{
    struct sockaddr *list = NULL;
    int count = sctp_getpaddrs(descriptor, id, &list);

    *packed = list;
    return count;
}

int os_getladdrs(int descriptor, sctp_assoc_t id, void **packed)
{
    struct sockaddr *list = NULL;
    int count = sctp_getladdrs(descriptor, id, &list);

    *packed = list;
    return count;
}

void os_freepaddrs(void *packed)
{
    sctp_freepaddrs(packed);
}

void os_freeladdrs(void *packed)
{
    sctp_freeladdrs(packed);
}

/* The variant with flags is younger than the plain one. */
int os_peeloff(int descriptor, sctp_assoc_t id)
{
    sctp_peeloff_flags_arg_t with = {.p_arg = {.associd = id},
                                     .flags = SOCK_CLOEXEC | SOCK_NONBLOCK};
    socklen_t size = sizeof with;

    /* The descriptor is the call's result too. */
    if (getsockopt(descriptor, IPPROTO_SCTP, SCTP_SOCKOPT_PEELOFF_FLAGS, &with, &size) >= 0)
        return with.p_arg.sd;
    return errno == ENOPROTOOPT ? descriptor_peeloff(descriptor, id) : -1;
}

/* The state of a one-to-one socket's association; 0: there is none any more. */
static int32_t state_of(int descriptor)
{
    struct sctp_status status;
    socklen_t size = sizeof status;

    memset(&status, 0, sizeof status);
    if (os_option_get(descriptor, 0, SCTP_STATUS, &status, &size) < 0)
        return errno == EINVAL ? 0 : SCTP_ESTABLISHED;
    return status.sstat_state;
}

/* The kernel never shows the end of an association whose peer shuts it down while
 * accept is about it (tests/stack_faults/shut_down_in_accept.py).  From the
 * SHUTDOWN on, nothing more can come, which is noted here. */
void os_accepted(int descriptor)
{
    int32_t state = state_of(descriptor);

    if (state == 0 || state == SCTP_SHUTDOWN_RECEIVED || state == SCTP_SHUTDOWN_ACK_SENT)
        (void)shutdown(descriptor, SHUT_RD);
}

/* Where the peer aborts, or shuts down in answer, the kernel shows no more than
 * the error, and that until one call has taken it, and what is queued: a
 * selector would never come back to whoever reads on.  Some errors are no end:
 * of one path, where IP_RECVERR is on. */
void os_ended(int descriptor)
{
    if (state_of(descriptor) == 0)
        (void)shutdown(descriptor, SHUT_RD);
}

int os_option_get(int descriptor, sctp_assoc_t id, int name, void *value, socklen_t *size)
{
    (void)id;
    return getsockopt(descriptor, IPPROTO_SCTP, name, value, size);
}

int os_standing(int32_t state)
{
    return state < SCTP_ESTABLISHED ? STANDING_COMING : STANDING_UP;
}

int os_path_state(int32_t state)
{
    switch (state) {
    case SCTP_ACTIVE:
        return SCTPX_PATH_ACTIVE;
    case SCTP_INACTIVE:
        return SCTPX_PATH_INACTIVE;
    case SCTP_PF:
        return SCTPX_PATH_POTENTIALLY_FAILED;
    case SCTP_UNCONFIRMED:
        return SCTPX_PATH_UNCONFIRMED;
    default:
        return SCTPX_PATH_UNKNOWN;
    }
}

/* The smoothed round-trip time is in ticks of the kernel's clock, whose length
 * shows as the resolution of the coarse one. */
int64_t os_path_srtt(int64_t native)
{
    struct timespec tick;

    if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) < 0)
        return 0;
    return native * (tick.tv_nsec / 1000);
}

int64_t os_status_srtt(int64_t native)
{
    return os_path_srtt(native);
}

int64_t os_status_rto(int64_t native)
{
    return native * 1000;
}

int os_policy(uint32_t policy)
{
    switch (policy) {
    case SCTPX_POLICY_RELIABLE:
        return SCTP_PR_SCTP_NONE;
    case SCTPX_POLICY_TIMED:
        return SCTP_PR_SCTP_TTL;
    case SCTPX_POLICY_RTX:
        return SCTP_PR_SCTP_RTX;
    case SCTPX_POLICY_PRIO:
        return SCTP_PR_SCTP_PRIO;
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

void os_association_info(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    (void)raw;
    notification_data(out, OS_ASSOC_CHANGE_SIZE, length);
}

ssize_t os_sendmsg(int descriptor, const struct msghdr *message, int flags)
{
    return sendmsg(descriptor, message, flags);
}
