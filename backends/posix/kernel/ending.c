/* SPDX-License-Identifier: MIT */
/* The ends of associations, which are messages of their own. */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "posix/error.h"
#include "posix/kernel/envelope.h"

/* Where it may wait, the kernel aborts before it looks for room. */
static int send_patiently(int descriptor, const struct msghdr *message)
{
    int result, flags = fcntl(descriptor, F_GETFL);

    if (flags < 0 || fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) < 0)
        return error_now(SCTPX_CALL_SHUTDOWN);
    result = os_sendmsg(descriptor, message, OS_SEND_FLAGS & ~MSG_DONTWAIT) < 0
                 ? error_now(SCTPX_CALL_SHUTDOWN)
                 : 0;
    (void)fcntl(descriptor, F_SETFL, flags);
    return result;
}

/* A message that is none: EOF or ABORT, with the abort's reason. */
static int control_send(const struct slot *slot, int64_t association, uint16_t flags,
                        const void *data, uint32_t length)
{
    struct envelope envelope = {.control_length = 0};
    struct parcel parcel = {.info = {.snd_flags = flags}, .has_info = 1};
    struct msghdr message;
    struct iovec vector;

    if (slot->style == SCTPX_ONE_TO_MANY || native_of(slot)->peeled)
        parcel.info.snd_assoc_id = (sctp_assoc_t)association;
    parcel_encode(&parcel, &envelope);
    message_fill(&message, &envelope, &vector, data, length);
    if (length == 0)
        message.msg_iovlen = 0;
    if (os_sendmsg(native_of(slot)->descriptor, &message, OS_SEND_FLAGS) >= 0)
        return 0;
    if (errno == EAGAIN && flags == OS_ABORT && OS_ABORT_WANTS_ROOM)
        return send_patiently(native_of(slot)->descriptor, &message);
    return error_now(SCTPX_CALL_SHUTDOWN);
}

/* Both EOF on one-to-one and shutdown() elsewhere are refused or do nothing. */
int association_end(struct slot *slot, int64_t association)
{
    int result;

    if (takes_associations(slot)) {
        result = control_send(slot, association, OS_EOF, NULL, 0);
        /* It is being shut down already. */
        return result == -SCTPX_ECONNRESET ? 0 : result;
    }
    if (shutdown(native_of(slot)->descriptor, SHUT_WR) < 0)
        return error_now(SCTPX_CALL_SHUTDOWN);
    return 0;
}

static int association_valid(const struct slot *slot, int64_t association)
{
    return slot->style == SCTPX_ONE_TO_ONE || is_id(association) ? 0 : -SCTPX_ENOTCONN;
}

int sctpx_shutdown(int64_t handle, int64_t association)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = association_valid(slot, association);
    if (result == 0)
        result = association_end(slot, association);
    slot_leave(slot);
    return result;
}

/* Where ABORT on a send is refused, or the association only coming up, the
 * closing that follows sends one, as it must not linger. */
static int abort_slot(struct slot *slot, int64_t association, const void *reason, uint32_t length)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    int one_to_one = slot->style == SCTPX_ONE_TO_ONE, result = 0;
    int phase = PHASE_CONNECTING;

    if (one_to_one && atomic_load(&native_of(slot)->phase) == phase && os_abandon(slot) == 0) {
        atomic_compare_exchange_strong(&native_of(slot)->phase, &phase, PHASE_FRESH);
        return 0;
    }
    if (takes_associations(slot) || OS_ABORTS_ONE_TO_ONE) {
        result = control_send(slot, association, OS_ABORT, reason, length);
        if (result == -SCTPX_EINVAL && !one_to_one &&
            association_standing(slot, association) == STANDING_COMING)
            return -SCTPX_EINPROGRESS;
    }
    if (one_to_one &&
        setsockopt(native_of(slot)->descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) < 0)
        return error_now(SCTPX_CALL_SHUTDOWN);
    return result == -SCTPX_EINVAL && one_to_one ? 0 : result;
}

/* Whoever is on a one-to-one socket meanwhile learns that it was ended here, in
 * whichever words the kernel tells them. */
static int abort_told(struct slot *slot, int64_t association, const void *reason, uint32_t length)
{
    struct native *native = native_of(slot);
    int expected = -SCTPX_ECLOSED, before, result;

    if (slot->style == SCTPX_ONE_TO_MANY)
        return abort_slot(slot, association, reason, length);
    before = atomic_exchange(&native->ended, expected);
    result = abort_slot(slot, association, reason, length);
    if (result < 0)
        atomic_compare_exchange_strong(&native->ended, &expected, before);
    return result;
}

int sctpx_abort(int64_t handle, int64_t association, const void *reason, uint32_t length)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = association_valid(slot, association);
    if (result == 0 && reason == NULL && length > 0)
        result = -SCTPX_EINVAL;
    if (result == 0)
        result = abort_told(slot, association, reason, length);
    slot_leave(slot);
    return result;
}
