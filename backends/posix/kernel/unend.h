/* SPDX-License-Identifier: MIT */
/* Ends of messages that are none (posix/notification.h). */
#ifndef SCTPX_POSIX_KERNEL_UNEND_H
#define SCTPX_POSIX_KERNEL_UNEND_H

#include "posix/kernel/kernel.h"

/* In records just received: takes back what their followers deny; the last
 * one's is only looked at. */
void records_unend(const struct slot *slot, struct sctpx_received *records, uint32_t count,
                   const uint8_t *arena);

#endif
