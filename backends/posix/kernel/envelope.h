/* SPDX-License-Identifier: MIT */
/* What goes to the kernel beside a message's bytes. */
#ifndef SCTPX_POSIX_KERNEL_ENVELOPE_H
#define SCTPX_POSIX_KERNEL_ENVELOPE_H

#include "posix/kernel/kernel.h"

#include "posix/address.h"

#if OS_RFC6458
#define ENVELOPE_CONTROL                                                                           \
    (CMSG_SPACE(sizeof(struct sctp_sndinfo)) + CMSG_SPACE(sizeof(struct sctp_prinfo)) +            \
     CMSG_SPACE(sizeof(struct sctp_authinfo)))
#else
#define ENVELOPE_CONTROL CMSG_SPACE(sizeof(struct sctp_sndrcvinfo))
#endif

/* The same before it is put into ancillary data. */
struct parcel {
    struct sctp_sndinfo info;
    struct sctp_prinfo policy;
    uint16_t key;
    int has_info;
    int has_policy;
    int has_key;
};

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

/* Ancillary data of what the parcel has, in place of any. */
void parcel_encode(const struct parcel *parcel, struct envelope *envelope);

void message_fill(struct msghdr *message, struct envelope *envelope, struct iovec *vector,
                  const void *data, uint32_t length);

#endif
