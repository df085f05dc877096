/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_PTHREAD_H
#define SOLARIS_PTHREAD_H

#include <signal.h>
#include <time.h>

#define PTHREAD_MUTEX_INITIALIZER {{0, 0, 0}}
#define PTHREAD_COND_INITIALIZER {{0, 0}}
#define PTHREAD_ONCE_INIT {{0, 0, 0, 0}}

extern int pthread_atfork(void (*)(void), void (*)(void), void (*)(void));
extern void *pthread_getspecific(pthread_key_t);
extern int pthread_setspecific(pthread_key_t, const void *);
extern int pthread_key_create(pthread_key_t *, void (*)(void *));
extern int pthread_once(pthread_once_t *, void (*)(void));
extern int pthread_mutex_init(pthread_mutex_t *restrict, const pthread_mutexattr_t *restrict);
extern int pthread_mutex_destroy(pthread_mutex_t *);
extern int pthread_mutex_lock(pthread_mutex_t *);
extern int pthread_mutex_trylock(pthread_mutex_t *);
extern int pthread_mutex_unlock(pthread_mutex_t *);
extern pthread_t pthread_self(void);
extern int pthread_sigmask(int, const sigset_t *restrict, sigset_t *restrict);

#endif
