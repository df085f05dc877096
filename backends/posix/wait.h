/* SPDX-License-Identifier: MIT */
/* Waiting for a descriptor of a slot, which closing the slot ends. */
#ifndef SCTPX_POSIX_WAIT_H
#define SCTPX_POSIX_WAIT_H

#include <stdint.h>

#include "posix/slot.h"

/* Polls `descriptor` for `events` (POLLIN, POLLOUT) until the deadline, as a
 * user of the slot.  What poll() found (> 0), 0 when the time is up,
 * -SCTPX_ECLOSED, -SCTPX_EINTR, or another error. */
int wait_descriptor(struct slot *slot, int descriptor, short events, int64_t deadline);

/* Wakes everyone who waits on the slot; slot_close does it. */
void wait_wake(struct slot *slot);

#endif
