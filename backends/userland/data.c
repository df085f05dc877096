/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "posix/address.h"
#include "posix/clock.h"
#include "posix/error.h"
#include "posix/notification.h"
#include "userland/endpoint.h"
#include "userland/pieces.h"
#include "userland/readiness.h"
#include "userland/restart.h"

/* A record's flags that tell the last piece of a message. */
#define DATA_END (SCTPX_RECEIVE_END | SCTPX_RECEIVE_NOTIFICATION)

static void next_fields(const struct sctp_nxtinfo *next, struct sctpx_received *record)
{
    record->flags |= SCTPX_RECEIVE_NEXT;
    if ((next->nxt_flags & SCTP_UNORDERED) != 0)
        record->flags |= SCTPX_RECEIVE_NEXT_UNORDERED;
    if ((next->nxt_flags & SCTP_COMPLETE) != 0)
        record->flags |= SCTPX_RECEIVE_NEXT_COMPLETE;
    if ((next->nxt_flags & SCTP_NOTIFICATION) != 0)
        record->flags |= SCTPX_RECEIVE_NEXT_NOTIFICATION;
    record->next_ppid = ntohl(next->nxt_ppid);
    record->next_length = next->nxt_length;
    record->next_stream = next->nxt_sid;
}

static void record_fill(const struct slot *slot, const struct incoming *incoming,
                        struct sctpx_received *record)
{
    const struct sctp_rcvinfo *info = &incoming->info.recvv_rcvinfo;

    if ((incoming->flags & MSG_EOR) != 0)
        record->flags |= SCTPX_RECEIVE_END;
    if ((incoming->flags & MSG_NOTIFICATION) != 0) {
        record->flags |= SCTPX_RECEIVE_NOTIFICATION;
        return;
    }
    (void)address_from_native(&incoming->source, sizeof incoming->source, slot->family,
                              &record->source);
    record->association = info->rcv_assoc_id;
    record->stream = info->rcv_sid;
    record->ssn = info->rcv_ssn;
    record->ppid = ntohl(info->rcv_ppid);
    record->tsn = info->rcv_tsn;
    record->cumulative_tsn = info->rcv_cumtsn;
    record->context = info->rcv_context;
    if ((info->rcv_flags & SCTP_UNORDERED) != 0)
        record->flags |= SCTPX_RECEIVE_UNORDERED;
    if (incoming->kind == SCTP_RECVV_RN && atomic_load(&endpoint_of(slot)->wants_next))
        next_fields(&incoming->info.recvv_nxtinfo, record);
}

/* What is behind it, as far as usrsctp tells. */
static uint32_t next_length(const struct incoming *incoming)
{
    return incoming->kind == SCTP_RECVV_RN ? incoming->info.recvv_nxtinfo.nxt_length : 0;
}

/* The end of a one-to-one's association: why is told once, by whoever asks
 * first; usrsctp would say it for ever, or say something else.  One that was
 * aborted here is about to be closed. */
static int end_of_association(struct slot *slot, int problem)
{
    struct endpoint *endpoint = endpoint_of(slot);
    int stage = atomic_load(&endpoint->stage);
    int failed = problem == ECONNREFUSED || problem == ETIMEDOUT;

    if (atomic_load(&endpoint->aborted))
        return -SCTPX_ECLOSED;
    if (stage == STAGE_ENDED)
        return 0;
    if (stage == STAGE_FAILED)
        return -SCTPX_ENOTCONN;
    atomic_store(&endpoint->stage, failed ? STAGE_FAILED : STAGE_ENDED);
    return -error_of(SCTPX_CALL_RECEIVE, problem);
}

static int receive_error(struct slot *slot, int problem)
{
    if (is_one_to_one(slot) && (problem == ECONNRESET || problem == ECONNABORTED ||
                                problem == ECONNREFUSED || problem == ETIMEDOUT))
        return end_of_association(slot, problem);
    return -error_of(SCTPX_CALL_RECEIVE, problem);
}

