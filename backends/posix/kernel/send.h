/* SPDX-License-Identifier: MIT */
/* One message; send_many.c makes the most of several. */
#ifndef SCTPX_POSIX_KERNEL_SEND_H
#define SCTPX_POSIX_KERNEL_SEND_H

#include "posix/kernel/kernel.h"

extern const struct sctpx_outgoing all_defaults;

/* Once, without waiting; 0 or an error.  Data and EOF do not go together in all
 * kernels, so they are two calls. */
int send_whole(struct slot *slot, const struct sctpx_outgoing *how, const void *data,
               uint32_t length);

/* Waits until it may go; 0 to try again. */
int send_wait(struct slot *slot, int64_t deadline);

/* Only after a failure: a symbol of the border, below zero, for the errno. */
int send_error(struct slot *slot, const struct sctpx_outgoing *how, int problem);

#endif
