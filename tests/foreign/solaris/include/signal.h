/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_SIGNAL_H
#define SOLARIS_SIGNAL_H

#include <sys/types.h>

#define SIGPIPE 13
#define SIG_BLOCK 1
#define SIG_UNBLOCK 2
#define SIG_SETMASK 3

typedef struct {
    unsigned int __sigbits[4];
} sigset_t;
struct timespec;

extern int sigemptyset(sigset_t *);
extern int sigaddset(sigset_t *, int);
extern int sigismember(const sigset_t *, int);
extern int sigpending(sigset_t *);
extern int pthread_sigmask(int, const sigset_t *restrict, sigset_t *restrict);
extern int sigtimedwait(const sigset_t *restrict, void *restrict, const struct timespec *restrict);
extern int sigwait(const sigset_t *, int *);
#if !defined(_STRICT_SYMBOLS)
extern int kill(pid_t, int);
#endif

#endif
