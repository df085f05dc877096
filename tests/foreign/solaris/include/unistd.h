/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_UNISTD_H
#define SOLARIS_UNISTD_H

#include <sys/types.h>

#define _SC_CLK_TCK 3
#define _SC_PAGESIZE 11

extern int close(int);
extern int dup(int);
extern int dup2(int, int);
extern uid_t geteuid(void);
extern pid_t getpid(void);
extern int pipe(int *);
#ifndef SOLARIS_5_10
extern int pipe2(int *, int);
#endif
extern ssize_t read(int, void *, size_t);
extern long sysconf(int);
extern int usleep(unsigned int);
extern ssize_t write(int, const void *, size_t);

#endif
