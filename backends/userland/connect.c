/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "posix/address.h"
#include "posix/error.h"
#include "userland/endpoint.h"
#include "userland/path_mtu.h"
#include "userland/readiness.h"

/* usrsctp copies the list and its count into a buffer of 2 KiB. */
#define PACKED_MAX (2048 - (int)sizeof(int))

/* usrsctp leaves a lock behind when one of these is in the list. */
static int is_peer(const struct sctpx_address *address)
{
    static const uint8_t any[16] = {0}, broadcast[4] = {255, 255, 255, 255};
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    const uint8_t *bytes = address->bytes;

    if (address->port == 0)
        return 0;
    if (address->family == SCTPX_FAMILY_IPV6 && memcmp(bytes, mapped, sizeof mapped) != 0)
        return memcmp(bytes, any, 16) != 0 && bytes[0] != 0xff;
    if (address->family == SCTPX_FAMILY_IPV6)
        bytes += sizeof mapped;
    return memcmp(bytes, any, 4) != 0 && memcmp(bytes, broadcast, 4) != 0 && bytes[0] >> 4 != 14;
}

static int is_up(const struct sctp_status *status)
{
    return status->sstat_state != SCTP_COOKIE_WAIT && status->sstat_state != SCTP_COOKIE_ECHOED &&
           status->sstat_state != SCTP_CLOSED;
}

static int given_16(const struct sctpx_option *init, uint32_t field, int64_t unit, uint16_t *value)
{
    int64_t wanted = init->fields[field];

    if ((init->given >> field & 1u) == 0)
        return 0;
    wanted = wanted / unit + (wanted % unit > 0);
    if (wanted < 1 || wanted > UINT16_MAX)
        return -SCTPX_EINVAL;
    *value = (uint16_t)wanted;
    return 0;
}

/* The endpoint's own, for a moment, are those of this one association. */
static int init_swap(struct socket *so, const struct sctpx_option *init,
                     struct sctp_initmsg *before)
{
    struct sctp_initmsg now;
    socklen_t length = sizeof now;

    if (usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_INITMSG, before, &length) < 0)
        return error_now(SCTPX_CALL_CONNECT);
    now = *before;
    if (given_16(init, 0, 1, &now.sinit_num_ostreams) < 0 ||
        given_16(init, 1, 1, &now.sinit_max_instreams) < 0 ||
        given_16(init, 2, 1, &now.sinit_max_attempts) < 0 ||
        given_16(init, 3, 1000, &now.sinit_max_init_timeo) < 0)
        return -SCTPX_EINVAL;
    if (usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_INITMSG, &now, sizeof now) < 0)
        return error_now(SCTPX_CALL_CONNECT);
    return 0;
}

/* 0 or an errno in `problem`; others who set up or send wait. */
static int connect_with(struct slot *slot, const void *packed, const struct sctpx_address *list,
                        uint32_t count, const struct sctpx_option *init, sctp_assoc_t *id,
                        int *problem)
{
    struct socket *so = endpoint_of(slot)->so;
    struct sctp_initmsg before;
    int mtu, result = 0;

    if (init != NULL)
        result = init_swap(so, init, &before);
    if (result < 0)
        return result;
    mtu = path_mtu_connecting(slot, list, count);
    *problem = usrsctp_connectx(so, packed, (int)count, id) < 0 ? errno : 0;
    if (mtu)
        path_mtu_connected(slot);
    if (init != NULL)
        (void)usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_INITMSG, &before, sizeof before);
    return 0;
}

/* One of the addresses has an association already. */
static int already(struct slot *slot, const struct sctpx_address *list, uint32_t count,
                   int64_t *association)
{
    union address_native native;
    struct sctp_status status;
    sctp_assoc_t id;
    uint32_t i;

    for (i = 0; i < count; i++) {
        if (address_to_native(&list[i], slot->family, &native) < 0)
            continue;
        id = usrsctp_getassocid(endpoint_of(slot)->so, &native.any);
        if (id == 0 || !association_status(endpoint_of(slot)->so, id, &status))
            continue;
        *association = id;
        return is_up(&status) ? -SCTPX_EISCONN : -SCTPX_EALREADY;
    }
    return -SCTPX_EALREADY;
}

/* usrsctp shuts an association down when its socket is to connect again. */
static int stage_begin(struct slot *slot, int *before)
{
    struct endpoint *endpoint = endpoint_of(slot);

    *before = atomic_load(&endpoint->stage);
    if (!is_one_to_one(slot))
        return 0;
    do {
        if (*before == STAGE_CONNECTING)
            return -SCTPX_EALREADY;
        if (*before != STAGE_IDLE && *before != STAGE_FAILED)
            return -SCTPX_EISCONN;
    } while (!atomic_compare_exchange_weak(&endpoint->stage, before, STAGE_CONNECTING));
    return 0;
}

