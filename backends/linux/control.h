/* SPDX-License-Identifier: MIT */
/* What the kernel says beside a message's bytes. */
#ifndef SCTPX_LINUX_CONTROL_H
#define SCTPX_LINUX_CONTROL_H

#include <stddef.h>
#include <stdint.h>

#include "sctpx.h"

/* Fills in what `length` bytes of ancillary data tell of a message; what is
 * cut short, claims more than there is, or is not SCTP's is passed over. */
void control_read(const void *control, size_t length, struct sctpx_received *record);

#endif
