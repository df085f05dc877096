/* SPDX-License-Identifier: MIT */
/*
 * Solaris' libraries for the object code of its shim: every call that could
 * reach a kernel goes to a script (fakes.h, generated, has one function for
 * each name); memory and locks are counted here.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int64_t script(const char *name, const int64_t *arguments);

static script *play;
static int problem;
static long blocks;     /* that were allocated and not freed */
static long locks_held; /* one thread plays */
static long misuses;    /* of a lock */

void fakes_begin(script *with);
void fakes_begin(script *with)
{
    play = with;
    misuses = 0;
}

int *fakes_errno(void);
int *fakes_errno(void)
{
    return &problem;
}

long fakes_blocks(void);
long fakes_blocks(void)
{
    return blocks;
}

long fakes_misuses(void);
long fakes_misuses(void)
{
    return misuses + (locks_held != 0);
}

#define FAKE(name)                                                                                 \
    int64_t fake_##name(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t);                     \
    int64_t fake_##name(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)          \
    {                                                                                              \
        const int64_t arguments[] = {a, b, c, d, e, f};                                            \
                                                                                                   \
        return play(#name, arguments);                                                             \
    }
#include "fakes.h"
#include "ways.h"

int *fake____errno(void);
int *fake____errno(void)
{
    return &problem;
}

/* Fresh memory has something in it. */
void *fake_malloc(size_t);
void *fake_malloc(size_t size)
{
    void *block = malloc(size > 0 ? size : 1);

    if (block != NULL) {
        memset(block, 0xa5, size);
        blocks++;
    }
    return block;
}

void *fake_calloc(size_t, size_t);
void *fake_calloc(size_t count, size_t size)
{
    void *block = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

    blocks += block != NULL;
    return block;
}

void *fake_realloc(void *, size_t);
void *fake_realloc(void *old, size_t size)
{
    void *block = realloc(old, size);

    blocks += old == NULL && block != NULL;
    return block;
}

void fake_free(void *);
void fake_free(void *block)
{
    blocks -= block != NULL;
    free(block);
}

/* A mutex there has 24 bytes, and zeroes are an unlocked one. */
struct mutex {
    uint64_t held;
    uint64_t rest[2];
};

int fake_pthread_mutex_init(struct mutex *, const void *);
int fake_pthread_mutex_init(struct mutex *mutex, const void *attributes)
{
    misuses += attributes != NULL;
    memset(mutex, 0, sizeof *mutex);
    return 0;
}

int fake_pthread_mutex_destroy(struct mutex *);
int fake_pthread_mutex_destroy(struct mutex *mutex)
{
    misuses += mutex->held != 0;
    return 0;
}

int fake_pthread_mutex_lock(struct mutex *);
int fake_pthread_mutex_lock(struct mutex *mutex)
{
    misuses += mutex->held != 0;
    mutex->held = 1;
    locks_held++;
    return 0;
}

int fake_pthread_mutex_unlock(struct mutex *);
int fake_pthread_mutex_unlock(struct mutex *mutex)
{
    misuses += mutex->held != 1;
    mutex->held = 0;
    locks_held--;
    return 0;
}

int fake_pthread_once(uint64_t[4], void (*)(void));
int fake_pthread_once(uint64_t once[4], void (*call)(void))
{
    if (once[0] == 0)
        call();
    once[0] = 1;
    return 0;
}

static const void *values[16];
static unsigned int keys;

int fake_pthread_key_create(unsigned int *, void (*)(void *));
int fake_pthread_key_create(unsigned int *key, void (*destroy)(void *))
{
    (void)destroy;
    *key = ++keys;
    return keys < 16 ? 0 : 11;
}

const void *fake_pthread_getspecific(unsigned int);
const void *fake_pthread_getspecific(unsigned int key)
{
    return values[key];
}

int fake_pthread_setspecific(unsigned int, const void *);
int fake_pthread_setspecific(unsigned int key, const void *value)
{
    values[key] = value;
    return 0;
}

int fake_pthread_atfork(void (*)(void), void (*)(void), void (*)(void));
int fake_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    (void)prepare;
    (void)parent;
    (void)child;
    return 0;
}

/* Time passes by itself: the script's polls move it on. */
static int64_t now = 1000000000;

void fakes_pass(int64_t);
void fakes_pass(int64_t time)
{
    now += time;
}

int fake_clock_gettime(int, struct timespec *);
int fake_clock_gettime(int clock, struct timespec *time)
{
    misuses += clock != 4;
    time->tv_sec = now / 1000000000;
    time->tv_nsec = now % 1000000000;
    return 0;
}
