/* SPDX-License-Identifier: MIT */
/* Descriptors that are close-on-exec and do not block, however a system makes
 * them so.  -1 and an errno where there is none. */
#ifndef SCTPX_POSIX_KERNEL_DESCRIPTOR_H
#define SCTPX_POSIX_KERNEL_DESCRIPTOR_H

#include "os.h"

int descriptor_open(int domain, int type);
int descriptor_accept(int descriptor, struct sockaddr *peer, socklen_t *size);
int descriptor_peeloff(int descriptor, sctp_assoc_t id);

/* Makes one so; 0, or -1 and an errno. */
int descriptor_prepare(int descriptor);

#endif
