/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_FCNTL_H
#define SOLARIS_FCNTL_H

#include <sys/types.h>

#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_NONBLOCK 0x80
#ifndef SOLARIS_5_10
#define O_CLOEXEC 0x800000
#define F_DUPFD_CLOEXEC 37
#endif
#define F_DUPFD 0
#define F_GETFD 1
#define F_SETFD 2
#define F_GETFL 3
#define F_SETFL 4
#define FD_CLOEXEC 1

extern int fcntl(int, int, ...);
extern int open(const char *, int, ...);

#endif
