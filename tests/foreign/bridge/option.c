/* SPDX-License-Identifier: MIT */
/* Socket options: their numbers, and the sockaddrs inside of some. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

struct pair {
    int foreign;
    int host;
};

/* SOL_SOCKET's that usrsctp has. */
static const struct pair sockets[] = {{FB_SO_RCVBUF, SO_RCVBUF}, {FB_SO_SNDBUF, SO_SNDBUF}};

/* SCTP's that hold a sockaddr, and where. */
static const struct pair addressed[] = {
    {FB_SCTP_PRIMARY_ADDR, 0},
    {FB_SCTP_SET_PEER_PRIMARY_ADDR, 0},
    {FB_SCTP_PEER_ADDR_PARAMS, 0},
    {FB_SCTP_GET_PEER_ADDR_INFO, 0},
    {FB_SCTP_PEER_ADDR_THLDS, 0},
    {FB_SCTP_REMOTE_UDP_ENCAPS_PORT, 0},
    {FB_SCTP_STATUS, (int)offsetof(struct sctp_status, sstat_primary)}};

static int found(const struct pair *pairs, size_t count, int foreign)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (pairs[i].foreign == foreign)
            return pairs[i].host;
    return -1;
}
#define FOUND(pairs, foreign) found(pairs, sizeof(pairs) / sizeof *(pairs), foreign)

/* The same bytes with sockaddrs of ours, for free(). */
static void *converted(int level, int name, const void *value, uint32_t size, int *at)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);

    *at = level == FB_IPPROTO_SCTP ? FOUND(addressed, name) : -1;
    if (*at >= 0 && (size_t)*at + sizeof(struct sockaddr_storage) > size)
        *at = -1;
    if (copy != NULL && size > 0)
        memcpy(copy, value, size);
    if (copy != NULL && *at >= 0)
        head_to_host(copy + *at);
    return copy;
}

/* Why an association ended: usrsctp would say it for ever, a kernel says it once. */
static int problem_take(struct held *held)
{
    int problem = 0;
    socklen_t length = sizeof problem;

    if (held->state->told ||
        usrsctp_getsockopt(held->so, SOL_SOCKET, SO_ERROR, &problem, &length) < 0)
        return 0;
    if (problem != 0)
        held->state->told = 1;
    return errno_to_freebsd(problem);
}

static int socket_get(struct held *held, int name, int *value)
{
    switch (name) {
    case FB_SO_ERROR:
        *value = problem_take(held);
        return 0;
    case FB_SO_TYPE:
        *value = held->state->type;
        return 0;
    case FB_SO_PROTOCOL:
        *value = FB_IPPROTO_SCTP;
        return 0;
    case FB_SO_DOMAIN:
        *value = held->slot->family == SCTPX_FAMILY_IPV4 ? FB_AF_INET : FB_AF_INET6;
        return 0;
    case FB_SO_ACCEPTCONN:
        *value = held->state->listening;
        return 0;
    case FB_SO_REUSEADDR:
        *value = 0;
        return 0;
    default:
        return -1;
    }
}

/* How a socket is closed is the reaper's business, who does it in usrsctp's way. */
static int linger_set(struct endpoint *endpoint, const void *value, uint32_t size)
{
    struct linger linger;

    if (size < sizeof linger)
        return fail_native(FB_EINVAL);
    memcpy(&linger, value, sizeof linger);
    atomic_store(&endpoint->lingers, linger.l_onoff != 0);
    atomic_store(&endpoint->linger, (int64_t)linger.l_linger * 1000000);
    atomic_store(&endpoint->aborts, linger.l_onoff != 0 && linger.l_linger == 0);
    return 0;
}

static int linger_get(struct endpoint *endpoint, void *value, uint32_t *size)
{
    struct linger linger = {.l_onoff = atomic_load(&endpoint->lingers),
                            .l_linger = (int)(atomic_load(&endpoint->linger) / 1000000)};

    if (*size < sizeof linger)
        return fail_native(FB_EINVAL);
    memcpy(value, &linger, sizeof linger);
    *size = sizeof linger;
    return 0;
}

