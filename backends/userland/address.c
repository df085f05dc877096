/* SPDX-License-Identifier: MIT */
#include "posix/address.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "posix/error.h"
#include "userland/endpoint.h"
#include "userland/path_mtu.h"
#include "userland/reaper.h"

#define ATTEMPTS 16

const int address_lists_are_arrays = 0;

typedef int (*addresses_of)(struct socket *, sctp_assoc_t, struct sockaddr **);

/* What usrsctp lists, in its own form, takes at most this much each. */
static int list_of(struct slot *slot, int64_t association, addresses_of get,
                   void (*release)(struct sockaddr *), struct sctpx_address *list,
                   uint32_t capacity)
{
    struct sockaddr *packed = NULL;
    int count;

    if (list == NULL)
        return -SCTPX_EINVAL;
    if (association < 0 || association > UINT32_MAX)
        return -SCTPX_EINVAL;
    count = get(endpoint_of(slot)->so, (sctp_assoc_t)association, &packed);
    if (count < 0)
        return error_now(SCTPX_CALL_ADDRESSES);
    if (packed == NULL)
        return 0;
    count = address_list_unpack(packed, (size_t)count * sizeof(struct sockaddr_in6),
                                (uint32_t)count, slot->family, list, capacity);
    release(packed);
    return count;
}

int sctpx_peer_addresses(int64_t handle, int64_t association, struct sctpx_address *list,
                         uint32_t capacity)
{
    struct sctp_status status;
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if (list != NULL &&
        (is_unconnected(slot) || !association_status(endpoint_of(slot)->so, association, &status)))
        result = is_one_to_one(slot) ? -SCTPX_ENOTCONN : -SCTPX_EINVAL;
    else
        result = list_of(slot, association, usrsctp_getpaddrs, usrsctp_freepaddrs, list, capacity);
    slot_leave(slot);
    return result;
}

/* The port that the socket is bound to, host order; 0: none yet. */
static uint16_t bound_port(struct slot *slot)
{
    struct sctpx_address first;
    int count = list_of(slot, 0, usrsctp_getladdrs, usrsctp_freeladdrs, &first, 1);

    return count > 0 ? first.port : 0;
}

int sctpx_local_addresses(int64_t handle, int64_t association, struct sctpx_address *list,
                          uint32_t capacity)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = list_of(slot, association, usrsctp_getladdrs, usrsctp_freeladdrs, list, capacity);
    /* What it says of an endpoint without a port. */
    if (result == -SCTPX_ENOTCONN && association == 0)
        result = 0;
    slot_leave(slot);
    return result;
}

static int bind_error(uint16_t port)
{
    /* With no port asked for, there was none to be had. */
    if (errno == EADDRINUSE && port == 0)
        return -SCTPX_ENOPORT;
    return error_now(SCTPX_CALL_BIND);
}

static int bind_one(struct slot *slot, struct socket *so, const struct sctpx_address *address,
                    uint16_t port, int flags)
{
    struct sctpx_address wanted = *address;
    union address_native native;
    int length;

    wanted.port = port;
    length = address_to_native(&wanted, slot->family, &native);
    if (length < 0)
        return length;
    return usrsctp_bindx(so, &native.any, 1, flags) == 0 ? 0 : bind_error(port);
}

static uint16_t port_of(struct slot *slot, struct socket *so)
{
    struct sockaddr *packed = NULL;
    struct sctpx_address first;
    uint16_t port = 0;

    if (usrsctp_getladdrs(so, 0, &packed) > 0 &&
        address_from_native(packed, sizeof(struct sockaddr_in6), slot->family, &first) > 0)
        port = first.port;
    if (packed != NULL)
        usrsctp_freeladdrs(packed);
    return port;
}

static int bind_all(struct slot *slot, struct socket *so, const struct sctpx_address *list,
                    uint32_t count, uint16_t port)
{
    uint32_t i;
    int result = bind_one(slot, so, &list[0], port, SCTP_BINDX_ADD_ADDR);

    if (result == 0 && count > 1 && port == 0)
        port = port_of(slot, so);
    for (i = 1; i < count && result == 0; i++)
        result = bind_one(slot, so, &list[i], port, SCTP_BINDX_ADD_ADDR);
    return result;
}

/* A first binding cannot be undone: try it out on a socket of no consequence.
 * The port that all the addresses can have, or an error. */
