/* SPDX-License-Identifier: MIT */
/* Messages in parts, for kernels with explicit ends of records. */
#ifndef SCTPX_POSIX_KERNEL_PIECE_H
#define SCTPX_POSIX_KERNEL_PIECE_H

#include "posix/kernel/kernel.h"

/* Keeps whole messages from being sent while explicit ends are on. */
void piece_lock(struct slot *slot);
void piece_unlock(struct slot *slot);

/* Once, without waiting; 0 or an error. */
int piece_send(struct slot *slot, const struct sctpx_outgoing *how, const void *data,
               uint32_t length);

#endif
