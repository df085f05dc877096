/* SPDX-License-Identifier: MIT */
/* What goes to the kernel beside a message's bytes. */
#ifndef SCTPX_LINUX_ENVELOPE_H
#define SCTPX_LINUX_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "linux/compat.h"
#include "posix/address.h"
#include "posix/slot.h"

#define ENVELOPE_CONTROL                                                                           \
    (CMSG_SPACE(sizeof(struct sctp_sndinfo)) + CMSG_SPACE(sizeof(struct sctp_prinfo)) +            \
     CMSG_SPACE(sizeof(struct sctp_authinfo)))

/* What goes with a message, ready for the kernel. */
struct envelope {
    _Alignas(struct cmsghdr) uint8_t control[ENVELOPE_CONTROL];
    size_t control_length;
    union address_native name;
    socklen_t name_length;
};

/* 0, or why `how` is none for this socket; asks the kernel nothing. */
int envelope_check(const struct slot *slot, const struct sctpx_outgoing *how);

int envelope_fill(struct slot *slot, const struct sctpx_outgoing *how, struct envelope *envelope);

void message_fill(struct msghdr *message, struct envelope *envelope, struct iovec *vector,
                  const void *data, uint32_t length);

/* DEFAULT_SEND's values for info's association, where any were set. */
void defaults_read(const struct slot *slot, struct sctp_sndinfo *info);

#endif
