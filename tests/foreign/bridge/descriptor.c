/* SPDX-License-Identifier: MIT */
/* Descriptors: a table from the numbers that poll() knows to userland's sockets. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bridge.h"
#include "userland/process.h"
#include "userland/readiness.h"

#define MOST 65536

static struct state *table[MOST];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A kernel goes on when a process has ended; this stack has two seconds. */
static void finish(void)
{
    (void)sctpx_exit((int64_t)2000000000);
}

static uint16_t port(const char *name)
{
    const char *text = getenv(name);

    return text != NULL ? (uint16_t)atoi(text) : 0;
}

static void start(void)
{
    if (sctpx_start(port("SCTPX_UDP_PORT"), port("SCTPX_PEER_UDP_PORT")) == 0)
        atexit(finish);
}

static struct state *state_of(int descriptor)
{
    return descriptor >= 0 && descriptor < MOST ? table[descriptor] : NULL;
}

int is_ours(int descriptor)
{
    int found;

    pthread_mutex_lock(&lock);
    found = state_of(descriptor) != NULL;
    pthread_mutex_unlock(&lock);
    return found;
}

int hold(int descriptor, struct held *held)
{
    struct state *state;
    int result;

    pthread_mutex_lock(&lock);
    state = state_of(descriptor);
    result = state != NULL ? slot_enter(state->handle, &held->slot) : -1;
    pthread_mutex_unlock(&lock);
    if (result < 0)
        return fail(state == NULL && fcntl(descriptor, F_GETFD) >= 0 ? ENOTSOCK : EBADF);
    held->so = endpoint_of(held->slot)->so;
    held->state = state;
    return 0;
}

void let_go(struct held *held)
{
    readiness_update(held->slot);
    slot_leave(held->slot);
}

int descriptor_of(int64_t handle, const struct state *like, int type)
{
    struct state *state = calloc(1, sizeof *state);
    int descriptor = state != NULL ? sctpx_fileno(handle) : -SCTPX_ENOMEM;

    if (descriptor < 0 || descriptor >= MOST) {
        (void)sctpx_close(handle);
        free(state);
        return fail(descriptor == -SCTPX_ENOMEM ? ENOMEM : EMFILE);
    }
    if (like != NULL)
        *state = *like;
    state->handle = handle;
    state->type = type;
    state->told = 0;
    state->listening = 0;
    pthread_mutex_lock(&lock);
    table[descriptor] = state;
    pthread_mutex_unlock(&lock);
    return descriptor;
}

/* As a kernel's sockets are at first: what userland's shim has turned on is
 * for FreeBSD's to turn on. */
static void plain(int descriptor)
{
    struct sctp_event event = {.se_assoc_id = SCTP_FUTURE_ASSOC,
                               .se_type = SCTP_PARTIAL_DELIVERY_EVENT};
    uint32_t off = 0;
    struct held held;

    if (hold(descriptor, &held) < 0)
        return;
    (void)usrsctp_setsockopt(held.so, IPPROTO_SCTP, SCTP_RECVRCVINFO, &off, sizeof off);
    (void)usrsctp_setsockopt(held.so, IPPROTO_SCTP, SCTP_RECVNXTINFO, &off, sizeof off);
    (void)usrsctp_setsockopt(held.so, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event);
    (void)usrsctp_setsockopt(held.so, IPPROTO_SCTP, SCTP_I_WANT_MAPPED_V4_ADDR, &off, sizeof off);
    let_go(&held);
}

int bridge_socket(int family, int type, int protocol)
{
    int64_t handle;
    int result, style = type & ~(FB_SOCK_CLOEXEC | FB_SOCK_NONBLOCK);

    if (protocol != FB_IPPROTO_SCTP)
        return fail_native(FB_EPROTONOSUPPORT);
    if ((type & FB_SOCK_CLOEXEC) == 0 || (type & FB_SOCK_NONBLOCK) == 0)
        return fail_native(FB_EINVAL); /* that is how the shim asks, always */
    pthread_once(&once, start);
    handle = sctpx_open(family == FB_AF_INET    ? SCTPX_FAMILY_IPV4
                        : family == FB_AF_INET6 ? SCTPX_FAMILY_IPV6
                                                : 0,
                        style == FB_SOCK_STREAM      ? SCTPX_ONE_TO_ONE
                        : style == FB_SOCK_SEQPACKET ? SCTPX_ONE_TO_MANY
                                                     : 0);
    if (handle == -SCTPX_EAFNOSUPPORT)
        return fail(EAFNOSUPPORT);
    if (handle == -SCTPX_EMFILE)
        return fail(EMFILE);
    if (handle < 0)
        return fail_native(FB_EPROTONOSUPPORT);
    result = descriptor_of(handle, NULL, style);
    plain(result);
    return result;
}

int bridge_close(int descriptor)
{
    struct state *state;
    int64_t handle;

    pthread_mutex_lock(&lock);
    state = state_of(descriptor);
    if (state != NULL)
        table[descriptor] = NULL;
    pthread_mutex_unlock(&lock);
    if (state == NULL)
        return close(descriptor) < 0 ? fail(errno) : 0;
    handle = state->handle;
    free(state);
    (void)sctpx_close(handle);
    return 0;
}

int bridge_listen(int descriptor, int backlog)
{
    struct held held;
    int result;

    if (hold(descriptor, &held) < 0)
        return -1;
    result = usrsctp_listen(held.so, backlog) < 0 ? fail(errno) : 0;
    if (result == 0) {
        held.state->listening = 1;
        if (is_one_to_one(held.slot))
            atomic_store(&endpoint_of(held.slot)->stage, STAGE_LISTENING);
    }
    let_go(&held);
    return result;
}

int bridge_accept4(int descriptor, void *address, uint32_t *length, int flags)
{
    union any_address peer;
    socklen_t size = sizeof peer;
    struct socket *child;
    struct held held;
    int result;

    (void)flags;
    if (hold(descriptor, &held) < 0)
        return -1;
    memset(&peer, 0, sizeof peer);
    child = usrsctp_accept(held.so, &peer.any, &size);
    if (child == NULL) {
        result = fail(errno);
    } else {
        int64_t handle = endpoint_adopt(held.slot, child, 0);

        result = handle < 0 ? fail(ENOMEM) : descriptor_of(handle, held.state, FB_SOCK_STREAM);
        if (result >= 0 && address != NULL && *length >= sizeof peer.in6)
            *length = (uint32_t)address_from_host(&peer, address);
    }
    let_go(&held);
    return result;
}

int bridge_sctp_peeloff(int descriptor, uint32_t id)
{
    struct endpoint *endpoint;
    struct socket *child;
    struct held held;
    int result;

    if (hold(descriptor, &held) < 0)
        return -1;
    endpoint = endpoint_of(held.slot);
    pthread_mutex_lock(&endpoint->sending);
    pthread_mutex_lock(&endpoint->receiving);
    child = usrsctp_peeloff(held.so, id);
    result = child == NULL ? fail(errno) : 0;
    pthread_mutex_unlock(&endpoint->receiving);
    pthread_mutex_unlock(&endpoint->sending);
    if (child != NULL) {
        int64_t handle = endpoint_adopt(held.slot, child, id);

        result = handle < 0 ? fail(ENOMEM) : descriptor_of(handle, held.state, FB_SOCK_STREAM);
    }
    let_go(&held);
    return result;
}

int bridge_shutdown(int descriptor, int how)
{
    struct held held;
    int result;

    if (hold(descriptor, &held) < 0)
        return -1;
    result = usrsctp_shutdown(held.so, how) < 0 ? fail(errno) : 0;
    let_go(&held);
    return result;
}
