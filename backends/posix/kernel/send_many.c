/* SPDX-License-Identifier: MIT */
#include "posix/kernel/kernel.h"

#include <errno.h>

#include "posix/clock.h"
#include "posix/kernel/batch.h"
#include "posix/kernel/envelope.h"
#include "posix/kernel/piece.h"
#include "posix/kernel/send.h"

/* What sctpx_send_many was given, from some message on. */
struct consignment {
    const struct sctpx_outgoing *how;
    int each;
    const uint8_t *data;
    const uint32_t *lengths;
    uint32_t count;
};

static const struct sctpx_outgoing *how_of(const struct consignment *rest, uint32_t index)
{
    return rest->each ? rest->how + index : rest->how;
}

/* How many of the next messages one system call can take: an EOF of a
 * message's own must come before the next one, and a part goes alone. */
static uint32_t batch_size(const struct consignment *rest)
{
    uint32_t i, most = rest->count < BATCH ? rest->count : BATCH;

    if (!rest->each)
        return (rest->how->flags & SCTPX_SEND_MORE) != 0 ? 1 : most;
    for (i = 0; i < most; i++) {
        if ((rest->how[i].flags & SCTPX_SEND_MORE) != 0)
            return i > 0 ? i : 1;
        if ((rest->how[i].flags & SCTPX_SEND_EOF) != 0)
            return i + 1;
    }
    return most;
}

/* Fills the batch up to the first message that cannot go; 0 or its error. */
static int batch_fill(struct slot *slot, const struct consignment *rest, batch_message *messages,
                      struct envelope *envelopes, struct iovec *vectors, uint32_t *size)
{
    const uint8_t *data = rest->data;
    uint32_t i;
    int result = 0;

    for (i = 0; i < *size; i++) {
        struct envelope *envelope = rest->each ? &envelopes[i] : &envelopes[0];

        if (rest->each || i == 0)
            result = envelope_fill(slot, how_of(rest, i), envelope);
        if (result == 0 && rest->lengths[i] == 0)
            result = -SCTPX_EEMPTY;
        if (result < 0)
            break;
        message_fill(&messages[i].msg_hdr, envelope, &vectors[i], data, rest->lengths[i]);
        messages[i].msg_len = 0;
        data += rest->lengths[i];
    }
    *size = i;
    return i > 0 ? 0 : result;
}

/* The number that went, or the error of the first. */
static int send_batch(struct slot *slot, const struct consignment *rest)
{
    struct envelope envelopes[BATCH];
    batch_message messages[BATCH];
    struct iovec vectors[BATCH];
    const struct sctpx_outgoing *last;
    uint32_t wanted = batch_size(rest), size = wanted;
    int sent, result = batch_fill(slot, rest, messages, envelopes, vectors, &size);

    if (result < 0)
        return result;
    piece_lock(slot);
    sent = batch_send(native_of(slot)->descriptor, messages, size);
    result = errno;
    piece_unlock(slot);
    if (sent < 0)
        return send_error(slot, how_of(rest, 0), result);
    last = how_of(rest, wanted - 1);
    if ((uint32_t)sent == wanted && (last->flags & SCTPX_SEND_EOF) != 0 &&
        (rest->each || wanted == rest->count))
        (void)association_end(slot, last->association);
    return sent;
}

static int send_next(struct slot *slot, const struct consignment *rest, uint32_t wanted)
{
    const struct sctpx_outgoing *how = how_of(rest, 0);
    int result;

    if (wanted > 1 || (how->flags & SCTPX_SEND_MORE) == 0)
        return send_batch(slot, rest);
    result = send_whole(slot, how, rest->data, rest->lengths[0]);
    return result < 0 ? result : 1;
}

/* Sends what goes at once; the number that went, or the error of the first.
 * The error of a later one comes again when it is the first. */
static int send_some(struct slot *slot, struct consignment rest)
{
    int done = 0;

    if (rest.count == 1) {
        done = send_whole(slot, rest.how, rest.data, rest.lengths[0]);
        return done < 0 ? done : 1;
    }
    while (rest.count > 0) {
        uint32_t i, wanted = batch_size(&rest);
        int sent = send_next(slot, &rest, wanted);

        if (sent <= 0)
            return done > 0 ? done : sent;
        done += sent;
        if ((uint32_t)sent < wanted)
            break;
        for (i = 0; i < wanted; i++)
            rest.data += rest.lengths[i];
        rest.how += rest.each ? wanted : 0;
        rest.lengths += wanted;
        rest.count -= wanted;
    }
    return done;
}

int sctpx_send_many(int64_t handle, const struct sctpx_outgoing *how, int each, const void *data,
                    const uint32_t *lengths, uint32_t count, int64_t timeout)
{
    struct consignment all = {how != NULL ? how : &all_defaults, each, data, lengths, count};
    struct slot *slot;
    int64_t deadline = deadline_after(timeout);
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if (data == NULL || lengths == NULL || count == 0 || count > INT32_MAX || (each && how == NULL))
        result = -SCTPX_EINVAL;
    else
        result = send_some(slot, all);
    if (result == -SCTPX_EAGAIN && timeout != 0) {
        result = send_wait(slot, deadline);
        if (result == 0)
            result = (int)wait_ended(send_some(slot, all));
    }
    slot_leave(slot);
    return result;
}
