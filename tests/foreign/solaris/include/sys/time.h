/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_SYS_TIME_H
#define SOLARIS_SYS_TIME_H

#include <time.h>

struct timeval {
    time_t tv_sec;
    suseconds_t tv_usec;
};

#endif
