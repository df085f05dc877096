/* SPDX-License-Identifier: MIT */
/* Sockaddrs from one system to the other, and the calls that are about lists of them. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "userland/readiness.h"
#include "userland/reaper.h"

/* In front of a list, as in FreeBSD's libc: free() of the list is an error. */
#define HIDDEN 16

static atomic_long lists; /* that were handed out and not freed */

static size_t length_of(int host_family)
{
    if (host_family == AF_INET)
        return sizeof(struct sockaddr_in);
    return host_family == AF_INET6 ? sizeof(struct sockaddr_in6) : 0;
}

static int family_to_host(uint8_t family)
{
    if (family == FB_AF_INET)
        return AF_INET;
    return family == FB_AF_INET6 ? AF_INET6 : AF_UNSPEC;
}

void head_to_host(void *address)
{
    struct fb_sockaddr foreign;
    sa_family_t family;

    memcpy(&foreign, address, sizeof foreign);
    family = (sa_family_t)family_to_host(foreign.sa_family);
    memcpy(address, &family, sizeof family);
}

void head_from_host(void *address)
{
    uint8_t head[2];
    sa_family_t family;

    memcpy(&family, address, sizeof family);
    head[0] = (uint8_t)length_of(family);
    head[1] = family == AF_INET6 ? FB_AF_INET6 : family == AF_INET ? FB_AF_INET : FB_AF_UNSPEC;
    memcpy(address, head, sizeof head);
}

size_t address_to_host(const void *foreign, union any_address *host)
{
    struct fb_sockaddr head;
    size_t length;

    memcpy(&head, foreign, sizeof head);
    length = length_of(family_to_host(head.sa_family));
    if (length == 0 || head.sa_len != length)
        return 0;
    memset(host, 0, sizeof *host);
    memcpy(host, foreign, length);
    head_to_host(host);
    return length;
}

size_t address_from_host(const void *host, void *foreign)
{
    size_t length;
    sa_family_t family;

    memcpy(&family, host, sizeof family);
    length = length_of(family);
    memmove(foreign, host, length);
    if (length != 0)
        head_from_host(foreign);
    return length;
}

/* A list, whose stride is sa_len's as in FreeBSD's libc; NULL sets errno. */
static struct sockaddr *list_to_host(const void *foreign, int count)
{
    union any_address one;
    const uint8_t *from = foreign;
    uint8_t *list = count > 0 ? malloc((size_t)count * sizeof one.in6) : NULL, *to = list;
    int i;

    for (i = 0; i < count; i++) {
        size_t length = address_to_host(from, &one);

        if (length == 0) {
            free(list);
            (void)fail_native(FB_EINVAL);
            return NULL;
        }
        memcpy(to, &one, length);
        from += length;
        to += length;
    }
    if (list == NULL)
        (void)fail_native(FB_EINVAL);
    return (struct sockaddr *)list;
}

int bridge_sctp_bindx(int descriptor, void *addresses, int count, int flags)
{
    struct sockaddr *list;
    struct held held;
    struct settling settling = {.began = 0};
    int result;

    if (flags != FB_SCTP_BINDX_ADD_ADDR && flags != FB_SCTP_BINDX_REM_ADDR)
        return fail_native(FB_EFAULT);
    list = list_to_host(addresses, count);
    if (list == NULL)
        return -1;
    if (hold(descriptor, &held) < 0) {
        free(list);
        return -1;
    }
    flags = flags == FB_SCTP_BINDX_ADD_ADDR ? SCTP_BINDX_ADD_ADDR : SCTP_BINDX_REM_ADDR;
    result = usrsctp_bindx(held.so, list, count, flags);
    /* What was closed a moment ago may still hold the port here. */
    while (result < 0 && errno == EADDRINUSE && reaper_settle(&settling))
        result = usrsctp_bindx(held.so, list, count, flags);
    result = result < 0 ? fail(errno) : 0;
    let_go(&held);
    free(list);
    return result;
}

int bridge_sctp_connectx(int descriptor, const void *addresses, int count, uint32_t *id)
{
    struct sockaddr *list = list_to_host(addresses, count);
    sctp_assoc_t association = 0;
    struct held held;
    int result;

    if (list == NULL)
        return -1;
    if (hold(descriptor, &held) < 0) {
        free(list);
        return -1;
    }
    pthread_mutex_lock(&endpoint_of(held.slot)->sending);
    result = usrsctp_connectx(held.so, list, count, &association);
    result = result < 0 ? fail(errno) : 0;
    pthread_mutex_unlock(&endpoint_of(held.slot)->sending);
    if (result == 0 && id != NULL)
        *id = association;
    if (result == 0)
        atomic_store(&endpoint_of(held.slot)->stage, STAGE_CONNECTING);
    held.state->told = 0;
    let_go(&held);
    free(list);
    return result;
}

