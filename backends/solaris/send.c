/* SPDX-License-Identifier: MIT */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#ifdef MSG_NOSIGNAL

ssize_t os_sendmsg(int descriptor, const struct msghdr *message, int flags)
{
    return sendmsg(descriptor, message, flags);
}

#else

static int is_pending(void)
{
    sigset_t pending;

    return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

/* SIGPIPE is kept from this thread, and taken away again where this call raised
 * it: one that was pending before is somebody else's. */
ssize_t os_sendmsg(int descriptor, const struct msghdr *message, int flags)
{
    static const struct timespec at_once;
    sigset_t pipe, before;
    ssize_t length;
    int problem, was_pending = is_pending();

    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    problem = pthread_sigmask(SIG_BLOCK, &pipe, &before);
    if (problem != 0) {
        errno = problem;
        return -1;
    }
    length = sendmsg(descriptor, message, flags);
    problem = errno;
    if (length < 0 && problem == EPIPE && !was_pending)
        (void)sigtimedwait(&pipe, NULL, &at_once);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = problem;
    return length;
}

#endif
