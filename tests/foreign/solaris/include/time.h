/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_TIME_H
#define SOLARIS_TIME_H

#include <sys/types.h>

struct timespec {
    time_t tv_sec;
    long tv_nsec;
};
struct tm;

#define CLOCK_REALTIME 3
#define CLOCK_MONOTONIC 4

extern int clock_gettime(clockid_t, struct timespec *);
extern int nanosleep(const struct timespec *, struct timespec *);
extern time_t time(time_t *);

#endif
