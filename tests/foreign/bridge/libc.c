/* SPDX-License-Identifier: MIT */
/* The rest of libc that differs: errno, clocks, threads' tools, pipes. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bridge.h"

static _Thread_local int problem;

int *bridge___error(void)
{
    return &problem;
}

int fail_native(int errno_of_freebsd)
{
    problem = errno_of_freebsd;
    return -1;
}

int errno_to_freebsd(int host_errno)
{
    static const int rows[][2] = {FB_ERRNOS};
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i][0] == host_errno)
            return rows[i][1];
    return host_errno == 0 ? 0 : FB_EDOOFUS;
}

char *bridge_strerror(int errno_of_freebsd)
{
    static const int rows[][2] = {FB_ERRNOS};
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i][1] == errno_of_freebsd)
            return strerror(rows[i][0]);
    return strerror(-1);
}

int fail(int host_errno)
{
    return fail_native(errno_to_freebsd(host_errno));
}

int bridge_clock_gettime(int clock, struct timespec *now)
{
    return clock_gettime(clock == 4 ? CLOCK_MONOTONIC : CLOCK_REALTIME, now) < 0 ? fail(errno) : 0;
}

ssize_t bridge_read(int descriptor, void *bytes, size_t size)
{
    ssize_t got = read(descriptor, bytes, size);

    return got < 0 ? fail(errno) : got;
}

ssize_t bridge_write(int descriptor, const void *bytes, size_t size)
{
    ssize_t put = write(descriptor, bytes, size);

    return put < 0 ? fail(errno) : put;
}

#define FB_O_CLOEXEC 0x00100000

int bridge_pipe2(int ends[2], int flags)
{
    return pipe2(ends, (flags & FB_O_CLOEXEC) != 0 ? O_CLOEXEC : 0) < 0 ? fail(errno) : 0;
}

/* POLLIN, POLLOUT, POLLERR and POLLHUP have the same numbers. */
int bridge_poll(struct pollfd *polled, unsigned int count, int timeout)
{
    int ready = poll(polled, count, timeout);

    return ready < 0 ? fail(errno) : ready;
}

#define FB_O_NONBLOCK 0x4

/* Of a socket of ours: the stack, not the descriptor, is what would wait. */
static int status_flags(int descriptor, int command, long argument)
{
    struct held held;
    int flags;

    if (hold(descriptor, &held) < 0)
        return -1;
    if (command == 4)
        held.state->waits = (argument & FB_O_NONBLOCK) == 0;
    flags = command == 4 ? 0 : O_RDWR | (held.state->waits ? 0 : FB_O_NONBLOCK);
    let_go(&held);
    return flags;
}

int bridge_fcntl(int descriptor, int command, long argument)
{
    int flags;

    if ((command == 3 || command == 4) && is_ours(descriptor))
        return status_flags(descriptor, command, argument);
    switch (command) {
    case 1: /* F_GETFD */
        flags = fcntl(descriptor, F_GETFD);
        break;
    case 2: /* F_SETFD; FD_CLOEXEC is 1 on both */
        flags = fcntl(descriptor, F_SETFD, argument);
        break;
    case 3: /* F_GETFL */
        flags = fcntl(descriptor, F_GETFL);
        if (flags >= 0)
            flags = (flags & O_ACCMODE) | ((flags & O_NONBLOCK) != 0 ? FB_O_NONBLOCK : 0);
        break;
    case 4: /* F_SETFL */
        flags = fcntl(descriptor, F_SETFL, (argument & FB_O_NONBLOCK) != 0 ? O_NONBLOCK : 0);
        break;
    default:
        return fail(EINVAL);
    }
    return flags < 0 ? fail(errno) : flags;
}

/* A mutex is a pointer there, and 0 until it is used. */
static pthread_mutex_t *mutex_of(pthread_mutex_t *_Atomic *mutex)
{
    pthread_mutex_t *old = NULL, *made = atomic_load(mutex);

    if (made != NULL)
        return made;
    made = malloc(sizeof *made);
    if (made == NULL || pthread_mutex_init(made, NULL) != 0)
        abort();
    if (atomic_compare_exchange_strong(mutex, &old, made))
        return made;
    free(made);
    return old;
}

int bridge_pthread_mutex_init(pthread_mutex_t *_Atomic *mutex, const void *attributes)
{
    if (attributes != NULL)
        abort();
    atomic_store(mutex, NULL);
    (void)mutex_of(mutex);
    return 0;
}

int bridge_pthread_mutex_destroy(pthread_mutex_t *_Atomic *mutex)
{
    pthread_mutex_t *made = atomic_exchange(mutex, NULL);

    if (made != NULL)
        pthread_mutex_destroy(made);
    free(made);
    return 0;
}

int bridge_pthread_mutex_lock(pthread_mutex_t *_Atomic *mutex)
{
    return errno_to_freebsd(pthread_mutex_lock(mutex_of(mutex)));
}

int bridge_pthread_mutex_unlock(pthread_mutex_t *_Atomic *mutex)
{
    return errno_to_freebsd(pthread_mutex_unlock(mutex_of(mutex)));
}

struct fb_once {
    int state;
    void *mutex;
};

int bridge_pthread_once(struct fb_once *once, void (*call)(void))
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

    pthread_mutex_lock(&lock);
    if (once->state != 1)
        call();
    once->state = 1;
    pthread_mutex_unlock(&lock);
    return 0;
}

int bridge_pthread_key_create(int *key, void (*destroy)(void *))
{
    pthread_key_t made;
    int result = pthread_key_create(&made, destroy);

    *key = (int)made;
    return errno_to_freebsd(result);
}

int bridge_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    return errno_to_freebsd(pthread_atfork(prepare, parent, child));
}

/* uname(): five names of this length. */
int bridge___xuname(int length, char *names)
{
    memset(names, 0, 5 * (size_t)length);
    strcpy(names, "FreeBSD");
    strcpy(names + 2 * (size_t)length, "bridge");
    return 0;
}

/* Of the kernel's settings there is the one that tells whether its packets go over UDP. */
int bridge_sysctlbyname(const char *name, void *old, size_t *old_length, const void *new,
                        size_t new_length)
{
    uint32_t port = (uint32_t)sctpx_udp_port();

    (void)new;
    (void)new_length;
    if (strcmp(name, "net.inet.sctp.udp_tunneling_port") != 0 || *old_length < sizeof port)
        return fail_native(FB_ENOENT);
    memcpy(old, &port, sizeof port);
    *old_length = sizeof port;
    return 0;
}
