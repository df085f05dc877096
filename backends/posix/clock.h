/* SPDX-License-Identifier: MIT */
/* Deadlines: points on the monotonic clock, in nanoseconds. */
#ifndef SCTPX_POSIX_CLOCK_H
#define SCTPX_POSIX_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "sctpx.h"

#define DEADLINE_NEVER INT64_MAX
/* A signal that comes just before poll() does not end it: the longest that its
 * handler then waits.  A wait that ends by this alone is -SCTPX_EINTR, and so
 * is one that ends for nothing: woken so often, a call that tried again by
 * itself would leave its caller no time for handlers at all. */
#define POLL_LONGEST_MS 250

static inline int64_t clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* A negative time-out waits for ever. */
static inline int64_t deadline_after(int64_t timeout)
{
    int64_t now;

    if (timeout < 0)
        return DEADLINE_NEVER;
    now = clock_now();
    return timeout < DEADLINE_NEVER - now ? now + timeout : DEADLINE_NEVER;
}

static inline int deadline_passed(int64_t deadline)
{
    return deadline != DEADLINE_NEVER && clock_now() >= deadline;
}

/* What poll() takes, rounded up so that a wait never ends before its time. */
static inline int deadline_poll(int64_t deadline)
{
    int64_t left;

    if (deadline == DEADLINE_NEVER)
        return POLL_LONGEST_MS;
    left = deadline - clock_now();
    if (left <= 0)
        return 0;
    left = (left - 1) / 1000000 + 1;
    return left < POLL_LONGEST_MS ? (int)left : POLL_LONGEST_MS;
}

/* The result of a call that was tried again after its wait. */
static inline int64_t wait_ended(int64_t result)
{
    return result == -SCTPX_EAGAIN ? -SCTPX_EINTR : result;
}

#endif