static int list_of(int descriptor, uint32_t id, uint8_t **addresses,
                   int (*get)(struct socket *, sctp_assoc_t, struct sockaddr **),
                   void (*release)(struct sockaddr *))
{
    struct sockaddr *list = NULL;
    const uint8_t *from;
    uint8_t *foreign, *to;
    struct held held;
    int i, count;

    if (addresses == NULL)
        return fail_native(FB_EFAULT);
    if (hold(descriptor, &held) < 0)
        return -1;
    count = get(held.so, id, &list);
    /* FreeBSD's libc says so of no association and of no port; this usrsctp is older. */
    if (count < 0 && (errno == ENOTCONN || errno == ENOENT))
        count = 0;
    count = count < 0 ? fail(errno) : count;
    let_go(&held);
    if (count <= 0 || list == NULL)
        return count;
    foreign = malloc(HIDDEN + (size_t)count * sizeof(struct sockaddr_in6));
    if (foreign == NULL) {
        release(list);
        return fail_native(FB_ENOMEM);
    }
    to = foreign + HIDDEN;
    for (i = 0, from = (uint8_t *)list; i < count; i++) {
        size_t length = address_from_host(from, to);

        from += length;
        to += length;
    }
    release(list);
    atomic_fetch_add(&lists, 1);
    *addresses = foreign + HIDDEN;
    return count;
}

int bridge_sctp_getpaddrs(int descriptor, uint32_t id, uint8_t **addresses)
{
    return list_of(descriptor, id, addresses, usrsctp_getpaddrs, usrsctp_freepaddrs);
}

int bridge_sctp_getladdrs(int descriptor, uint32_t id, uint8_t **addresses)
{
    return list_of(descriptor, id, addresses, usrsctp_getladdrs, usrsctp_freeladdrs);
}

void bridge_sctp_freepaddrs(uint8_t *addresses)
{
    atomic_fetch_sub(&lists, 1);
    free(addresses - HIDDEN);
}

void bridge_sctp_freeladdrs(uint8_t *addresses)
{
    bridge_sctp_freepaddrs(addresses);
}

/* The shim must give back every list. */
__attribute__((destructor)) static void lists_check(void)
{
    if (atomic_load(&lists) == 0)
        return;
    fprintf(stderr, "bridge: %ld lists of addresses were not freed\n", atomic_load(&lists));
    abort();
}

int bridge_bind(int descriptor, const void *address, uint32_t length)
{
    union any_address host;
    struct held held;
    struct settling settling = {.began = 0};
    int result;

    if (address_to_host(address, &host) != length)
        return fail_native(FB_EINVAL);
    if (hold(descriptor, &held) < 0)
        return -1;
    result = usrsctp_bind(held.so, &host.any, (socklen_t)length);
    while (result < 0 && errno == EADDRINUSE && reaper_settle(&settling))
        result = usrsctp_bind(held.so, &host.any, (socklen_t)length);
    result = result < 0 ? fail(errno) : 0;
    let_go(&held);
    return result;
}

static void name_give(const uint8_t *name, void *address, uint32_t *length)
{
    memcpy(address, name, name[0] < *length ? name[0] : *length);
    *length = name[0];
}

/* Of a socket without a port, all zero. */
int bridge_getsockname(int descriptor, void *address, uint32_t *length)
{
    union any_address none;
    uint8_t *list = NULL;
    struct held held;
    int count = bridge_sctp_getladdrs(descriptor, 0, &list);

    if (count < 0 || hold(descriptor, &held) < 0)
        return -1;
    memset(&none, 0, sizeof none);
    none.any.sa_family = (sa_family_t)native_family(held.slot);
    let_go(&held);
    head_from_host(&none);
    name_give(count > 0 ? list : (uint8_t *)&none, address, length);
    if (count > 0)
        bridge_sctp_freepaddrs(list);
    return 0;
}

int bridge_getpeername(int descriptor, void *address, uint32_t *length)
{
    uint8_t *list = NULL;
    int count = bridge_sctp_getpaddrs(descriptor, 0, &list);

    if (count <= 0)
        return count < 0 ? -1 : fail_native(FB_ENOTCONN);
    name_give(list, address, length);
    bridge_sctp_freepaddrs(list);
    return 0;
}
