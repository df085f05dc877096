/* SPDX-License-Identifier: MIT */
/* What a slot holds here: a usrsctp socket and what we must know about it. */
#ifndef SCTPX_USERLAND_ENDPOINT_H
#define SCTPX_USERLAND_ENDPOINT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "posix/part.h"
#include "posix/slot.h"
#include "userland/compat.h"

struct grave;

/* A one-to-one socket's life: usrsctp harms an association when a second
 * connect is tried, and forgets why one ended. */
enum stage {
    STAGE_IDLE,
    STAGE_LISTENING,
    STAGE_CONNECTING,
    STAGE_UP,
    STAGE_ENDED, /* was up; why has been told */
    STAGE_FAILED /* never was; why has been told */
};

struct endpoint {
    /* Readiness: taken inside upcalls, so that nothing but usrsctp_get_events
     * may be called under it. */
    pthread_mutex_t lock;
    struct socket *so;
    int near; /* the pair, -1 until it is needed: ours out to select() */
    int far;
    uint32_t waiters;
    uint64_t upcalls;
    int exported;
    int shows_input;
    int refuses_output;
    int read_blocked;  /* recvv would block though READ is said */
    int write_blocked; /* sendv would block */

    /* usrsctp corrupts its heap when two threads receive from one socket. */
    pthread_mutex_t receiving;
    int kept_error;          /* met behind a batch; under receiving */
    int torn;                /* pieces.c: a piece had no end; under receiving */
    int drained;             /* pieces.c: all that there was of one; under receiving */
    pthread_mutex_t sending; /* batches stay together; so do set-ups */
    struct part part;        /* under sending */
    /* reserve.c; under sending */
    uint64_t sent_bytes;
    uint64_t sent_heads; /* what their reports would add */
    uint64_t spare;      /* of the reserve */

    _Atomic int stage;           /* enum stage; one-to-one only */
    _Atomic int64_t association; /* one-to-one: its id, once it has one */
    atomic_int has_defaults;     /* DEFAULT_SEND was set */
    atomic_int whole_only;       /* DISABLE_FRAGMENTS is on */
    atomic_int sets_up;          /* it began an association that was not up at once */
    atomic_int wants_next;       /* the next_ fields are being asked for */
    atomic_int own_mtu;          /* the user has set the path MTU */
    atomic_int local_only;       /* bound so that all its peers are on this host */
    atomic_int aborts;           /* closing aborts */
    atomic_int aborted;          /* one-to-one: how often by ourselves, so closing follows */
    atomic_int lingers;
    _Atomic uint32_t delivery_point; /* pieces.c: the smallest that there was */
    atomic_int reports;              /* failed sends were asked for */
    _Atomic uint32_t receive_buffer; /* the user's, once they were */
    _Atomic uint32_t reserve;        /* what the stack's is larger by */
    _Atomic int64_t linger;          /* microseconds */

    struct grave *grave; /* made with the socket: closing cannot fail */
};

static inline struct endpoint *endpoint_of(const struct slot *slot)
{
    return slot->data;
}

static inline int is_one_to_one(const struct slot *slot)
{
    return slot->style == SCTPX_ONE_TO_ONE;
}

/* A one-to-one that never was connected, or failed to: its association may be
 * there a moment longer than the news of that. */
static inline int is_unconnected(const struct slot *slot)
{
    int stage = atomic_load(&endpoint_of(slot)->stage);

    return is_one_to_one(slot) &&
           (stage == STAGE_IDLE || stage == STAGE_LISTENING || stage == STAGE_FAILED);
}

static inline int native_family(const struct slot *slot)
{
    return slot->family == SCTPX_FAMILY_IPV6 ? AF_INET6 : AF_INET;
}

/* Makes a slot out of an accepted or peeled-off socket; -ENOMEM closes it. */
int64_t endpoint_adopt(const struct slot *parent, struct socket *so, int64_t association);

/* 1 and the status filled in, or 0 when there is no such association. */
int association_status(struct socket *so, int64_t association, struct sctp_status *status);

/* How many a one-to-many has, and all of them, for free(); or an error and NULL,
 * -EAGAIN when it is to be tried again. */
int association_list(struct socket *so, struct sctp_assoc_ids **list);

/* Whether there is anything left of it, even if that is just being freed. */
int association_exists(struct socket *so, int one_to_one, int64_t association);

/* Tells an association SCTP_EOF or SCTP_ABORT (with a reason), which a full
 * queue would refuse as if it were a message.  Nobody else may send or receive
 * meanwhile.  0 or an errno. */
int association_tell(struct socket *so, sctp_assoc_t association, uint16_t how, const void *data,
                     uint32_t length);

#endif
