/* SPDX-License-Identifier: MIT */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "posix/clock.h"
#include "posix/error.h"
#include "posix/kernel/batch.h"
#include "posix/kernel/defaults.h"
#include "posix/kernel/envelope.h"
#include "posix/kernel/piece.h"
#include "posix/wait.h"

static const struct sctpx_outgoing all_defaults;

static int stream_missing(const struct slot *slot, const struct sctpx_outgoing *how)
{
    struct sctp_status status;
    struct sctp_sndinfo info;

    memset(&info, 0, sizeof info);
    info.snd_assoc_id = (sctp_assoc_t)how->association;
    if ((how->flags & SCTPX_SEND_ALL) != 0)
        return 0;
    defaults_read(slot, &info);
    if ((how->flags & SCTPX_SEND_STREAM) != 0)
        info.snd_sid = how->stream;
    return status_read(slot, how->association, &status) == 0 &&
           info.snd_sid >= status.sstat_outstrms;
}

/* The same is said before, while and after a one-to-one socket is connected. */
static int pipe_error(struct slot *slot)
{
    int result;

    switch (atomic_load(&native_of(slot)->phase)) {
    case PHASE_FRESH:
    case PHASE_LISTENING:
        return -SCTPX_ENOTCONN;
    case PHASE_CONNECTING:
        result = connect_progress(slot);
        return result == 0 || result == -SCTPX_EINPROGRESS ? -SCTPX_EAGAIN : result;
    default:
        return -SCTPX_EPIPE;
    }
}

static int is_pipe(const struct slot *slot, int problem)
{
    int phase = atomic_load(&native_of(slot)->phase);

    if (problem == ECONNRESET)
        return phase == PHASE_FRESH || phase == PHASE_LISTENING;
    return problem == EPIPE || problem == ENOENT || problem == ENOTCONN;
}

/* Only after a failure: a symbol of the border for the kernel's errno. */
int send_error(struct slot *slot, const struct sctpx_outgoing *how, int problem)
{
    if (problem == EINVAL && stream_missing(slot, how))
        return -SCTPX_ESTREAM;
    if (problem == EINVAL && slot->style == SCTPX_ONE_TO_MANY && is_id(how->association) &&
        association_standing(slot, how->association) == STANDING_NONE)
        return -SCTPX_EPIPE;
    if (slot->style == SCTPX_ONE_TO_ONE && is_pipe(slot, problem))
        return pipe_error(slot);
    (void)association_lost(slot, problem);
    return -error_of(SCTPX_CALL_SEND, problem);
}

static int send_one(struct slot *slot, const struct sctpx_outgoing *how, const void *data,
                    uint32_t length)
{
    struct envelope envelope;
    struct msghdr message;
    struct iovec vector;
    int result = envelope_fill(slot, how, &envelope);

    if (result < 0)
        return result;
    message_fill(&message, &envelope, &vector, data, length);
    piece_lock(slot);
    result = os_sendmsg(native_of(slot)->descriptor, &message, OS_SEND_FLAGS) < 0 ? errno : 0;
    piece_unlock(slot);
    return result == 0 ? 0 : send_error(slot, how, result);
}

/* Data and EOF do not go together in all kernels. */
static int send_whole(struct slot *slot, const struct sctpx_outgoing *how, const void *data,
                      uint32_t length)
{
    int result = envelope_check(slot, how);

    if (result == 0 && length == 0 &&
        (how->flags & (SCTPX_SEND_EOF | SCTPX_SEND_MORE)) != SCTPX_SEND_EOF)
        result = -SCTPX_EEMPTY;
    if (result == 0 && (how->flags & SCTPX_SEND_MORE) != 0)
        result = piece_send(slot, how, data, length);
    else if (result == 0 && length > 0)
        result = send_one(slot, how, data, length);
    if (result == 0 && (how->flags & SCTPX_SEND_EOF) != 0)
        result = association_end(slot, how->association);
    return result;
}

/* Waits until it may go; 0 to try again. */
static int send_wait(struct slot *slot, int64_t deadline)
{
    int ready = wait_descriptor(slot, native_of(slot)->descriptor, POLLOUT, deadline);

    if (ready == 0)
        return -SCTPX_EAGAIN;
    return ready < 0 ? ready : 0;
}

int sctpx_send(int64_t handle, const struct sctpx_outgoing *how, const void *data, uint32_t length,
               int64_t timeout)
{
    struct slot *slot;
    int64_t deadline = deadline_after(timeout);
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if (how == NULL)
        how = &all_defaults;
    if (data == NULL && length > 0)
        result = -SCTPX_EINVAL;
    else
        result = send_whole(slot, how, data, length);
    if (result == -SCTPX_EAGAIN && timeout != 0) {
        result = send_wait(slot, deadline);
        if (result == 0)
            result = (int)wait_ended(send_whole(slot, how, data, length));
    }
    slot_leave(slot);
    return result;
}

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
