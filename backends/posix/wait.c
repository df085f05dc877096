/* SPDX-License-Identifier: MIT */
#include "posix/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "posix/clock.h"
#include "posix/error.h"

/* A pipe of the waiting thread's own, made at its first wait: one descriptor
 * on all POSIX systems that another thread can make readable. */
struct alarm_pipe {
    uint32_t fork_generation;
    int ends[2];
};

struct waiter {
    struct waiter *next;
    int wake;
};

static pthread_key_t key;
static int key_result;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static void pipe_drop(void *data)
{
    struct alarm_pipe *pipe_of = data;

    close(pipe_of->ends[0]);
    close(pipe_of->ends[1]);
    free(pipe_of);
}

static void key_make(void)
{
    key_result = pthread_key_create(&key, pipe_drop);
}

static int end_prepare(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL);

    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0)
        return -1;
    return fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

/* No program that another thread starts can inherit it, even for a moment;
 * macOS and old Solaris have no such call. */
static int pipe_open(int ends[2])
{
#if defined(O_CLOEXEC) && !defined(__APPLE__)
    return pipe2(ends, O_CLOEXEC);
#else
    return pipe(ends);
#endif
}

static int pipe_make(struct alarm_pipe **result)
{
    struct alarm_pipe *made = malloc(sizeof *made);

    if (made == NULL)
        return -SCTPX_ENOMEM;
    if (pipe_open(made->ends) < 0) {
        free(made);
        return error_now(SCTPX_CALL_OTHER);
    }
    made->fork_generation = slot_fork_generation();
    if (end_prepare(made->ends[0]) < 0 || end_prepare(made->ends[1]) < 0 ||
        pthread_setspecific(key, made) != 0) {
        pipe_drop(made);
        return -SCTPX_ENOMEM;
    }
    *result = made;
    return 0;
}

static int pipe_mine(struct alarm_pipe **result)
{
    pthread_once(&key_once, key_make);
    if (key_result != 0)
        return -error_of(SCTPX_CALL_OTHER, key_result);
    *result = pthread_getspecific(key);
    if (*result != NULL && (*result)->fork_generation == slot_fork_generation())
        return 0;
    /* A fork shares its parent's pipe: a wake-up would reach either. */
    if (*result != NULL) {
        pthread_setspecific(key, NULL);
        pipe_drop(*result);
    }
    return pipe_make(result);
}

static int waiter_add(struct slot *slot, struct waiter *waiter)
{
    int closing;

    pthread_mutex_lock(&slot->wait_lock);
    closing = slot_closing(slot);
    if (!closing) {
        waiter->next = slot->waiters;
        slot->waiters = waiter;
    }
    pthread_mutex_unlock(&slot->wait_lock);
    return closing ? -SCTPX_ECLOSED : 0;
}

static void waiter_remove(struct slot *slot, const struct waiter *waiter)
{
    struct waiter **link;

    pthread_mutex_lock(&slot->wait_lock);
    for (link = &slot->waiters; *link != NULL; link = &(*link)->next)
        if (*link == waiter) {
            *link = waiter->next;
            break;
        }
    pthread_mutex_unlock(&slot->wait_lock);
}

/* Nobody writes into the pipe any more once the waiter is out of the list. */
static void pipe_drain(int descriptor)
{
    char bytes[64];

    while (read(descriptor, bytes, sizeof bytes) == (ssize_t)sizeof bytes)
        continue;
}

int wait_descriptor(struct slot *slot, int descriptor, short events, int64_t deadline)
{
    struct alarm_pipe *mine = NULL;
    struct pollfd polled[2];
    struct waiter waiter;
    int count, problem, result = pipe_mine(&mine);

    if (result < 0)
        return result;
    waiter.wake = mine->ends[1];
    result = waiter_add(slot, &waiter);
    if (result < 0)
        return result;
    polled[0] = (struct pollfd){.fd = descriptor, .events = events};
    polled[1] = (struct pollfd){.fd = mine->ends[0], .events = POLLIN};
    count = poll(polled, 2, deadline_poll(deadline));
    problem = errno;
    waiter_remove(slot, &waiter);
    if (slot_closing(slot))
        result = -SCTPX_ECLOSED;
    else if (count < 0)
        result = -error_of(SCTPX_CALL_OTHER, problem);
    else if (count == 0 && !deadline_passed(deadline))
        result = -SCTPX_EINTR;
    else
        result = polled[0].revents;
    if (result == -SCTPX_ECLOSED || (count > 0 && polled[1].revents != 0))
        pipe_drain(mine->ends[0]);
    return result;
}

void wait_wake(struct slot *slot)
{
    struct waiter *waiter;

    pthread_mutex_lock(&slot->wait_lock);
    for (waiter = slot->waiters; waiter != NULL; waiter = waiter->next) {
        /* A full pipe is readable already. */
        ssize_t written = write(waiter->wake, "", 1);
        (void)written;
    }
    pthread_mutex_unlock(&slot->wait_lock);
}
