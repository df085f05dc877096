/* SPDX-License-Identifier: MIT */
#include "userland/reaper.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "posix/clock.h"
#include "sctpx.h"
#include "userland/endpoint.h"
#include "userland/ticker.h"

#define SECOND 1000000000
#define PATIENCE ((int64_t)180 * SECOND) /* by then the stack's own guard has struck */
#define ABORTED_PATIENCE ((int64_t)SECOND / 5)
#define MOMENT 1000000     /* ns */
#define GRACE (5 * MOMENT) /* the stack's thread may still be in the last packet */

enum phase {
    PHASE_ENDING,  /* shut down; waits for the peer */
    PHASE_ABORTED, /* an ABORT was sent, or will be: what is set up must be up for it */
    PHASE_GONE     /* no association any more: closed at `due` */
};

struct grave {
    struct grave *next;
    struct socket *so;
    int one_to_one;
    int listener;
    int untold; /* of the shutdown: the queue is too full for now */
    enum phase phase;
    int64_t due;
    int64_t patience; /* how long it may take before it is aborted */
    int64_t handle;   /* by which its watcher comes back */
    int watched;      /* someone waits and frees the grave */
    int done;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct grave *graves;

struct grave *reaper_grave(void)
{
    return calloc(1, sizeof(struct grave));
}

void reaper_grave_free(struct grave *grave)
{
    free(grave);
}

/* Drops whatever is there to read; 1 if user data was among it. */
static int drain(struct socket *so)
{
    char bytes[8192];
    struct sctp_rcvinfo info;
    int data = 0;

    for (;;) {
        socklen_t length = sizeof info;
        unsigned kind = 0;
        int flags = 0;
        ssize_t got =
            usrsctp_recvv(so, bytes, sizeof bytes, NULL, NULL, &info, &length, &kind, &flags);

        if (got <= 0)
            return data;
        if ((flags & MSG_NOTIFICATION) == 0)
            data = 1;
    }
}

/* How many there are; with `ids`, they too, for free(). */
static uint32_t associations(const struct grave *grave, struct sctp_assoc_ids **ids)
{
    struct sctp_status status;
    uint32_t count = 0;
    socklen_t length = sizeof count;

    if (grave->one_to_one)
        count = association_status(grave->so, 0, &status) ? 1 : 0;
    else if (usrsctp_getsockopt(grave->so, IPPROTO_SCTP, SCTP_GET_ASSOC_NUMBER, &count, &length) <
             0)
        count = 0;
    if (ids == NULL)
        return count;
    length = (socklen_t)(sizeof **ids + count * sizeof(sctp_assoc_t));
    *ids = calloc(1, length);
    if (*ids == NULL)
        return 0;
    (*ids)->gaids_number_of_ids = count;
    if (!grave->one_to_one &&
        usrsctp_getsockopt(grave->so, IPPROTO_SCTP, SCTP_GET_ASSOC_ID_LIST, *ids, &length) < 0)
        (*ids)->gaids_number_of_ids = 0;
    return (*ids)->gaids_number_of_ids < count ? (*ids)->gaids_number_of_ids : count;
}

/* 1 when it can be told later only. */
static int end_all(const struct grave *grave, uint16_t how)
{
    struct sctp_assoc_ids *ids;
    uint32_t i, count = associations(grave, &ids);
    int later = ids == NULL;

    for (i = 0; i < count; i++)
        if (association_tell(grave->so, ids->gaids_assoc_id[i], how, NULL, 0) == EWOULDBLOCK)
            later = 1;
    free(ids);
    return later;
}

static void shut_down(struct grave *grave)
{
    if (grave->one_to_one)
        (void)usrsctp_shutdown(grave->so, SHUT_WR);
    else
        grave->untold = end_all(grave, SCTP_EOF);
}

/* Whether none of them is up yet. */
static int only_setting_up(const struct grave *grave)
{
    struct sctp_assoc_ids *ids;
    struct sctp_status status;
    uint32_t i, count = associations(grave, &ids);
    int only = count != 0;

    for (i = 0; i < count; i++)
        if (association_status(grave->so, ids->gaids_assoc_id[i], &status) &&
            status.sstat_state != SCTP_COOKIE_WAIT && status.sstat_state != SCTP_COOKIE_ECHOED)
            only = 0;
    free(ids);
    return only;
}

static void abort_now(struct grave *grave, int64_t now)
{
    (void)end_all(grave, SCTP_ABORT);
    grave->phase = PHASE_ABORTED;
    grave->due = now + ABORTED_PATIENCE;
}

/* With an association.  usrsctp frees the socket twice when a packet for that
 * comes in at this very moment: nothing is closed so that can be aborted. */
static void close_hard(struct socket *so)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};

    usrsctp_setsockopt(so, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    usrsctp_close(so);
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
static int turn_away(struct socket *listener, int64_t now)
{
    struct socket *child;
    struct grave *grave;
    int found = 0;

    while ((child = usrsctp_accept(listener, NULL, NULL)) != NULL) {
        found = 1;
        grave = reaper_grave();
        if (grave == NULL) {
            close_hard(child);
            continue;
        }
        grave->so = child;
        grave->one_to_one = 1;
        abort_now(grave, now);
        put(grave);
    }
    return found;
}

/* One step; 1 when the socket is closed. */
static int step(struct grave *grave, int64_t now)
{
    if (grave->phase == PHASE_GONE) {
        if (now < grave->due)
            return 0;
        /* One whose COOKIE-ECHO was being read when it stopped listening: usrsctp
         * looks at the listener with each packet for such a one. */
        if (grave->listener && turn_away(grave->so, now)) {
            grave->due = now + GRACE;
            return 0;
        }
        usrsctp_close(grave->so);
        return 1;
    }
    (void)drain(grave->so);
    if (associations(grave, NULL) == 0) {
        (void)drain(grave->so);
        grave->phase = PHASE_GONE;
        grave->due = now + GRACE;
    } else if (now >= grave->due && grave->phase == PHASE_ABORTED) {
        close_hard(grave->so);
        return 1;
    } else if (grave->phase == PHASE_ABORTED) {
        (void)end_all(grave, SCTP_ABORT);
    } else if (now >= grave->due) {
        abort_now(grave, now);
    } else if (grave->untold) {
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
    if (grave->listener) {
        usrsctp_listen(so, 0);
        usrsctp_set_non_blocking(so, 1);
        pthread_mutex_lock(&lock);
        (void)turn_away(so, now);
        pthread_mutex_unlock(&lock);
    } else if (!grave->one_to_one) {
        usrsctp_listen(so, 0);
    }
    unread = drain(so);
    connected = associations(grave, NULL) != 0;
    if (is_untouched(grave, stage, connected)) {
        usrsctp_close(so);
        pthread_mutex_lock(&lock);
        lay_down(grave);
        pthread_mutex_unlock(&lock);
        return;
    }
    if (!connected) {
        grave->phase = PHASE_GONE;
        grave->due = now + GRACE;
    } else if (unread || atomic_load(&endpoint->aborts) || only_setting_up(grave)) {
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
        if (grave->handle == handle)
            break;
    if (grave != NULL)
        grave->watched = 1;
    pthread_mutex_unlock(&lock);
    return grave != NULL ? reaper_linger(grave) : -SCTPX_ECLOSED;
}

static int any_gone(void)
{
    struct grave *grave;
    int found = 0;

    pthread_mutex_lock(&lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        found |= grave->phase != PHASE_ENDING;
    pthread_mutex_unlock(&lock);
    return found;
}

/* No answer has come to them: none is likely to come right now. */
static void hasten(void)
{
    struct grave *grave;

    pthread_mutex_lock(&lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        if (grave->phase == PHASE_ABORTED)
            grave->due = clock_now();
    pthread_mutex_unlock(&lock);
}

int reaper_settle(void)
{
    int i, found = any_gone();

    for (i = 0; i < 3 * GRACE / MOMENT && any_gone(); i++) {
        (void)pause_for(MOMENT);
        (void)reaper_work();
    }
    hasten();
    (void)reaper_work();
    return found;
}

static int abort_rest(void)
{
    struct grave *grave;
    int count = 0;

    pthread_mutex_lock(&lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        if (grave->phase == PHASE_ENDING) {
            count += (int)associations(grave, NULL);
            abort_now(grave, clock_now());
        }
    pthread_mutex_unlock(&lock);
    return count;
}

static int undelivered(void)
{
    struct grave *grave;
    int found = 0;

    pthread_mutex_lock(&lock);
    for (grave = graves; grave != NULL; grave = grave->next)
        found |= grave->phase == PHASE_ENDING;
    pthread_mutex_unlock(&lock);
    return found;
}

int reaper_finish(int64_t deadline)
{
    int count;

    while (undelivered() && clock_now() < deadline) {
        (void)pause_for(MOMENT);
        (void)reaper_work();
    }
    count = abort_rest();
    while (reaper_work() && clock_now() < deadline)
        (void)pause_for(MOMENT);
    return count;
}
