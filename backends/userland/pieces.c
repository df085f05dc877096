/* SPDX-License-Identifier: MIT */
/*
 * When an association is aborted in the middle of a message, part of which is
 * already to be read, usrsctp marks that part as ended.  If anybody is in a
 * call for the association at that moment, the association itself is freed
 * some milliseconds later; whoever has read the message to its forced end by
 * then has freed something that is used once more, and the process dies
 * (tests/stack_faults/abort_while_reading.c).
 *
 * So a message is read to its end only when that end is its own, or nothing is
 * left of the association.  No part of a message is given out before it has
 * reached a certain size, the delivery point: reads that are shorter cannot
 * come to the end of a part, and most messages are.  Only behind the first
 * piece of a longer one does each read look first, and leave a byte of what
 * has no end yet.
 */
#include "userland/pieces.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "userland/endpoint.h"
#include "userland/reserve.h"

#define FREEING_PATIENCE 500 /* milliseconds; it takes some twenty */

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static ssize_t call(const struct slot *slot, struct incoming *incoming, void *bytes, uint32_t size,
                    int flags)
{
    socklen_t source_length = sizeof incoming->source, length = sizeof incoming->info;

    memset(incoming, 0, sizeof *incoming);
    incoming->flags = flags;
    return usrsctp_recvv(endpoint_of(slot)->so, bytes, size, &incoming->source.any, &source_length,
                         &incoming->info, &length, &incoming->kind, &incoming->flags);
}

ssize_t piece_look(const struct slot *slot, struct incoming *incoming, void *bytes, uint32_t size)
{
    return call(slot, incoming, bytes, size, MSG_PEEK);
}

static uint32_t point_now(const struct slot *slot)
{
    struct socket *so = endpoint_of(slot)->so;
    int buffer = 0;
    uint32_t point = 0;
    socklen_t length = sizeof buffer;

    if (usrsctp_getsockopt(so, SOL_SOCKET, SO_RCVBUF, &buffer, &length) < 0)
        return 0;
    length = sizeof point;
    if (usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_PARTIAL_DELIVERY_POINT, &point, &length) < 0)
        return 0;
    buffer = reserve_taken(slot, buffer) / 2;
    return buffer > 0 ? least((uint32_t)buffer, point) : 0;
}

/* The smallest that ever was counts: what waits may have come under it. */
void pieces_note_point(struct slot *slot)
{
    _Atomic uint32_t *noted = &endpoint_of(slot)->delivery_point;
    uint32_t now = point_now(slot), before = atomic_load(noted);

    while (now < before && !atomic_compare_exchange_weak(noted, &before, now))
        continue;
}

/* The longest read that cannot come to the end of a part. */
static uint32_t harmless(struct slot *slot)
{
    uint32_t point = atomic_load(&endpoint_of(slot)->delivery_point);

    if (point == UINT32_MAX) {
        pieces_note_point(slot);
        point = atomic_load(&endpoint_of(slot)->delivery_point);
    }
    return point > 1 ? point - 1 : 0;
}

static const struct sctp_rcvinfo *info_of(const struct incoming *incoming)
{
    return &incoming->info.recvv_rcvinfo;
}

static int is_up(struct socket *so, int64_t association)
{
    struct sctp_status status;

    return association_status(so, association, &status) && status.sstat_state != SCTP_CLOSED;
}

/* An association is taken off its socket's list a little before the rest of it
 * goes; the lock that is held all the while is had for this question. */
static int is_gone(struct socket *so, int one_to_one, int64_t association)
{
    struct sctp_pcbinfo counts;
    socklen_t length = sizeof counts;

    return !association_exists(so, one_to_one, association) &&
           usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_PCB_STATUS, &counts, &length) == 0;
}

int piece_may_end(struct socket *so, int one_to_one, int64_t association)
{
    return is_up(so, association) || is_gone(so, one_to_one, association);
}

/* The same, but waits for one that is being freed. */
static int is_settled(const struct slot *slot, int64_t association)
{
    const struct timespec millisecond = {.tv_nsec = 1000000};
    int tries;

    for (tries = 0; tries < FREEING_PATIENCE; tries++) {
        if (piece_may_end(endpoint_of(slot)->so, is_one_to_one(slot), association))
            return 1;
        (void)nanosleep(&millisecond, NULL);
    }
    return 0;
}

