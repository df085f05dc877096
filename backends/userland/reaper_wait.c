/* SPDX-License-Identifier: MIT */
/* Those who wait for what the reaper buries: a close that lingers, a bind to a
 * port that is still held, and the process's end. */
#include <stdlib.h>
#include <time.h>

#include "posix/clock.h"
#include "sctpx.h"
#include "userland/grave.h"
#include "userland/reaper.h"

void reaper_watch(struct grave *grave, int64_t handle, int64_t patience)
{
    grave->handle = handle;
    grave->patience = patience;
    grave->watched = 1;
}

/* A signal ends the pause: 0; otherwise 1. */
static int pause_for(long time)
{
    struct timespec pause = {.tv_sec = 0, .tv_nsec = time};

    return nanosleep(&pause, NULL) == 0;
}

void reaper_pause(void)
{
    (void)pause_for(MOMENT);
}

static int is_done(const struct grave *grave)
{
    int done;

    pthread_mutex_lock(&graves_lock);
    done = grave->done;
    pthread_mutex_unlock(&graves_lock);
    return done;
}

/* A signal that comes between two pauses ends none: look up by time too. */
int reaper_linger(struct grave *grave)
{
    int64_t until = clock_now() + (int64_t)POLL_LONGEST_MS * MOMENT;
    int done;

    while (!is_done(grave) && clock_now() < until && pause_for(MOMENT))
        continue;
    pthread_mutex_lock(&graves_lock);
    grave->watched = 0;
    done = grave->done;
    pthread_mutex_unlock(&graves_lock);
    if (done)
        free(grave);
    return done ? 0 : -SCTPX_EINTR;
}

int reaper_linger_on(int64_t handle)
{
    struct grave *grave;

    pthread_mutex_lock(&graves_lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        if (grave->handle == handle && !grave->watched)
            break;
    if (grave != NULL)
        grave->watched = 1;
    pthread_mutex_unlock(&graves_lock);
    return grave != NULL ? reaper_linger(grave) : -SCTPX_ECLOSED;
}

static int is_ending(const struct grave *grave)
{
    return grave->phase == PHASE_ENDING;
}

/* It is still to have its moment. */
static int is_unsettled(const struct grave *grave)
{
    return grave->phase != PHASE_GONE || grave->looks < LOOKS;
}

/* Closed, but not yet for the stack. */
static int is_held(const struct grave *grave)
{
    return grave->phase != PHASE_ENDING;
}

/* Whether there is such a one among the first `last`. */
static int any(int (*is_such)(const struct grave *), uint64_t last)
{
    struct grave *grave;
    int found = 0;

    pthread_mutex_lock(&graves_lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        found |= grave->number <= last && is_such(grave);
    pthread_mutex_unlock(&graves_lock);
    return found;
}

#define SETTLING (3 * GRACE)

/* No answer has come yet to those aborted that long ago: none is likely to come
 * right now. */
static void hasten(void)
{
    struct grave *grave;
    int64_t now = clock_now();

    pthread_mutex_lock(&graves_lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        if (grave->phase == PHASE_ABORTED && grave->due <= now + ABORTED_PATIENCE - SETTLING)
            grave->due = now;
    pthread_mutex_unlock(&graves_lock);
}

int reaper_settle(struct settling *settling)
{
    int64_t now = clock_now();

    if (settling->began == 0) {
        settling->began = now;
        pthread_mutex_lock(&graves_lock);
        settling->last = graves_dug;
        pthread_mutex_unlock(&graves_lock);
    }
    if (now >= settling->began + SETTLING + 2 * LISTENER_LOOKS * MOMENT ||
        !any(is_held, settling->last))
        return 0;
    (void)pause_for(MOMENT);
    if (!settling->hastened && now >= settling->began + SETTLING) {
        settling->hastened = 1;
        hasten();
    }
    (void)reaper_work();
    return 1;
}

static int abort_rest(void)
{
    struct grave *grave;
    int count = 0;

    pthread_mutex_lock(&graves_lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        if (grave->phase == PHASE_ENDING) {
            count += (int)grave_left(grave);
            grave_abort(grave, clock_now());
        }
    pthread_mutex_unlock(&graves_lock);
    return count;
}

int reaper_finish(int64_t deadline)
{
    int count;

    while (any(is_ending, UINT64_MAX) && clock_now() < deadline) {
        (void)pause_for(MOMENT);
        (void)reaper_work();
    }
    count = abort_rest();
    (void)reaper_work();
    while (any(is_unsettled, UINT64_MAX) && clock_now() < deadline) {
        (void)pause_for(MOMENT);
        (void)reaper_work();
    }
    return count;
}
