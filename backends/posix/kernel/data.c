/* SPDX-License-Identifier: MIT */
/* Receiving.  Sending is in send.c. */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "posix/address.h"
#include "posix/clock.h"
#include "posix/error.h"
#include "posix/kernel/batch.h"
#include "posix/kernel/control.h"
#include "posix/kernel/unend.h"
#include "posix/wait.h"

union receive_name {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
};

struct receive_place {
    _Alignas(struct cmsghdr) uint8_t control[CONTROL_SIZE];
    union receive_name name;
    struct iovec vector;
};

static void place_prepare(struct receive_place *place, struct msghdr *message, void *bytes,
                          size_t size)
{
    place->vector.iov_base = bytes;
    place->vector.iov_len = size;
    memset(&place->name, 0, sizeof place->name);
    memset(message, 0, sizeof *message);
    message->msg_name = &place->name;
    message->msg_namelen = sizeof place->name;
    message->msg_iov = &place->vector;
    message->msg_iovlen = 1;
    message->msg_control = place->control;
    message->msg_controllen = sizeof place->control;
}

static void record_fill(struct slot *slot, struct msghdr *message, uint32_t offset, uint32_t length,
                        struct sctpx_received *record)
{
    size_t named = message->msg_namelen;

    memset(record, 0, sizeof *record);
    record->offset = offset;
    record->length = length;
    if ((message->msg_flags & MSG_EOR) != 0)
        record->flags |= SCTPX_RECEIVE_END;
    if ((message->msg_flags & MSG_NOTIFICATION) != 0) {
        record->flags |= SCTPX_RECEIVE_NOTIFICATION;
        notification_watch(slot, message->msg_iov->iov_base, length,
                           (message->msg_flags & MSG_EOR) != 0);
        return;
    }
    /* It is said to be as long as the address was, whether or not that fitted. */
    if (named > sizeof(union receive_name))
        named = sizeof(union receive_name);
    (void)address_from_native(message->msg_name, named, slot->family, &record->source);
    control_read(message->msg_control, message->msg_controllen, record);
    os_seen(slot, record->association);
}

/* The number received, 0 at the end of the association, or minus an errno. */
static int receive_one(struct slot *slot, struct sctpx_received *record, void *arena, uint32_t size)
{
    struct receive_place place;
    struct msghdr message;
    ssize_t length;

    place_prepare(&place, &message, arena, size);
    length = recvmsg(native_of(slot)->descriptor, &message, OS_RECEIVE_FLAGS);
    if (length < 0)
        return -errno;
    if (length == 0)
        return 0;
    record_fill(slot, &message, 0, (uint32_t)length, record);
    return 1;
}

/* The same for up to BATCH, in places of `step` bytes from `offset` on. */
static int receive_batch(struct slot *slot, struct sctpx_received *records, uint32_t count,
                         uint8_t *arena, uint32_t offset, uint32_t step)
{
    struct receive_place places[BATCH];
    batch_message messages[BATCH];
    uint32_t i;
    int got, late;

    for (i = 0; i < count; i++) {
        place_prepare(&places[i], &messages[i].msg_hdr, arena + offset + i * step, step);
        messages[i].msg_len = 0;
    }
    got = batch_receive(native_of(slot)->descriptor, messages, count, &late);
    if (got < 0)
        return -errno;
    for (i = 0; i < (uint32_t)got; i++) {
        /* The end of the association: the kernel fills all the rest with it. */
        if (messages[i].msg_len == 0)
            break;
        record_fill(slot, &messages[i].msg_hdr, offset + i * step, messages[i].msg_len,
                    &records[i]);
    }
    /* It may be told but once. */
    if (late != 0)
        (void)association_lost(slot, late);
    return (int)i;
}

/* Linux tells an error of the socket ahead of what is queued before it;
 * kept, and asked again, the order is right. */
static int receive_some(struct slot *slot, struct sctpx_received *records, uint32_t count,
                        uint8_t *arena, uint32_t step)
{
    uint32_t done = 0;
    int got = 0, late = 0;

    while (done < count) {
        uint32_t wanted = count - done < BATCH ? count - done : BATCH;

        got = receive_batch(slot, records + done, wanted, arena, done * step, step);
        if (got < 0 && late == 0 && association_lost(slot, -got)) {
            late = got;
            continue;
        }
        if (got <= 0)
            break;
        done += (uint32_t)got;
        if ((uint32_t)got < wanted)
            break;
    }
    if (done > 0)
        return (int)done;
    return late != 0 ? late : got;
}

static int receive_now(struct slot *slot, struct sctpx_received *records, uint32_t count,
                       void *arena, uint32_t arena_size)
{
    if (count == 1)
        return receive_one(slot, records, arena, arena_size);
    return receive_some(slot, records, count, arena, arena_size / count);
}

/* What it means that nothing came: 0 or an error of the border. */
static int nothing_received(const struct slot *slot, int got)
{
    struct native *native = native_of(slot);
    int ended = atomic_load(&native->ended);

    if (slot->style == SCTPX_ONE_TO_MANY && OS_MANY_IS_NOT_CONNECTED && got == -ENOTCONN)
        return -SCTPX_EAGAIN;
    if (slot->style == SCTPX_ONE_TO_ONE) {
        if (ended < 0)
            return ended;
        if (ended > 0)
            return 0;
        if (got == -EAGAIN && atomic_load(&native->phase) == PHASE_FRESH)
            return -SCTPX_ENOTCONN;
    }
    return got == 0 ? 0 : -error_of(SCTPX_CALL_RECEIVE, -got);
}

/* Without waiting: the number of records, 0 or an error of the border. */
static int receive_or_tell(struct slot *slot, struct sctpx_received *records, uint32_t count,
                           void *arena, uint32_t arena_size)
{
    int got = receive_now(slot, records, count, arena, arena_size);

    if (got > 0) {
        records_unend(slot, records, (uint32_t)got, arena);
        return got;
    }
    if (got < 0)
        (void)association_lost(slot, -got);
    return nothing_received(slot, got);
}

int sctpx_receive(int64_t handle, struct sctpx_received *records, uint32_t count, void *arena,
                  uint32_t arena_size, int64_t timeout)
{
    struct slot *slot;
    int64_t deadline = deadline_after(timeout);
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if (records == NULL || arena == NULL || count == 0 || arena_size / count == 0) {
        slot_leave(slot);
        return -SCTPX_EINVAL;
    }
    result = receive_or_tell(slot, records, count, arena, arena_size);
    if (result == -SCTPX_EAGAIN && timeout != 0) {
        int ready = wait_descriptor(slot, native_of(slot)->descriptor, POLLIN, deadline);

        if (ready > 0)
            result = (int)wait_ended(receive_or_tell(slot, records, count, arena, arena_size));
        else if (ready < 0)
            result = ready;
    }
    slot_leave(slot);
    return result;
}
