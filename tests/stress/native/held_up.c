/* SPDX-License-Identifier: MIT */
/*
 * For LD_PRELOAD: libusrsctp's own threads are held up where they let go of a lock, as by a
 * scheduler with more to do: once in HELD_UP_EVERY times, for up to HELD_UP_FOR microseconds, by
 * chance out of HELD_UP_SEED.  How often it was is said at the end.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct start {
    void *(*body)(void *);
    void *argument;
};

static unsigned every, longest, seed, pauses;
static _Thread_local unsigned luck; /* 0: not one of the stack's threads */

__attribute__((constructor)) static void configure(void)
{
    every = (unsigned)atoi(getenv("HELD_UP_EVERY"));
    longest = (unsigned)atoi(getenv("HELD_UP_FOR"));
    seed = (unsigned)atoi(getenv("HELD_UP_SEED"));
}

__attribute__((destructor)) static void tell(void)
{
    fprintf(stderr, "held up %u times\n", __atomic_load_n(&pauses, __ATOMIC_RELAXED));
}

static void *stack_thread(void *given)
{
    struct start start = *(struct start *)given;

    free(given);
    luck = __atomic_add_fetch(&seed, 1, __ATOMIC_RELAXED) * 2654435761u | 1;
    return start.body(start.argument);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                   void *argument)
{
    int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
        (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))dlsym(
            RTLD_NEXT, "pthread_create");
    struct start *start;
    Dl_info caller;

    if (dladdr(__builtin_return_address(0), &caller) == 0 ||
        strstr(caller.dli_fname, "libusrsctp") == NULL)
        return create(thread, attributes, body, argument);
    start = malloc(sizeof *start);
    if (start == NULL)
        abort();
    *start = (struct start){body, argument};
    return create(thread, attributes, stack_thread, start);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    static int (*unlock)(pthread_mutex_t *);
    int result;

    if (unlock == NULL)
        unlock = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_unlock");
    result = unlock(mutex);
    if (luck != 0) {
        luck = luck * 1664525u + 1013904223u;
        luck |= luck == 0;
        if ((luck >> 8) % every == 0) {
            __atomic_add_fetch(&pauses, 1, __ATOMIC_RELAXED);
            usleep((luck >> 16) % longest);
        }
    }
    return result;
}
