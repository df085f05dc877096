/* SPDX-License-Identifier: MIT */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "posix/clock.h"
#include "posix/error.h"
#include "posix/kernel/defaults.h"
#include "posix/kernel/envelope.h"
#include "posix/kernel/piece.h"
#include "posix/kernel/send.h"
#include "posix/wait.h"

const struct sctpx_outgoing all_defaults;

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
    if (atomic_load(&native_of(slot)->ended) == -SCTPX_ECLOSED)
        return -SCTPX_ECLOSED;
    if (problem == EINVAL && stream_missing(slot, how))
        return -SCTPX_ESTREAM;
    if (problem == EINVAL && slot->style == SCTPX_ONE_TO_MANY && is_id(how->association) &&
        association_standing(slot, how->association) == STANDING_NONE)
        return -SCTPX_EPIPE;
    if (slot->style == SCTPX_ONE_TO_ONE && is_pipe(slot, problem))
        return pipe_error(slot);
    /* To some kernels ECONNRESET is no more than "closed" to a send: how it
     * ended is for receiving to tell. */
    if (error_of(SCTPX_CALL_SEND, problem) != SCTPX_EPIPE)
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

int send_whole(struct slot *slot, const struct sctpx_outgoing *how, const void *data,
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

int send_wait(struct slot *slot, int64_t deadline)
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
