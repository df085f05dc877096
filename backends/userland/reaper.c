/* SPDX-License-Identifier: MIT */
#include "userland/reaper.h"

#include <errno.h>
#include <stdlib.h>

#include "posix/clock.h"
#include "userland/ending.h"
#include "userland/endpoint.h"
#include "userland/grave.h"
#include "userland/ticker.h"

#define PATIENCE ((int64_t)180000 * MOMENT) /* by then the stack's own guard has struck */

pthread_mutex_t graves_lock = PTHREAD_MUTEX_INITIALIZER;
struct grave *graves;
uint64_t graves_dug;

struct grave *reaper_grave(void)
{
    return calloc(1, sizeof(struct grave));
}

void reaper_grave_free(struct grave *grave)
{
    free(grave);
}

uint32_t grave_left(const struct grave *grave)
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

void grave_abort(struct grave *grave, int64_t now)
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
        grave_abort(grave, now);
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
    if (grave->listener && (turn_away(grave, now) || grave_left(grave) != 0)) {
        grave->looks = 0;
        return 0;
    }
    if (grave_left(grave) != 0) {
        grave_abort(grave, now);
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
    if (grave_left(grave) == 0) {
        ending_drain(grave->so, grave->one_to_one);
        found_gone(grave, now);
    } else if (now >= grave->due && grave->phase == PHASE_ABORTED) {
        ending_force(grave->so);
        return 1;
    } else if (grave->phase == PHASE_ABORTED) {
        (void)ending_tell(grave->so, grave->one_to_one, SCTP_ABORT);
    } else if (now >= grave->due) {
        grave_abort(grave, now);
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

    pthread_mutex_lock(&graves_lock);
    for (link = &graves; (grave = *link) != NULL;) {
        if (step(grave, now)) {
            *link = grave->next;
            lay_down(grave);
        } else {
            link = &grave->next;
        }
    }
    more = graves != NULL;
    pthread_mutex_unlock(&graves_lock);
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
    pthread_mutex_lock(&graves_lock);
    grave->number = ++graves_dug;
    pthread_mutex_unlock(&graves_lock);
    if (grave->listener) {
        usrsctp_listen(so, 0);
        usrsctp_set_non_blocking(so, 1);
        pthread_mutex_lock(&graves_lock);
        (void)turn_away(grave, now);
        pthread_mutex_unlock(&graves_lock);
    } else if (!grave->one_to_one) {
        usrsctp_listen(so, 0);
        grave->fresh = now + GRACE;
    }
    unread = ending_unread(so);
    /* A listener's is another's that is just being made. */
    connected = !grave->listener && grave_left(grave) != 0;
    if (is_untouched(grave, stage, connected)) {
        usrsctp_close(so);
        pthread_mutex_lock(&graves_lock);
        lay_down(grave);
        pthread_mutex_unlock(&graves_lock);
        return;
    }
    if (!connected) {
        found_gone(grave, now);
    } else if (unread || atomic_load(&endpoint->aborts) ||
               ending_before_up(so, grave->one_to_one)) {
        grave_abort(grave, now);
    } else {
        grave->phase = PHASE_ENDING;
        grave->due = now + (grave->watched ? grave->patience : PATIENCE);
        shut_down(grave);
    }
    pthread_mutex_lock(&graves_lock);
    put(grave);
    pthread_mutex_unlock(&graves_lock);
}
