/* SPDX-License-Identifier: MIT */
/* Room for the reports of messages that could not be delivered. */
#ifndef SCTPX_USERLAND_RESERVE_H
#define SCTPX_USERLAND_RESERVE_H

#include <stdint.h>

#include "posix/slot.h"

/* From now on there is to be room: failed sends were asked for. */
void reserve_begin(struct slot *slot);

/* Before a message is handed to the stack, with the sending lock held. */
void reserve_for(struct slot *slot, uint32_t length);

/* A receive buffer's size between the user and the stack. */
int reserve_added(struct slot *slot, int size);
int reserve_taken(const struct slot *slot, int size);

#endif
