/* SPDX-License-Identifier: MIT */
#include "userland/ticker.h"

#include <pthread.h>
#include <time.h>

#include "posix/clock.h"
#include "userland/process.h"
#include "userland/readiness.h"
#include "userland/reaper.h"

#define SOON 1000000L /* ns */
#define ORDINARY 10000000L

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static pthread_cond_t gone;
static long armed;
static int hurried;
static int burying;
static int running;
static int stopping;

static void pause_until(int64_t due)
{
#ifdef __APPLE__
    int64_t time = due - clock_now(); /* no condition there knows the monotonic clock */
#else
    int64_t time = due;
#endif
    struct timespec point = {.tv_sec = (time_t)(time / 1000000000),
                             .tv_nsec = (long)(time % 1000000000)};

#ifdef __APPLE__
    pthread_cond_timedwait_relative_np(&changed, &lock, &point);
#else
    pthread_cond_timedwait(&changed, &lock, &point);
#endif
}

/* Returns when it is time to look, with the lock held throughout. */
static void pause_for_tick(void)
{
    int64_t started = clock_now(), due;

    for (;;) {
        if (stopping)
            return;
        if (armed == 0 && !burying) {
            hurried = 0;
            pthread_cond_wait(&changed, &lock);
            started = clock_now();
            continue;
        }
        due = started + (hurried || burying ? SOON : ORDINARY);
        if (clock_now() >= due)
            return;
        pause_until(due);
    }
}

static void look_around(void)
{
    uint32_t i, count = slot_count();
    struct slot *slot;

    for (i = 0; i < count; i++)
        if (slot_enter_index(i, &slot) == 0) {
            readiness_tick(slot);
            slot_leave(slot);
        }
}

static void *tick(void *unused)
{
    int more;

    (void)unused;
    pthread_mutex_lock(&lock);
    for (;;) {
        pause_for_tick();
        if (stopping)
            break;
        hurried = 0;
        burying = 0;
        pthread_mutex_unlock(&lock);
        look_around();
        more = reaper_work();
        pthread_mutex_lock(&lock);
        burying |= more;
    }
    running = 0;
    pthread_cond_broadcast(&gone);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static int conditions_make(void)
{
    pthread_condattr_t attributes;
    int problem = pthread_condattr_init(&attributes);

    if (problem != 0)
        return problem;
#ifndef __APPLE__
    problem = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
#endif
    if (problem == 0)
        problem = pthread_cond_init(&changed, &attributes);
    pthread_condattr_destroy(&attributes);
    return problem != 0 ? problem : pthread_cond_init(&gone, NULL);
}

int ticker_start(void)
{
    int problem = conditions_make();

    if (problem != 0)
        return problem;
    running = 1;
    problem = process_thread(tick);
    if (problem != 0)
        running = 0;
    return problem;
}

void ticker_stop(void)
{
    pthread_mutex_lock(&lock);
    stopping = 1;
    pthread_cond_signal(&changed);
    while (running)
        pthread_cond_wait(&gone, &lock);
    pthread_mutex_unlock(&lock);
}

void ticker_arm(int change)
{
    pthread_mutex_lock(&lock);
    armed += change;
    if (armed == 1 && change > 0)
        pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static void ask_soon(int *flag)
{
    pthread_mutex_lock(&lock);
    if (!*flag) {
        *flag = 1;
        pthread_cond_signal(&changed);
    }
    pthread_mutex_unlock(&lock);
}

void ticker_hurry(void)
{
    ask_soon(&hurried);
}

void ticker_wake(void)
{
    ask_soon(&burying);
}