/* Whether usrsctp lets others pass a message that waits for its rest, which it
 * does only when there is nothing of it left to be read. */
static int others_pass(const struct slot *slot, const struct incoming *behind)
{
    uint32_t level = 0;
    socklen_t length = sizeof level;

    if (behind->kind != SCTP_RECVV_RN)
        return 0;
    if (usrsctp_getsockopt(endpoint_of(slot)->so, IPPROTO_SCTP, SCTP_FRAGMENT_INTERLEAVE, &level,
                           &length) < 0)
        return 0;
    return level > (is_one_to_one(slot) ? 1u : 0u);
}

static ssize_t nothing(void)
{
    errno = EWOULDBLOCK;
    return -1;
}

/* What follows a piece that had no end: `incoming` tells of `there` bytes that
 * were looked at. */
static ssize_t rest_take(struct slot *slot, struct incoming *incoming, void *bytes, uint32_t size,
                         uint32_t there)
{
    int64_t association = info_of(incoming)->rcv_assoc_id;

    if (there > size)
        return call(slot, incoming, bytes, size, 0);
    if ((incoming->flags & MSG_NOTIFICATION) != 0)
        return call(slot, incoming, bytes, there, 0);
    if ((incoming->flags & MSG_EOR) != 0)
        return is_settled(slot, association) ? call(slot, incoming, bytes, there, 0) : nothing();
    if (there > 1)
        return call(slot, incoming, bytes, there - 1, 0);
    if (!others_pass(slot, incoming) || !is_up(endpoint_of(slot)->so, association))
        return nothing();
    endpoint_of(slot)->drained = 1;
    return call(slot, incoming, bytes, there, 0);
}

/* With room for one byte only, one more tells whether it is the last. */
static ssize_t rest_look(const struct slot *slot, struct incoming *incoming, void *bytes,
                         uint32_t size)
{
    uint8_t two[2];

    return size > 1 ? piece_look(slot, incoming, bytes, size)
                    : piece_look(slot, incoming, two, sizeof two);
}

static int is_same_message(const struct incoming *one, const struct incoming *other)
{
    const struct sctp_rcvinfo *a = info_of(one), *b = info_of(other);

    return (other->flags & MSG_NOTIFICATION) == 0 && a->rcv_assoc_id == b->rcv_assoc_id &&
           a->rcv_sid == b->rcv_sid && a->rcv_ssn == b->rcv_ssn &&
           (a->rcv_flags & SCTP_UNORDERED) == (b->rcv_flags & SCTP_UNORDERED);
}

/* More of a message whose first piece was just taken, into the same buffer. */
static ssize_t more_take(struct slot *slot, struct incoming *incoming, uint8_t *bytes,
                         uint32_t size)
{
    struct incoming more;
    ssize_t there = rest_look(slot, &more, bytes, size);

    if (there <= 0 || !is_same_message(incoming, &more))
        return 0;
    there = rest_take(slot, &more, bytes, size, (uint32_t)there);
    if (there <= 0)
        return 0;
    incoming->flags |= more.flags & MSG_EOR;
    incoming->kind = more.kind;
    incoming->info.recvv_nxtinfo = more.info.recvv_nxtinfo;
    return there;
}

ssize_t piece_take(struct slot *slot, struct incoming *incoming, void *bytes, uint32_t size)
{
    struct endpoint *endpoint = endpoint_of(slot);
    uint32_t most = harmless(slot);
    ssize_t got;

    if (!endpoint->torn && most != 0) {
        got = call(slot, incoming, bytes, least(size, most), 0);
        if (got <= 0 || (incoming->flags & (MSG_EOR | MSG_NOTIFICATION)) != 0)
            return got;
        endpoint->torn = 1;
        if ((uint32_t)got < size)
            got += more_take(slot, incoming, (uint8_t *)bytes + got, size - (uint32_t)got);
        return got;
    }
    got = rest_look(slot, incoming, bytes, size);
    if (got > 0)
        return rest_take(slot, incoming, bytes, size, (uint32_t)got);
    if (got < 0 && errno == EWOULDBLOCK) {
        /* Nothing at all, not even a byte that was left. */
        endpoint->torn = endpoint->drained;
        return got;
    }
    /* An error stays until it is taken. */
    return call(slot, incoming, bytes, most != 0 ? least(size, most) : 1, 0);
}
