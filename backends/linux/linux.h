/* SPDX-License-Identifier: MIT */
/* What the files of the Linux backend share. */
#ifndef SCTPX_LINUX_LINUX_H
#define SCTPX_LINUX_LINUX_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "linux/compat.h"
#include "posix/slot.h"
#include "sctpx.h"

/* Of a one-to-one socket: the kernel answers EAGAIN and EPIPE alike before,
 * while and after it is connected. */
enum phase { PHASE_FRESH, PHASE_LISTENING, PHASE_CONNECTING, PHASE_CONNECTED };

struct native {
    int descriptor;
    int kept;   /* detached: release leaves the descriptor open */
    int peeled; /* one-to-one at the border, one-to-many to the kernel */
    _Atomic int phase;
    _Atomic int ended;    /* 1: in good order; below zero: why it was lost */
    _Atomic int defaults; /* DEFAULT_SEND may hold something */
    _Atomic int partial;  /* the next piece continues a notification */
    pthread_mutex_t lock; /* over options read, changed and written back */
};

static inline struct native *native_of(const struct slot *slot)
{
    return slot->data;
}

/* A one-to-many socket, or one that the kernel treats so. */
static inline int takes_associations(const struct slot *slot)
{
    return slot->style == SCTPX_ONE_TO_MANY || native_of(slot)->peeled;
}

/* A slot around a descriptor that the caller made or was given; on an error
 * the descriptor is still the caller's. */
int handle_wrap(int descriptor, uint32_t family, uint32_t style, struct slot **slot);

/* A sysctl of net.sctp, as this thread's network namespace has it; -1: nobody tells. */
long sysctl_read(const char *name);

/* Turns on what the shim itself lives by. */
int handle_prepare(int descriptor);

/* Of a one-to-one socket: 0 when it is connected, -SCTPX_EINPROGRESS, or why
 * it failed, once, then -SCTPX_ENOTCONN. */
int connect_progress(struct slot *slot);

/* Keeps the errno with which a one-to-one association was lost or not made, as
 * the kernel tells it once, to whichever call comes first.  Whether it was one
 * of that kind. */
int association_lost(struct slot *slot, int problem);

/* The association's status; 0 or a native errno. */
int status_read(const struct slot *slot, int64_t association, struct sctp_status *status);

/* The id of the association with this peer, or an error. */
int64_t association_find(struct slot *slot, const struct sctpx_address *peer);

/* Begins the graceful end of an association. */
int association_end(struct slot *slot, int64_t association);

/* Takes note of an association's end in a piece of a raw notification, of
 * which `complete` is the last. */
void notification_watch(struct slot *slot, const void *raw, uint32_t length, int complete);

#endif
