/* SPDX-License-Identifier: MIT */
#include "userland/reaper.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "posix/clock.h"
#include "sctpx.h"
#include "userland/ending.h"
#include "userland/endpoint.h"
#include "userland/ticker.h"

#define SECOND 1000000000
#define PATIENCE ((int64_t)180 * SECOND) /* by then the stack's own guard has struck */
#define ABORTED_PATIENCE ((int64_t)SECOND / 5)
#define MOMENT 1000000     /* ns */
#define GRACE (5 * MOMENT) /* the stack's thread may still be in the last packet */
/* Looks, a moment apart, that must find nothing before a socket is closed.  What
 * the stack's thread makes out of a COOKIE-ECHO shows neither at the listener nor
 * in its queue for some instructions, and closing the listener then frees it under
 * the thread: it must have had its turn by then, though the machine is busy. */
#define LOOKS 5
#define LISTENER_LOOKS 100

enum phase {
    PHASE_ENDING,  /* shut down; waits for the peer */
    PHASE_ABORTED, /* an ABORT was sent, or will be: what is set up must be up for it */
    PHASE_GONE     /* no association any more: looked at again at `due` */
};

struct grave {
    struct grave *next;
    struct socket *so;
    uint64_t number; /* in the order of closing; that of its listener */
    int one_to_one;
    int listener;
    int looks;     /* since it was found gone */
    int untold;    /* of the shutdown: the queue is too full for now */
    int64_t fresh; /* one-to-many: until then another association may come up */
    enum phase phase;
    int64_t due;
    int64_t patience; /* how long it may take before it is aborted */
    int64_t handle;   /* by which its watcher comes back */
    int watched;      /* someone waits and frees the grave */
    int done;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct grave *graves;
static uint64_t buried;

struct grave *reaper_grave(void)
{
    return calloc(1, sizeof(struct grave));
}

void reaper_grave_free(struct grave *grave)
{
    free(grave);
}

static uint32_t left(const struct grave *grave)
{
    return ending_left(grave->so, grave->one_to_one);
}

static void shut_down(struct grave *grave)
{
    if (grave->one_to_one)
        (void)usrsctp_shutdown(grave->so, SHUT_WR);
    else
        grave->untold = ending_tell(grave->so, 0, SCTP_EOF);
}

static void abort_now(struct grave *grave, int64_t now)
{
    (void)ending_tell(grave->so, grave->one_to_one, SCTP_ABORT);
    grave->phase = PHASE_ABORTED;
    grave->due = now + ABORTED_PATIENCE;
}

/* Called with the lock held. */
static void put(struct grave *grave)
{
    grave->next = graves;
    graves = grave;
    ticker_wake();
}

/* Those that nobody accepted get an ABORT, as from a kernel; whether there were
 * any.  Called with the lock held. */
static int turn_away(const struct grave *listener, int64_t now)
{
    struct socket *child;
    struct grave *grave;
    int found = 0;

    for (;;) {
        child = usrsctp_accept(listener->so, NULL, NULL);
        if (child == NULL && (errno == ECONNRESET || errno == ECONNABORTED))
            continue; /* ended by itself; others may be behind it */
        if (child == NULL)
            return found;
        found = 1;
        grave = reaper_grave();
        if (grave == NULL) {
            ending_force(child);
            continue;
        }
        grave->so = child;
        grave->number = listener->number;
        grave->one_to_one = 1;
        abort_now(grave, now);
        put(grave);
    }
}

static void found_gone(struct grave *grave, int64_t now)
{
    grave->phase = PHASE_GONE;
    grave->looks = 0;
    grave->due = now + MOMENT;
}

/* One step of PHASE_GONE; 1 when the socket is closed. */
static int look(struct grave *grave, int64_t now)
{
    if (now < grave->due)
        return 0;
    grave->due = now + MOMENT;
    /* One whose COOKIE-ECHO was being read when it stopped listening is for a
     * moment the listener's own. */
    if (grave->listener && (turn_away(grave, now) || left(grave) != 0)) {
        grave->looks = 0;
        return 0;
    }
    if (left(grave) != 0) {
        abort_now(grave, now);
        return 0;
    }
    if (++grave->looks < (grave->listener ? LISTENER_LOOKS : LOOKS))
        return 0;
    usrsctp_close(grave->so);
    return 1;
}

/* One step; 1 when the socket is closed. */
static int step(struct grave *grave, int64_t now)
{
    if (grave->phase == PHASE_GONE)
        return look(grave, now);
    ending_drain(grave->so, grave->one_to_one);
    if (left(grave) == 0) {
        ending_drain(grave->so, grave->one_to_one);
        found_gone(grave, now);
    } else if (now >= grave->due && grave->phase == PHASE_ABORTED) {
        ending_force(grave->so);
        return 1;
    } else if (grave->phase == PHASE_ABORTED) {
        (void)ending_tell(grave->so, grave->one_to_one, SCTP_ABORT);
    } else if (now >= grave->due) {
        abort_now(grave, now);
    } else if (grave->untold || now < grave->fresh) {
        shut_down(grave);
    }
    return 0;
}

/* Called with the lock held. */
static void lay_down(struct grave *grave)
{
    grave->done = 1;
    grave->so = NULL;
    if (!grave->watched)
        free(grave);
}

int reaper_work(void)
{
    struct grave **link, *grave;
    int64_t now = clock_now();
    int more;

    pthread_mutex_lock(&lock);
    for (link = &graves; (grave = *link) != NULL;) {
        if (step(grave, now)) {
            *link = grave->next;
            lay_down(grave);
        } else {
            link = &grave->next;
        }
    }
    more = graves != NULL;
    pthread_mutex_unlock(&lock);
    return more;
}

/* Neither connected nor a listener, so no packet can be on its way to it. */
static int is_untouched(const struct grave *grave, int stage, int connected)
{
    return !connected && grave->one_to_one && stage == STAGE_IDLE;
}

void reaper_bury(struct grave *grave, struct socket *so, const struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);
    int stage = atomic_load(&endpoint->stage), unread, connected;
    int64_t now = clock_now();