static int get(struct held *held, int level, int name, void *value, uint32_t *size)
{
    int at, simple, result, host = level == FB_SOL_SOCKET ? FOUND(sockets, name) : name;
    socklen_t length = *size;
    uint8_t *copy;

    if (level == FB_SOL_SOCKET && *size >= sizeof simple && socket_get(held, name, &simple) == 0) {
        memcpy(value, &simple, sizeof simple);
        *size = sizeof simple;
        return 0;
    }
    if (level == FB_SOL_SOCKET && name == FB_SO_LINGER)
        return linger_get(endpoint_of(held->slot), value, size);
    if (level == FB_IPPROTO_IPV6 && name == FB_IPV6_V6ONLY && *size >= sizeof simple) {
        memcpy(value, &held->state->only_v6, sizeof simple);
        *size = sizeof simple;
        return 0;
    }
    if (host < 0 || (level != FB_SOL_SOCKET && level != FB_IPPROTO_SCTP))
        return fail_native(FB_ENOPROTOOPT);
    copy = converted(level, name, value, *size, &at);
    if (copy == NULL)
        return fail(ENOMEM);
    level = level == FB_SOL_SOCKET ? SOL_SOCKET : IPPROTO_SCTP;
    result = usrsctp_getsockopt(held->so, level, host, copy, &length) < 0 ? fail(errno) : 0;
    if (result == 0) {
        if (at >= 0)
            head_from_host(copy + at);
        memcpy(value, copy, length < *size ? length : *size);
        *size = length;
    }
    free(copy);
    return result;
}

static int set(struct held *held, int level, int name, const void *value, uint32_t size)
{
    int at, result, host = level == FB_SOL_SOCKET ? FOUND(sockets, name) : name;
    uint8_t *copy;

    if (level == FB_IPPROTO_IPV6 && name == FB_IPV6_V6ONLY && size >= sizeof(int)) {
        memcpy(&held->state->only_v6, value, sizeof(int));
        return 0;
    }
    if (level == FB_SOL_SOCKET && (name == FB_SO_REUSEADDR || name == FB_SO_NOSIGPIPE))
        return 0;
    if (level == FB_SOL_SOCKET && name == FB_SO_LINGER)
        return linger_set(endpoint_of(held->slot), value, size);
    if (host < 0 || (level != FB_SOL_SOCKET && level != FB_IPPROTO_SCTP))
        return fail_native(FB_ENOPROTOOPT);
    copy = converted(level, name, value, size, &at);
    if (copy == NULL)
        return fail(ENOMEM);
    result = usrsctp_setsockopt(held->so, level == FB_SOL_SOCKET ? SOL_SOCKET : IPPROTO_SCTP, host,
                                copy, size) < 0
                 ? fail(errno)
                 : 0;
    free(copy);
    return result;
}

/* What tells that a descriptor is none of this stack's: the protocol. */
static int stranger_get(int descriptor, int name, int *value)
{
    socklen_t length = sizeof *value;
    int host = name == FB_SO_PROTOCOL ? SO_PROTOCOL : name == FB_SO_TYPE ? SO_TYPE : SO_DOMAIN;

    if (getsockopt(descriptor, SOL_SOCKET, host, value, &length) < 0)
        return fail(errno);
    if (name == FB_SO_TYPE)
        *value = *value == SOCK_SEQPACKET ? FB_SOCK_SEQPACKET : *value;
    return 0;
}

int bridge_getsockopt(int descriptor, int level, int name, void *value, uint32_t *size)
{
    struct held held;
    int result;

    if (level == FB_SOL_SOCKET && !is_ours(descriptor) && *size >= sizeof(int) &&
        (name == FB_SO_PROTOCOL || name == FB_SO_TYPE || name == FB_SO_DOMAIN))
        return stranger_get(descriptor, name, value);
    if (hold(descriptor, &held) < 0)
        return -1;
    result = get(&held, level, name, value, size);
    let_go(&held);
    return result;
}

int bridge_setsockopt(int descriptor, int level, int name, const void *value, uint32_t size)
{
    struct held held;
    int result;

    if (hold(descriptor, &held) < 0)
        return -1;
    result = set(&held, level, name, value, size);
    let_go(&held);
    return result;
}
