/* SPDX-License-Identifier: MIT */
/* Taking over a descriptor that was made elsewhere. */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "posix/error.h"
#include "posix/kernel/descriptor.h"

/* What was peeled off may call itself one-to-many, but then answers for its
 * only association whatever the id. */
static int is_peeled(const struct slot *slot, int type)
{
    struct sctp_status status;

    return OS_PEELED_IS_MANY && type == SOCK_SEQPACKET && status_read(slot, 0, &status) == 0;
}

static int phase_of(const struct slot *slot)
{
    int descriptor = native_of(slot)->descriptor, listening = 0;
    socklen_t size = sizeof listening;
    union {
        struct sockaddr any;
        struct sockaddr_storage storage;
    } peer;

    if (slot->style == SCTPX_ONE_TO_ONE) {
        int standing = association_standing(slot, 0);

        if (standing == STANDING_UP)
            return PHASE_CONNECTED;
        if (standing == STANDING_COMING)
            return PHASE_CONNECTING;
    }
    if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) < 0)
        return error_now(SCTPX_CALL_OPEN);
    if (listening)
        return PHASE_LISTENING;
    size = sizeof peer;
    return getpeername(descriptor, &peer.any, &size) == 0 ? PHASE_CONNECTING : PHASE_FRESH;
}

static int adopt_slot(struct slot *slot, int type)
{
    int phase;

    if (is_peeled(slot, type)) {
        native_of(slot)->peeled = 1;
        slot->style = SCTPX_ONE_TO_ONE;
    }
    phase = phase_of(slot);
    if (phase < 0)
        return phase;
    if (descriptor_prepare(native_of(slot)->descriptor) < 0)
        return error_now(SCTPX_CALL_OPEN);
    atomic_store(&native_of(slot)->phase, phase);
    atomic_store(&native_of(slot)->defaults, 1);
    return os_prepare(slot);
}

int64_t sctpx_adopt(int descriptor)
{
    struct slot *slot;
    int domain, type, result = os_inspect(descriptor, &domain, &type);

    if (result < 0)
        return result;
    if (type != SOCK_STREAM && type != SOCK_SEQPACKET)
        return -SCTPX_EPROTONOSUPPORT;
    if (domain != AF_INET && domain != AF_INET6)
        return -SCTPX_EAFNOSUPPORT;
    result = handle_wrap(descriptor, domain == AF_INET ? SCTPX_FAMILY_IPV4 : SCTPX_FAMILY_IPV6,
                         type == SOCK_STREAM ? SCTPX_ONE_TO_ONE : SCTPX_ONE_TO_MANY, &slot);
    if (result < 0)
        return result;
    result = adopt_slot(slot, type);
    if (result == 0)
        return slot_publish(slot);
    native_of(slot)->kept = 1; /* still the caller's */
    slot_leave(slot);
    return result;
}