    grave->so = so;
    grave->one_to_one = is_one_to_one(slot);
    grave->listener = stage == STAGE_LISTENING;
    pthread_mutex_lock(&lock);
    grave->number = ++buried;
    pthread_mutex_unlock(&lock);
    if (grave->listener) {
        usrsctp_listen(so, 0);
        usrsctp_set_non_blocking(so, 1);
        pthread_mutex_lock(&lock);
        (void)turn_away(grave, now);
        pthread_mutex_unlock(&lock);
    } else if (!grave->one_to_one) {
        usrsctp_listen(so, 0);
        grave->fresh = now + GRACE;
    }
    unread = ending_unread(so);
    /* A listener's is another's that is just being made. */
    connected = !grave->listener && left(grave) != 0;
    if (is_untouched(grave, stage, connected)) {
        usrsctp_close(so);
        pthread_mutex_lock(&lock);
        lay_down(grave);
        pthread_mutex_unlock(&lock);
        return;
    }
    if (!connected) {
        found_gone(grave, now);
    } else if (unread || atomic_load(&endpoint->aborts) ||
               ending_before_up(so, grave->one_to_one)) {
        abort_now(grave, now);
    } else {
        grave->phase = PHASE_ENDING;
        grave->due = now + (grave->watched ? grave->patience : PATIENCE);
        shut_down(grave);
    }
    pthread_mutex_lock(&lock);
    put(grave);
    pthread_mutex_unlock(&lock);
}

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

    pthread_mutex_lock(&lock);
    done = grave->done;
    pthread_mutex_unlock(&lock);
    return done;
}

/* A signal that comes between two pauses ends none: look up by time too. */
int reaper_linger(struct grave *grave)
{
    int64_t until = clock_now() + (int64_t)POLL_LONGEST_MS * MOMENT;
    int done;

    while (!is_done(grave) && clock_now() < until && pause_for(MOMENT))
        continue;
    pthread_mutex_lock(&lock);
    grave->watched = 0;
    done = grave->done;
    pthread_mutex_unlock(&lock);
    if (done)
        free(grave);
    return done ? 0 : -SCTPX_EINTR;
}

int reaper_linger_on(int64_t handle)
{
    struct grave *grave;

    pthread_mutex_lock(&lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        if (grave->handle == handle && !grave->watched)
            break;
    if (grave != NULL)
        grave->watched = 1;
    pthread_mutex_unlock(&lock);
    return grave != NULL ? reaper_linger(grave) : -SCTPX_ECLOSED;
}

/* Whether any still waits for its peer. */
static int any_ending(void)
{
    struct grave *grave;
    int found = 0;

    pthread_mutex_lock(&lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        found |= grave->phase == PHASE_ENDING;
    pthread_mutex_unlock(&lock);
    return found;
}

/* Whether any is still to have its moment. */
static int any_unsettled(void)
{
    struct grave *grave;
    int found = 0;

    pthread_mutex_lock(&lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        found |= grave->phase != PHASE_GONE || grave->looks < LOOKS;
    pthread_mutex_unlock(&lock);
    return found;
}

#define SETTLING (3 * GRACE)

/* No answer has come yet to those aborted that long ago: none is likely to come
 * right now. */
static void hasten(void)
{
    struct grave *grave;
    int64_t now = clock_now();

    pthread_mutex_lock(&lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        if (grave->phase == PHASE_ABORTED && grave->due <= now + ABORTED_PATIENCE - SETTLING)
            grave->due = now;
    pthread_mutex_unlock(&lock);
}

/* Whether any of the first so many is closed but not yet for the stack. */
static int any_of(uint64_t last)
{
    struct grave *grave;
    int found = 0;

    pthread_mutex_lock(&lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        found |= grave->phase != PHASE_ENDING && grave->number <= last;
    pthread_mutex_unlock(&lock);
    return found;
}

int reaper_settle(struct settling *settling)
{
    int64_t now = clock_now();

    if (settling->began == 0) {
        settling->began = now;
        pthread_mutex_lock(&lock);
        settling->last = buried;
        pthread_mutex_unlock(&lock);
    }
    if (now >= settling->began + SETTLING + 2 * LISTENER_LOOKS * MOMENT || !any_of(settling->last))
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

    pthread_mutex_lock(&lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        if (grave->phase == PHASE_ENDING) {
            count += (int)left(grave);
            abort_now(grave, clock_now());
        }
    pthread_mutex_unlock(&lock);
    return count;
}

int reaper_finish(int64_t deadline)
{
    int count;

    while (any_ending() && clock_now() < deadline) {
        (void)pause_for(MOMENT);
        (void)reaper_work();
    }
    count = abort_rest();
    (void)reaper_work();
    while (any_unsettled() && clock_now() < deadline) {
        (void)pause_for(MOMENT);
        (void)reaper_work();
    }
    return count;
}