static int bind_rehearse(struct slot *slot, const struct sctpx_address *list, uint32_t count,
                         uint16_t port)
{
    struct socket *so =
        usrsctp_socket(native_family(slot), SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    int result;

    if (so == NULL)
        return error_now(SCTPX_CALL_BIND);
    result = bind_all(slot, so, list, count, port);
    if (result == 0)
        result = port_of(slot, so);
    usrsctp_close(so);
    return result;
}

static int bind_several(struct slot *slot, const struct sctpx_address *list, uint32_t count)
{
    uint16_t wanted = list[0].port;
    int attempt, result = -SCTPX_EADDRINUSE;

    /* A port that is free at one address may be taken at another. */
    for (attempt = 0; attempt < ATTEMPTS && result == -SCTPX_EADDRINUSE; attempt++) {
        result = bind_rehearse(slot, list, count, wanted);
        if (result > 0)
            result = bind_all(slot, endpoint_of(slot)->so, list, count, (uint16_t)result);
        if (wanted != 0)
            break;
    }
    return result == -SCTPX_EADDRINUSE && wanted == 0 ? -SCTPX_ENOPORT : result;
}

static int bind_some(struct slot *slot, const struct sctpx_address *list, uint32_t count)
{
    if (count > 1)
        return bind_several(slot, list, count);
    return bind_all(slot, endpoint_of(slot)->so, list, count, list[0].port);
}

static int bind_first(struct slot *slot, const struct sctpx_address *list, uint32_t count)
{
    struct settling settling = {.began = 0};
    int result = bind_some(slot, list, count);

    /* What was closed a moment ago may still hold the port. */
    while (result == -SCTPX_EADDRINUSE && reaper_settle(&settling))
        result = bind_some(slot, list, count);
    if (result == 0)
        path_mtu_bound(slot, list, count);
    return result;
}

static int list_check(struct slot *slot, const struct sctpx_address *list, uint32_t size,
                      uint32_t count)
{
    void *packed;
    int result = address_list_pack(list, size, count, slot->family, &packed);

    free(packed);
    return result < 0 ? result : 0;
}

int sctpx_bind(int64_t handle, const struct sctpx_address *list, uint32_t size, uint32_t count)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = list_check(slot, list, size, count);
    if (result == 0) {
        pthread_mutex_lock(&endpoint_of(slot)->sending);
        result = bound_port(slot) != 0 ? -SCTPX_EINVAL : bind_first(slot, list, count);
        pthread_mutex_unlock(&endpoint_of(slot)->sending);
    }
    slot_leave(slot);
    return result;
}

/* All or nothing. */
static int bind_change(struct slot *slot, const struct sctpx_address *list, uint32_t count,
                       uint16_t port, int flags)
{
    struct socket *so = endpoint_of(slot)->so;
    int result = 0, back = flags == SCTP_BINDX_ADD_ADDR ? SCTP_BINDX_REM_ADDR : SCTP_BINDX_ADD_ADDR;
    uint32_t done;

    if (list[0].port != 0 && list[0].port != port)
        return -SCTPX_EINVAL;
    for (done = 0; done < count && result == 0; done++)
        result = bind_one(slot, so, &list[done], port, flags);
    if (result < 0)
        for (done--; done > 0; done--)
            (void)bind_one(slot, so, &list[done - 1], port, back);
    return result;
}

static int has_associations(const struct slot *slot)
{
    uint32_t number = 0;
    socklen_t size = sizeof number;
    int stage = atomic_load(&endpoint_of(slot)->stage);

    if (is_one_to_one(slot))
        return stage == STAGE_CONNECTING || stage == STAGE_UP;
    return usrsctp_getsockopt(endpoint_of(slot)->so, IPPROTO_SCTP, SCTP_GET_ASSOC_NUMBER, &number,
                              &size) == 0 &&
           number != 0;
}

int sctpx_bindx(int64_t handle, const struct sctpx_address *list, uint32_t size, uint32_t count,
                int add)
{
    struct slot *slot;
    uint16_t port;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = list_check(slot, list, size, count);
    if (result == 0 && has_associations(slot))
        result = -SCTPX_EUNSUPPORTED;
    if (result == 0) {
        pthread_mutex_lock(&endpoint_of(slot)->sending);
        port = bound_port(slot);
        if (port != 0)
            result = bind_change(slot, list, count, port,
                                 add ? SCTP_BINDX_ADD_ADDR : SCTP_BINDX_REM_ADDR);
        else
            result = add ? bind_first(slot, list, count) : -SCTPX_EINVAL;
        pthread_mutex_unlock(&endpoint_of(slot)->sending);
    }
    slot_leave(slot);
    return result;
}

int64_t sctpx_find(int64_t handle, const struct sctpx_address *peer)
{
    union address_native native;
    struct slot *slot;
    sctp_assoc_t id;
    int result;

    if (peer == NULL)
        return -SCTPX_EINVAL;
    result = slot_enter(handle, &slot);
    if (result < 0)
        return result;
    result = address_to_native(peer, slot->family, &native);
    id = result < 0 ? 0 : usrsctp_getassocid(endpoint_of(slot)->so, &native.any);
    slot_leave(slot);
    if (result < 0)
        return result;
    return id != 0 ? (int64_t)id : -SCTPX_ENOTCONN;
}
