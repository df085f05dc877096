/* SPDX-License-Identifier: MIT */
/* What FreeBSD says for itself, beside its os.h. */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <string.h>

#include "posix/address.h"
#include "posix/error.h"
#include "posix/kernel/descriptor.h"
#include "posix/notification.h"
#include "posix/option.h"

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
        int_option(descriptor, SO_TYPE, type) < 0)
        return error_now(SCTPX_CALL_OPEN);
    if (protocol != IPPROTO_SCTP)
        return -SCTPX_EPROTONOSUPPORT;
    return int_option(descriptor, SO_DOMAIN, domain) < 0 ? error_now(SCTPX_CALL_OPEN) : 0;
}

static int set_sctp(int descriptor, int name, const void *value, size_t size)
{
    return setsockopt(descriptor, IPPROTO_SCTP, name, value, (socklen_t)size) < 0
               ? error_now(SCTPX_CALL_OPEN)
               : 0;
}

static int event_on(int descriptor, sctp_assoc_t id, uint16_t type)
{
    struct sctp_event event = {.se_assoc_id = id, .se_type = type, .se_on = 1};

    return set_sctp(descriptor, SCTP_EVENT, &event, sizeof event);
}

int os_prepare(struct slot *slot)
{
    int descriptor = native_of(slot)->descriptor, on = 1;
    int result = set_sctp(descriptor, SCTP_RECVRCVINFO, &on, sizeof on);

    if (result == 0)
        result = event_on(descriptor,
                          slot->style == SCTPX_ONE_TO_MANY ? SCTP_ALL_ASSOC : SCTP_FUTURE_ASSOC,
                          SCTP_PARTIAL_DELIVERY_EVENT);
    /* Notifications do not say of which socket they are: have them in the
     * family that its addresses come out in. */
    if (result == 0 && slot->family == SCTPX_FAMILY_IPV6)
        result = set_sctp(descriptor, SCTP_I_WANT_MAPPED_V4_ADDR, &on, sizeof on);
    return result;
}

/* Never waits, and never says EINPROGRESS: the association's status tells. */
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

/* Not free(): what the library allocated begins in front of the list. */
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

/* Not sctp_opt_info, which writes the id of some options into another member. */
int os_option_get(int descriptor, sctp_assoc_t id, int name, void *value, socklen_t *size)
{
    (void)id;
    return getsockopt(descriptor, IPPROTO_SCTP, name, value, size);
}

int os_standing(int32_t state)
{
    switch (state) {
    case SCTP_CLOSED:
    case SCTP_BOUND:
    case SCTP_LISTEN:
        return STANDING_NONE;
    case SCTP_COOKIE_WAIT:
    case SCTP_COOKIE_ECHOED:
        return STANDING_COMING;
    default:
        return STANDING_UP;
    }
}

/* Bits, of which several may be set. */
int os_path_state(int32_t state)
{
    if ((state & SCTP_UNCONFIRMED) != 0)
        return SCTPX_PATH_UNCONFIRMED;
    if ((state & SCTP_ACTIVE) != 0)
        return SCTPX_PATH_ACTIVE;
    return (state & SCTP_INACTIVE) != 0 ? SCTPX_PATH_INACTIVE : SCTPX_PATH_UNKNOWN;
}

int64_t os_path_srtt(int64_t native)
{
    return native * 1000;
}

int64_t os_status_srtt(int64_t native)
{
    return native * 1000;
}

int64_t os_status_rto(int64_t native)
{
    return native * 1000;
}

/* The one called PRIO is the older policy of buffers. */
int os_policy(uint32_t policy)
{
    switch (policy) {
    case SCTPX_POLICY_RELIABLE:
        return SCTP_PR_SCTP_NONE;
    case SCTPX_POLICY_TIMED:
        return SCTP_PR_SCTP_TTL;
    case SCTPX_POLICY_RTX:
        return SCTP_PR_SCTP_RTX;
    case SCTPX_POLICY_BUF:
        return SCTP_PR_SCTP_BUF;
    case SCTPX_POLICY_PRIO:
        return -SCTPX_EUNSUPPORTED;
    default:
        return -SCTPX_EINVAL;
    }
}

/* Other schedulers look for a stream with something for the primary path, in a
 * circle and for ever, when all there is goes to another one. */
int os_path_chosen(const struct slot *slot, int64_t association)
{
    struct sctp_assoc_value value = {.assoc_id = (sctp_assoc_t)association};
    socklen_t size = sizeof value;
    int descriptor = native_of(slot)->descriptor;

    if (getsockopt(descriptor, IPPROTO_SCTP, SCTP_PLUGGABLE_SS, &value, &size) == 0 &&
        value.assoc_value == SCTP_SS_FIRST_COME)
        return 0;
    value.assoc_id = (sctp_assoc_t)association;
    value.assoc_value = SCTP_SS_FIRST_COME;
    if (setsockopt(descriptor, IPPROTO_SCTP, SCTP_PLUGGABLE_SS, &value, sizeof value) < 0)
        return errno == EINVAL ? -SCTPX_EPIPE : error_now(SCTPX_CALL_SEND);
    return 0;
}

/* What comes up brings a list of what both sides can do, one byte each. */
static uint32_t extensions_of(const uint8_t *list, uint32_t length)
{
    static const struct option_value known[] = {
        {SCTPX_EXTENSION_PARTIAL_RELIABILITY, SCTP_ASSOC_SUPPORTS_PR},
        {SCTPX_EXTENSION_AUTH, SCTP_ASSOC_SUPPORTS_AUTH},
        {SCTPX_EXTENSION_ASCONF, SCTP_ASSOC_SUPPORTS_ASCONF},
        {SCTPX_EXTENSION_MULTIPLE_BUFFERS, SCTP_ASSOC_SUPPORTS_MULTIBUF},
        {SCTPX_EXTENSION_RECONFIG, SCTP_ASSOC_SUPPORTS_RE_CONFIG},
        {SCTPX_EXTENSION_INTERLEAVING, SCTP_ASSOC_SUPPORTS_INTERLEAVING},
    };
    uint32_t i, j, bits = SCTPX_EXTENSION_KNOWN;

    for (i = 0; i < length; i++)
        for (j = 0; j < OPTION_COUNT(known); j++)
            if (known[j].native == list[i])
                bits |= (uint32_t)known[j].symbol;
    return bits;
}

void os_association_info(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    const uint32_t head = (uint32_t)OS_ASSOC_CHANGE_SIZE;

    if (out->state == SCTPX_COMM_UP || out->state == SCTPX_COMM_RESTARTED)
        out->extensions = extensions_of(raw + head, length - head);
    else
        notification_data(out, head, length);
}

ssize_t os_sendmsg(int descriptor, const struct msghdr *message, int flags)
{
    return sendmsg(descriptor, message, flags);
}
