/* SPDX-License-Identifier: MIT */
/* What a send is like when nothing is said of it: option DEFAULT_SEND. */
#ifndef SCTPX_POSIX_KERNEL_DEFAULTS_H
#define SCTPX_POSIX_KERNEL_DEFAULTS_H

#include "posix/kernel/kernel.h"

/* The values for info's association, where any were set. */
void defaults_read(const struct slot *slot, struct sctp_sndinfo *info);

#endif
