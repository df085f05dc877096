/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_SYS_STAT_H
#define SOLARIS_SYS_STAT_H

#include <time.h>

struct stat;

#endif