static int begin(struct slot *slot, const void *packed, const struct sctpx_address *list,
                 uint32_t count, const struct sctpx_option *init, int64_t *association)
{
    struct endpoint *endpoint = endpoint_of(slot);
    struct sctp_status status;
    sctp_assoc_t id = 0;
    int before, problem = 0, result = stage_begin(slot, &before);

    if (result < 0)
        return result;
    result = connect_with(slot, packed, list, count, init, &id, &problem);
    if (result < 0 || problem != 0) {
        if (is_one_to_one(slot))
            atomic_store(&endpoint->stage, before);
        if (problem == EALREADY)
            return already(slot, list, count, association);
        /* Of one-to-one sockets it knows that they are not connected. */
        if (problem == EADDRINUSE)
            return -SCTPX_ENOPORT;
        return result < 0 ? result : -error_of(SCTPX_CALL_CONNECT, problem);
    }
    *association = id;
    if (is_one_to_one(slot))
        atomic_store(&endpoint->association, id);
    if (!association_status(endpoint->so, id, &status) || !is_up(&status)) {
        atomic_store(&endpoint->sets_up, 1);
        return -SCTPX_EINPROGRESS;
    }
    if (is_one_to_one(slot))
        atomic_store(&endpoint->stage, STAGE_UP);
    return 0;
}

static int peers_check(const struct sctpx_address *list, uint32_t count, int packed_size)
{
    uint32_t i;

    if (packed_size > PACKED_MAX)
        return -SCTPX_E2BIG;
    for (i = 0; i < count; i++)
        if (!is_peer(&list[i]))
            return -SCTPX_EINVAL;
    return 0;
}

int sctpx_connectx(int64_t handle, const struct sctpx_address *list, uint32_t size, uint32_t count,
                   const struct sctpx_option *init, int64_t *association)
{
    struct slot *slot;
    void *packed = NULL;
    int64_t id = 0;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = address_list_pack(list, size, count, slot->family, &packed);
    if (result > 0)
        result = peers_check(list, count, result);
    if (result == 0) {
        pthread_mutex_lock(&endpoint_of(slot)->sending);
        result = begin(slot, packed, list, count, init, &id);
        pthread_mutex_unlock(&endpoint_of(slot)->sending);
    }
    free(packed);
    if (association != NULL)
        *association = id;
    readiness_update(slot);
    slot_leave(slot);
    return result;
}

/* Why setting up failed, or 0. */
static int problem_of(struct socket *so)
{
    int problem = 0;
    socklen_t length = sizeof problem;

    (void)usrsctp_getsockopt(so, SOL_SOCKET, SO_ERROR, &problem, &length);
    return problem == ECONNREFUSED || problem == ETIMEDOUT ? problem : 0;
}

/* The reason stays in the socket: tell it once.  It is there, and shown, a
 * moment before the association goes. */
static int connect_outcome(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);
    struct sctp_status status;
    int problem = problem_of(endpoint->so), stage = STAGE_CONNECTING;
    int there = association_status(endpoint->so, 0, &status);

    if (problem == 0 && there && !is_up(&status))
        return -SCTPX_EINPROGRESS;
    if (problem == 0 && !there)
        problem = problem_of(endpoint->so);
    /* Without one it came up, and may have ended since: receiving tells how. */
    if (problem == 0) {
        atomic_compare_exchange_strong(&endpoint->stage, &stage, STAGE_UP);
        return 0;
    }
    if (!atomic_compare_exchange_strong(&endpoint->stage, &stage, STAGE_FAILED))
        return -SCTPX_ENOTCONN;
    return -error_of(SCTPX_CALL_CONNECT, problem);
}

static int outcome(struct slot *slot, int64_t association)
{
    struct sctp_status status;

    if (!is_one_to_one(slot)) {
        if (association == 0 || !association_status(endpoint_of(slot)->so, association, &status))
            return -SCTPX_ENOTCONN;
        return is_up(&status) ? 0 : -SCTPX_EINPROGRESS;
    }
    switch (atomic_load(&endpoint_of(slot)->stage)) {
    case STAGE_UP:
        return 0;
    case STAGE_CONNECTING:
        return connect_outcome(slot);
    default:
        return -SCTPX_ENOTCONN;
    }
}

int sctpx_connect_result(int64_t handle, int64_t association)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = outcome(slot, association);
    slot_leave(slot);
    return result;
}