/* One piece: its length; 0 at the end; or an error. */
static int receive_one(struct slot *slot, struct incoming *incoming, void *bytes, uint32_t size)
{
    uint64_t mark = readiness_mark(slot);
    ssize_t got = piece_take(slot, incoming, bytes, size);
    int problem = errno;

    if (got > 0) {
        if ((incoming->flags & MSG_NOTIFICATION) != 0)
            restart_look(slot, bytes, (size_t)got);
        return (int)got;
    }
    /* One-to-many has no end. */
    if (got == 0 && is_one_to_one(slot))
        return atomic_load(&endpoint_of(slot)->aborted) ? -SCTPX_ECLOSED : 0;
    if (got == 0 || problem == EWOULDBLOCK) {
        readiness_block(slot, SCTPX_READABLE, mark);
        return -SCTPX_EAGAIN;
    }
    return receive_error(slot, problem);
}

/* The last of a batch: its follower is only looked at. */
static void unend_last(const struct slot *slot, struct sctpx_received *last)
{
    uint8_t raw[sizeof(struct partial_delivery_event)];
    struct incoming next;
    ssize_t got = piece_look(slot, &next, raw, sizeof raw);

    if (got > 0 && (next.flags & MSG_NOTIFICATION) != 0)
        notification_unend(raw, (uint32_t)got, last);
}

/* Pieces end to end, as long as the next one is known to fit: a message is
 * not torn for the sake of a batch.  An error found behind others is kept. */
static int receive_batch(struct slot *slot, struct sctpx_received *records, uint32_t count,
                         uint8_t *arena, uint32_t size)
{
    struct endpoint *endpoint = endpoint_of(slot);
    struct incoming incoming;
    uint32_t i = 0, used = 0;
    int got = endpoint->kept_error;

    endpoint->kept_error = 0;
    while (got == 0 && i < count && used < size) {
        got = receive_one(slot, &incoming, arena + used, size - used);
        if (got <= 0)
            break;
        memset(&records[i], 0, sizeof records[i]);
        records[i].offset = used;
        records[i].length = (uint32_t)got;
        record_fill(slot, &incoming, &records[i]);
        if (i > 0 && (records[i].flags & SCTPX_RECEIVE_NOTIFICATION) != 0)
            notification_unend(arena + used, (uint32_t)got, &records[i - 1]);
        used += (uint32_t)got;
        i++;
        got = 0;
        if (size - used < next_length(&incoming) || size - used < size / 4 ||
            size - used < sizeof(struct partial_delivery_event))
            break;
    }
    if (i == 0)
        return got;
    if (got == 0 && (records[i - 1].flags & DATA_END) == SCTPX_RECEIVE_END)
        unend_last(slot, &records[i - 1]);
    if (got < 0 && got != -SCTPX_EAGAIN)
        endpoint->kept_error = got;
    return (int)i;
}

static int receive_locked(struct slot *slot, struct sctpx_received *records, uint32_t count,
                          uint8_t *arena, uint32_t size)
{
    struct endpoint *endpoint = endpoint_of(slot);
    int result;

    pthread_mutex_lock(&endpoint->receiving);
    result = receive_batch(slot, records, count, arena, size);
    pthread_mutex_unlock(&endpoint->receiving);
    return result;
}

int sctpx_receive(int64_t handle, struct sctpx_received *records, uint32_t count, void *arena,
                  uint32_t arena_size, int64_t timeout)
{
    int64_t deadline = deadline_after(timeout);
    struct slot *slot;
    int waited, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if (records == NULL || count == 0 || arena == NULL || arena_size == 0 ||
        arena_size > INT32_MAX) {
        slot_leave(slot);
        return -SCTPX_EINVAL;
    }
    result = receive_locked(slot, records, count, arena, arena_size);
    if (result == -SCTPX_EAGAIN && timeout != 0) {
        waited = readiness_wait(slot, SCTPX_READABLE, deadline);
        if (waited > 0)
            result = (int)wait_ended(receive_locked(slot, records, count, arena, arena_size));
        else if (waited < 0)
            result = waited;
    }
    readiness_update(slot);
    slot_leave(slot);
    return result;
}
