/* SPDX-License-Identifier: MIT */
#include "userland/readiness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix/clock.h"
#include "posix/error.h"
#include "userland/endpoint.h"
#include "userland/ticker.h"

/* Where there is such a flag, no program that another thread starts can
 * inherit an end even for a moment. */
#ifdef SOCK_CLOEXEC
#define PAIR_TYPE (SOCK_STREAM | SOCK_CLOEXEC)
#else
#define PAIR_TYPE SOCK_STREAM
#endif

/* Whatever the system rounds up to, it is little. */
#define SMALL_BUFFER 1

static const char filler[4096];

static int is_armed(const struct endpoint *endpoint)
{
    return endpoint->near >= 0 && (endpoint->exported || endpoint->waiters != 0);
}

static uint32_t levels(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);
    int events = endpoint->so != NULL ? usrsctp_get_events(endpoint->so) : 0;
    uint32_t ready = 0;

    if ((events & (SCTP_EVENT_READ | SCTP_EVENT_ERROR)) != 0 && !endpoint->read_blocked)
        ready |= SCTPX_READABLE;
    /* A one-to-many socket never reports WRITE. */
    if ((!is_one_to_one(slot) || (events & (SCTP_EVENT_WRITE | SCTP_EVENT_ERROR)) != 0) &&
        !endpoint->write_blocked)
        ready |= SCTPX_WRITABLE;
    return ready;
}

static void drain(int descriptor)
{
    char bytes[16384];

    while (recv(descriptor, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        continue;
}

static void fill(int descriptor)
{
    while (send(descriptor, filler, sizeof filler, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
        continue;
}

static void show(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);
    uint32_t ready;
    int input, refuse;

    if (!is_armed(endpoint))
        return;
    ready = levels(slot);
    input = (ready & SCTPX_READABLE) != 0;
    refuse = (ready & SCTPX_WRITABLE) == 0;
    if (input && !endpoint->shows_input)
        (void)send(endpoint->far, filler, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    else if (!input && endpoint->shows_input)
        drain(endpoint->near);
    if (refuse && !endpoint->refuses_output)
        fill(endpoint->near);
    else if (!refuse && endpoint->refuses_output)
        drain(endpoint->far);
    endpoint->shows_input = input;
    endpoint->refuses_output = refuse;
    /* No upcall promises room to a one-to-many socket. */
    if (refuse && !is_one_to_one(slot))
        ticker_hurry();
}

static void upcall(struct socket *so, void *argument, int flags)
{
    struct slot *slot = argument;
    struct endpoint *endpoint;

    (void)flags;
    /* usrsctp looks for a call-back without the lock that sets it, and may find
     * one whose argument is not there yet: the next tick shows what this missed. */
    if (slot == NULL)
        return;
    slot_acquire(slot);
    endpoint = endpoint_of(slot);
    pthread_mutex_lock(&endpoint->lock);
    /* usrsctp may still be calling for a socket that was closed. */
    if (endpoint->so == so) {
        endpoint->upcalls++;
        endpoint->read_blocked = 0;
        endpoint->write_blocked = 0;
        show(slot);
    }
    pthread_mutex_unlock(&endpoint->lock);
}

void readiness_take(struct slot *slot, struct socket *so)
{
    struct endpoint *endpoint = endpoint_of(slot);

    pthread_mutex_lock(&endpoint->lock);
    endpoint->so = so;
    pthread_mutex_unlock(&endpoint->lock);
    usrsctp_set_upcall(so, upcall, slot);
}

static int end_prepare(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL), size = SMALL_BUFFER;

    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ||
        fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0)
        return -1;
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
#ifdef SO_NOSIGPIPE
    size = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &size, sizeof size);
#endif
    return 0;
}

static int pair_make(struct endpoint *endpoint)
{
    int ends[2];

    if (endpoint->near >= 0)
        return 0;
    if (socketpair(AF_UNIX, PAIR_TYPE, 0, ends) < 0)
        return error_now(SCTPX_CALL_OTHER);
    if (end_prepare(ends[0]) < 0 || end_prepare(ends[1]) < 0) {
        int result = error_now(SCTPX_CALL_OTHER);

        close(ends[0]);
        close(ends[1]);
        return result;
    }
    endpoint->near = ends[0];
    endpoint->far = ends[1];
    endpoint->shows_input = 0;
    endpoint->refuses_output = 0;
    return 0;
}

int readiness_export(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);
    int result;

    pthread_mutex_lock(&endpoint->lock);
    result = slot_closing(slot) ? -SCTPX_ECLOSED : pair_make(endpoint);
    if (result == 0) {
        result = endpoint->near;
        if (!endpoint->exported) {
            endpoint->exported = 1;
            ticker_arm(1);
        }
        show(slot);
    }
    pthread_mutex_unlock(&endpoint->lock);
    return result;
}

