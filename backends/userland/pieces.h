/* SPDX-License-Identifier: MIT */
/* Pieces of messages out of usrsctp, so that it survives it. */
#ifndef SCTPX_USERLAND_PIECES_H
#define SCTPX_USERLAND_PIECES_H

#include <stdint.h>
#include <sys/types.h>

#include "posix/address.h"
#include "posix/slot.h"
#include "userland/compat.h"

/* What one call of usrsctp_recvv fills in. */
struct incoming {
    struct sctp_recvv_rn info;
    union address_native source;
    unsigned kind;
    int flags;
};

/* One piece, or a notification: its length; 0 at an end, -1 with errno.  With
 * the receiving lock held. */
ssize_t piece_take(struct slot *slot, struct incoming *incoming, void *bytes, uint32_t size);

/* What is next, without taking it. */
ssize_t piece_look(const struct slot *slot, struct incoming *incoming, void *bytes, uint32_t size);

/* Whether a message of it, whose end was seen before, may be read to that end:
 * it is not being freed. */
int piece_may_end(struct socket *so, int one_to_one, int64_t association);

/* Before and after an option is set: it may have changed how much of a message
 * usrsctp gives out before its end is there. */
void pieces_note_point(struct slot *slot);

#endif
