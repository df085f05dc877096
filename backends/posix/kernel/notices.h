/* SPDX-License-Identifier: MIT */
/* Decoders for the table of notifications (posix/notification.h). */
#ifndef SCTPX_POSIX_KERNEL_NOTICES_H
#define SCTPX_POSIX_KERNEL_NOTICES_H

#include "posix/kernel/kernel.h"

#include "posix/notification.h"

notification_decode notice_authentication, notice_dry, notice_stream_reset,
    notice_association_reset, notice_stream_change, notice_failed, notice_failed_old;

/* What must be there of a failed send before the message's own bytes. */
#ifdef SCTP_SEND_FAILED_EVENT
#define NOTICE_FAILED_SIZE offsetof(struct sctp_send_failed_event, OS_FAILED(data))
#endif
#define NOTICE_FAILED_OLD_SIZE                                                                     \
    (offsetof(struct sctp_send_failed, ssf_assoc_id) + sizeof(sctp_assoc_t))

#endif
