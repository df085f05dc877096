/* SPDX-License-Identifier: MIT */
/* What the kernel says beside a message's bytes. */
#ifndef SCTPX_POSIX_KERNEL_CONTROL_H
#define SCTPX_POSIX_KERNEL_CONTROL_H

#include "os.h"

#include <stddef.h>
#include <stdint.h>

#include "sctpx.h"

/* SNDRCV comes too when an adopted descriptor has it turned on. */
#if OS_RFC6458
#define CONTROL_SIZE                                                                               \
    (CMSG_SPACE(sizeof(struct sctp_rcvinfo)) + CMSG_SPACE(sizeof(struct sctp_nxtinfo)) +           \
     CMSG_SPACE(sizeof(struct sctp_sndrcvinfo)))
#else
#define CONTROL_SIZE CMSG_SPACE(sizeof(struct sctp_sndrcvinfo))
#endif

/* Fills in what `length` bytes of ancillary data tell of a message; what is
 * cut short, claims more than there is, or is not SCTP's is passed over. */
void control_read(const void *control, size_t length, struct sctpx_received *record);

#endif
