/* SPDX-License-Identifier: MIT */
/*
 * A descriptor for a stack that has none: one end of a pair of stream sockets
 * is handed out.  A byte in it makes it readable, its own full send buffer
 * makes it not writable, so that poll() sees all four states; an eventfd or a
 * pipe cannot show "neither".
 */
#ifndef SCTPX_USERLAND_READINESS_H
#define SCTPX_USERLAND_READINESS_H

#include <stdint.h>

#include "posix/slot.h"

struct socket;

/* Gives the slot its socket, and has usrsctp tell us about it. */
void readiness_take(struct slot *slot, struct socket *so);

/* The descriptor, from now on always up to date, or an error. */
int readiness_export(struct slot *slot);

/* Brings the descriptor up to date after a call that may have changed things. */
void readiness_update(struct slot *slot);

/* For the ticker: timers of the stack make no upcall, and an upcall may come
 * before the room that it stands for. */
void readiness_tick(struct slot *slot);

/* What is ready now, of enum sctpx_ready. */
uint32_t readiness_now(struct slot *slot);

/* The number of upcalls so far; hand it to readiness_block after a call that
 * would block, which believes it only if nothing has happened meanwhile. */
uint64_t readiness_mark(struct slot *slot);
void readiness_block(struct slot *slot, uint32_t what, uint64_t mark);

/* Waits for `what` until the deadline: what is ready, 0, -SCTPX_EINTR or
 * -SCTPX_ECLOSED. */
int readiness_wait(struct slot *slot, uint32_t what, int64_t deadline);

/* The slot is closing: wakes who waits. */
void readiness_hang_up(struct slot *slot);

/* The slot's last user has gone: closes the pair, and gives up the socket. */
struct socket *readiness_release(struct slot *slot);

#endif
