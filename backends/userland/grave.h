/* SPDX-License-Identifier: MIT */
/* What reaper.c, which buries sockets, and reaper_wait.c share, where callers
 * wait for those that are buried. */
#ifndef SCTPX_USERLAND_GRAVE_H
#define SCTPX_USERLAND_GRAVE_H

#include <pthread.h>
#include <stdint.h>

#define MOMENT 1000000     /* ns */
#define GRACE (5 * MOMENT) /* the stack's thread may still be in the last packet */
#define ABORTED_PATIENCE (200 * MOMENT)
/* Looks, a moment apart, that must find nothing before a socket is closed.  What
 * the stack's thread makes out of a COOKIE-ECHO shows neither at the listener nor
 * in its queue for some instructions, and closing the listener then frees it under
 * the thread: it must have had its turn by then, though the machine is busy. */
#define LOOKS 5
#define LISTENER_LOOKS 100

struct socket;

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

/* All of them, and how many there have been, under the lock. */
extern pthread_mutex_t graves_lock;
extern struct grave *graves;
extern uint64_t graves_dug;

/* How many associations its socket has. */
uint32_t grave_left(const struct grave *grave);

void grave_abort(struct grave *grave, int64_t now);

#endif
