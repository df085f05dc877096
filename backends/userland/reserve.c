/* SPDX-License-Identifier: MIT */
/*
 * usrsctp puts the reports of failed sends into the receive buffer, and drops
 * without a word those that find it full: by default it holds half of what the
 * send buffer does.  So the stack gets a larger one than the user asked for,
 * by as much as the reports of all that is queued would take.
 */
#include "userland/reserve.h"

#include <stdlib.h>

#include "userland/endpoint.h"

#define HEAD ((uint32_t)sizeof(struct sctp_send_failed_event)) /* of every report */
#define FRAGMENT 256u /* each is reported by itself; hardly any is smaller */
#define STEP 16384u   /* room that is made ahead */

static uint32_t heads(uint32_t length)
{
    return HEAD * (1 + length / FRAGMENT);
}

/* Bytes that an association has not got acknowledged. */
static uint64_t queued_of(struct socket *so, sctp_assoc_t id)
{
    struct sctp_sockstat use = {.ss_assoc_id = id};
    socklen_t length = sizeof use;

    if (usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_GET_SNDBUF_USE, &use, &length) < 0)
        return 0;
    return use.ss_total_sndbuf;
}

static uint64_t queued(struct slot *slot)
{
    struct socket *so = endpoint_of(slot)->so;
    struct sctp_assoc_ids *ids;
    uint64_t total = 0;
    int i, count;

    if (is_one_to_one(slot))
        return queued_of(so, 0);
    count = association_list(so, &ids);
    if (count < 0)
        return 0;
    for (i = 0; i < count; i++)
        total += queued_of(so, ids->gaids_assoc_id[i]);
    free(ids);
    return total;
}

static void grant(struct slot *slot, uint64_t needed)
{
    struct endpoint *endpoint = endpoint_of(slot);
    uint64_t base = atomic_load(&endpoint->receive_buffer);
    int size;

    if (needed > INT32_MAX - base)
        needed = INT32_MAX - base;
    size = (int)(base + needed);
    if (usrsctp_setsockopt(endpoint->so, SOL_SOCKET, SO_RCVBUF, &size, sizeof size) == 0)
        atomic_store(&endpoint->reserve, (uint32_t)needed);
}

void reserve_begin(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);
    int size = 0;
    socklen_t length = sizeof size;

    if (atomic_load(&endpoint->reports) ||
        usrsctp_getsockopt(endpoint->so, SOL_SOCKET, SO_RCVBUF, &size, &length) < 0)
        return;
    atomic_store(&endpoint->receive_buffer, (uint32_t)size);
    atomic_store(&endpoint->reports, 1);
}

/* How many messages wait is not to be had: as many as went last with as many
 * bytes, twice to be sure. */
void reserve_for(struct slot *slot, uint32_t length)
{
    struct endpoint *endpoint = endpoint_of(slot);
    uint64_t bytes, needed, granted = atomic_load(&endpoint->reserve);

    if (!atomic_load(&endpoint->reports) || length == 0)
        return;
    endpoint->sent_bytes += length;
    endpoint->sent_heads += heads(length);
    if (endpoint->spare >= length + heads(length)) {
        endpoint->spare -= length + heads(length);
        return;
    }
    bytes = queued(slot);
    needed =
        bytes + 2 * (bytes * endpoint->sent_heads / endpoint->sent_bytes) + length + heads(length);
    if (granted < needed || granted > 2 * (needed + STEP)) {
        granted = needed + needed / 4 + STEP;
        grant(slot, granted);
        granted = atomic_load(&endpoint->reserve);
    }
    endpoint->spare = granted > needed ? granted - needed : 0;
    /* The newest count most. */
    endpoint->sent_bytes -= endpoint->sent_bytes / 4;
    endpoint->sent_heads -= endpoint->sent_heads / 4;
}

int reserve_added(struct slot *slot, int size)
{
    struct endpoint *endpoint = endpoint_of(slot);
    int reserve;

    if (!atomic_load(&endpoint->reports) || size <= 0)
        return size;
    atomic_store(&endpoint->receive_buffer, (uint32_t)size);
    reserve = (int)atomic_load(&endpoint->reserve);
    return size <= INT32_MAX - reserve ? size + reserve : INT32_MAX;
}

int reserve_taken(const struct slot *slot, int size)
{
    int reserve = (int)atomic_load(&endpoint_of(slot)->reserve);

    return size > reserve ? size - reserve : 0;
}
