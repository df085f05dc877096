/* SPDX-License-Identifier: MIT */
/* What the files share that put a kernel's SCTP behind the border.  os.h is
 * the operating system's own word on everything in which they differ. */
#ifndef SCTPX_POSIX_KERNEL_KERNEL_H
#define SCTPX_POSIX_KERNEL_KERNEL_H

#include "os.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "posix/kernel/os_hooks.h"
#include "posix/part.h"
#include "posix/slot.h"
#include "sctpx.h"

/* Of a one-to-one socket: kernels answer alike before, while and after it is
 * connected. */
enum phase { PHASE_FRESH, PHASE_LISTENING, PHASE_CONNECTING, PHASE_CONNECTED };

/* How far an association is, whatever numbers the kernel has for it. */
enum standing { STANDING_NONE, STANDING_COMING, STANDING_UP };

struct native {
    int descriptor;
    int kept;   /* detached: release leaves the descriptor open */
    int peeled; /* one-to-one at the border, one-to-many to the kernel */
    _Atomic int phase;
    _Atomic int ended;    /* 1: in good order; below zero: why it was lost, ECLOSED: aborted here */
    _Atomic int defaults; /* DEFAULT_SEND may hold something */
    _Atomic int partial;  /* the next piece continues a notification */
    pthread_mutex_t lock; /* over options read, changed and written back */
#if OS_EXPLICIT_EOR
    pthread_mutex_t sending;
    struct part part; /* under it */
#endif
#if OS_KEEPS_STATE
    struct os_state os; /* what this system alone must remember */
#endif
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

/* The type of ids is signed on some systems. */
#define LAST_ASSOCIATION ((sctp_assoc_t)-1 > 0 ? (int64_t)UINT32_MAX : (int64_t)INT32_MAX)

/* Whether a number can be an association's id here. */
static inline int is_id(int64_t association)
{
    return association >= OS_FIRST_ASSOCIATION && association <= LAST_ASSOCIATION;
}

/* A slot around a descriptor that the caller made or was given; on an error
 * the descriptor is still the caller's. */
int handle_wrap(int descriptor, uint32_t family, uint32_t style, struct slot **slot);

/* Of a one-to-one socket: 0 when it is connected, -SCTPX_EINPROGRESS, or why
 * it failed, once, then -SCTPX_ENOTCONN. */
int connect_progress(struct slot *slot);

/* Keeps the errno with which a one-to-one association was lost or not made, as
 * the kernel tells it once, to whichever call comes first.  Whether it was one
 * of that kind. */
int association_lost(struct slot *slot, int problem);

/* The association's status; 0 or a native errno. */
int status_read(const struct slot *slot, int64_t association, struct sctp_status *status);

/* An enum standing, or minus a symbol where the kernel does not tell. */
int association_standing(const struct slot *slot, int64_t association);

/* The id of the association with this peer, or an error. */
int64_t association_find(struct slot *slot, const struct sctpx_address *peer);

/* All ids of a one-to-many socket, for free(); the number or an error. */
int associations_list(struct slot *slot, sctp_assoc_t **ids);

/* How many there are, or an error. */
int associations_count(struct slot *slot);

/* Whether this is one of the association's peer addresses, port and all. */
int association_has_peer(const struct slot *slot, int64_t association,
                         const struct sctpx_address *peer);

/* Begins the graceful end of an association. */
int association_end(struct slot *slot, int64_t association);

/* Takes note of an association's end in a piece of a raw notification, of
 * which `complete` is the last. */
void notification_watch(struct slot *slot, const void *raw, uint32_t length, int complete);

#endif
