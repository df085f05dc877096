/* SPDX-License-Identifier: MIT */
/*
 * The table of handles.  Slots are never freed and never move, so that a
 * pointer to one stays good whatever other threads do; a handle carries the
 * slot's generation and goes stale when the slot is closed.
 *
 * Whoever works on a slot is counted as its user.  Closing lets nobody else
 * in, and the last user out releases what the slot holds: a descriptor's
 * number is never given out again under a call that still uses it.
 */
#ifndef SCTPX_POSIX_SLOT_H
#define SCTPX_POSIX_SLOT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "sctpx.h"

struct waiter;

struct slot {
    _Atomic uint64_t state; /* generation, closing bit, number of users */
    uint32_t index;
    uint32_t fork_generation;
    uint32_t family; /* enum sctpx_family */
    uint32_t style;  /* enum sctpx_style, as the border sees it */
    void *data;      /* the backend's; slot_backend.size bytes, as old as the slot */
    pthread_mutex_t wait_lock;
    struct waiter *waiters;
    struct slot *next_free;
};

/* Each backend defines one. */
struct slot_backend {
    size_t size;
    void (*prepare)(struct slot *slot); /* once in a slot's life: locks */
    void (*release)(struct slot *slot); /* the last user has left; also after a
                                           slot_new that was never published */
};
extern const struct slot_backend slot_backend;

/* A slot with the caller as its only user, which nobody else can enter before
 * slot_publish.  To give up, slot_leave it.  0 or -SCTPX_ENOMEM. */
int slot_new(struct slot **slot);

/* The slot's handle; good before publication too, for call-backs. */
int64_t slot_handle(const struct slot *slot);

/* Lets others in and ends the caller's use; the handle. */
int64_t slot_publish(struct slot *slot);

/* 0, -SCTPX_EBADF, -SCTPX_ECLOSED or -SCTPX_EFORKED. */
int slot_enter(int64_t handle, struct slot **slot);

/* Whatever is open at this index, for walks over slot_count() slots; the same
 * results. */
int slot_enter_index(uint32_t index, struct slot **slot);
uint32_t slot_count(void);

/* For a pointer that came to this thread unordered, by a library's call-back:
 * what slot_new wrote is seen from here on. */
static inline void slot_acquire(const struct slot *slot)
{
    (void)atomic_load(&slot->state);
}

void slot_leave(struct slot *slot);

/* Enters the slot, closes it to everyone else and wakes its waiters; the
 * caller then leaves it.  In a fork nobody else can be inside: there the
 * caller is the only user.  0, -SCTPX_EBADF or -SCTPX_ECLOSED. */
int slot_close(int64_t handle, struct slot **slot);

int slot_closing(const struct slot *slot);

/* Whether this process is a fork of the one that opened the slot. */
int slot_forked(const struct slot *slot);

/* Grows by one in each fork. */
uint32_t slot_fork_generation(void);

#endif