void readiness_update(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);

    pthread_mutex_lock(&endpoint->lock);
    show(slot);
    pthread_mutex_unlock(&endpoint->lock);
}

void readiness_tick(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);

    pthread_mutex_lock(&endpoint->lock);
    if (is_armed(endpoint)) {
        endpoint->read_blocked = 0;
        endpoint->write_blocked = 0;
        show(slot);
    }
    pthread_mutex_unlock(&endpoint->lock);
}

uint32_t readiness_now(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);
    uint32_t ready;

    pthread_mutex_lock(&endpoint->lock);
    ready = levels(slot);
    pthread_mutex_unlock(&endpoint->lock);
    return ready;
}

uint64_t readiness_mark(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);
    uint64_t mark;

    pthread_mutex_lock(&endpoint->lock);
    mark = endpoint->upcalls;
    pthread_mutex_unlock(&endpoint->lock);
    return mark;
}

void readiness_block(struct slot *slot, uint32_t what, uint64_t mark)
{
    struct endpoint *endpoint = endpoint_of(slot);

    pthread_mutex_lock(&endpoint->lock);
    if (endpoint->upcalls == mark) {
        if (what == SCTPX_READABLE)
            endpoint->read_blocked = 1;
        else
            endpoint->write_blocked = 1;
    }
    show(slot);
    pthread_mutex_unlock(&endpoint->lock);
}

static int wait_begin(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);
    int result;

    pthread_mutex_lock(&endpoint->lock);
    result = slot_closing(slot) ? -SCTPX_ECLOSED : pair_make(endpoint);
    if (result == 0) {
        endpoint->waiters++;
        ticker_arm(1);
        show(slot);
    }
    pthread_mutex_unlock(&endpoint->lock);
    return result;
}

static void wait_end(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);

    pthread_mutex_lock(&endpoint->lock);
    endpoint->waiters--;
    ticker_arm(-1);
    pthread_mutex_unlock(&endpoint->lock);
}

int readiness_wait(struct slot *slot, uint32_t what, int64_t deadline)
{
    struct pollfd polled = {.fd = -1, .events = 0};
    int count, problem, result = wait_begin(slot);

    if (result < 0)
        return result;
    polled.fd = endpoint_of(slot)->near;
    if ((what & SCTPX_READABLE) != 0)
        polled.events |= POLLIN;
    if ((what & SCTPX_WRITABLE) != 0)
        polled.events |= POLLOUT;
    count = poll(&polled, 1, deadline_poll(deadline));
    problem = errno;
    wait_end(slot);
    if (slot_closing(slot))
        return -SCTPX_ECLOSED;
    if (count < 0)
        return -error_of(SCTPX_CALL_OTHER, problem);
    if (count == 0 && !deadline_passed(deadline))
        return -SCTPX_EINTR;
    if ((polled.revents & POLLIN) != 0)
        result |= SCTPX_READABLE;
    if ((polled.revents & POLLOUT) != 0)
        result |= SCTPX_WRITABLE;
    return result;
}

void readiness_hang_up(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);

    pthread_mutex_lock(&endpoint->lock);
    if (endpoint->far >= 0)
        shutdown(endpoint->far, SHUT_RDWR);
    pthread_mutex_unlock(&endpoint->lock);
}

static void pair_close(struct endpoint *endpoint)
{
    if (endpoint->near >= 0) {
        close(endpoint->near);
        close(endpoint->far);
    }
    endpoint->near = -1;
    endpoint->far = -1;
}

struct socket *readiness_release(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);
    struct socket *so;

    /* A fork has no thread that could hold the lock, and maybe a held lock. */
    if (slot_forked(slot)) {
        pair_close(endpoint);
        endpoint->so = NULL;
        return NULL;
    }
    pthread_mutex_lock(&endpoint->lock);
    so = endpoint->so;
    endpoint->so = NULL;
    if (endpoint->exported)
        ticker_arm(-1);
    endpoint->exported = 0;
    pair_close(endpoint);
    pthread_mutex_unlock(&endpoint->lock);
    return so;
}
