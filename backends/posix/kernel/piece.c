/* SPDX-License-Identifier: MIT */
#include "posix/kernel/piece.h"

#include <errno.h>

#include "posix/kernel/envelope.h"
#include "posix/kernel/send.h"

#if OS_EXPLICIT_EOR

struct piece {
    struct slot *slot;
    struct envelope envelope;
};

void piece_lock(struct slot *slot)
{
    pthread_mutex_lock(&native_of(slot)->sending);
}

void piece_unlock(struct slot *slot)
{
    pthread_mutex_unlock(&native_of(slot)->sending);
}

static void explicit_ends(const struct slot *slot, int on)
{
    (void)setsockopt(native_of(slot)->descriptor, IPPROTO_SCTP, SCTP_EXPLICIT_EOR, &on, sizeof on);
}

/* Complete messages are sent with explicit ends off, whole or not at all, and
 * end what parts began. */
static ssize_t send_some(void *context, const uint8_t *data, uint32_t length)
{
    struct piece *piece = context;
    struct msghdr message;
    struct iovec vector;
    ssize_t sent;
    int problem;

    message_fill(&message, &piece->envelope, &vector, data, length);
    explicit_ends(piece->slot, 1);
    sent = os_sendmsg(native_of(piece->slot)->descriptor, &message, OS_SEND_FLAGS);
    problem = errno;
    explicit_ends(piece->slot, 0);
    errno = problem;
    return sent;
}

int piece_send(struct slot *slot, const struct sctpx_outgoing *how, const void *data,
               uint32_t length)
{
    struct piece piece = {.slot = slot};
    ssize_t sent;
    int problem, result = envelope_fill(slot, how, &piece.envelope);

    if (result < 0)
        return result;
    piece_lock(slot);
    sent = part_send(&native_of(slot)->part, how->association, how->stream, data, length, send_some,
                     &piece);
    problem = errno;
    piece_unlock(slot);
    return sent < 0 ? send_error(slot, how, problem) : 0;
}

#else

void piece_lock(struct slot *slot)
{
    (void)slot;
}

void piece_unlock(struct slot *slot)
{
    (void)slot;
}

int piece_send(struct slot *slot, const struct sctpx_outgoing *how, const void *data,
               uint32_t length)
{
    (void)slot;
    (void)how;
    (void)data;
    (void)length;
    return -SCTPX_EUNSUPPORTED;
}

#endif
