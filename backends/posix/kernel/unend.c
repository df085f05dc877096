/* SPDX-License-Identifier: MIT */
#include "posix/kernel/unend.h"

#include <string.h>

#include "posix/address.h"
#include "posix/notification.h"

#if OS_ABORTED_LOOKS_WHOLE

#define DATA_END (SCTPX_RECEIVE_END | SCTPX_RECEIVE_NOTIFICATION)

static void last_unend(const struct slot *slot, struct sctpx_received *last)
{
    _Alignas(struct sctp_pdapi_event) uint8_t raw[sizeof(struct sctp_pdapi_event)];
    union address_native name;
    struct iovec vector = {.iov_base = raw, .iov_len = sizeof raw};
    struct msghdr message;
    ssize_t length;

    memset(&message, 0, sizeof message);
    message.msg_name = &name;
    message.msg_namelen = sizeof name;
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    length = recvmsg(native_of(slot)->descriptor, &message, OS_RECEIVE_FLAGS | MSG_PEEK);
    if (length > 0 && (message.msg_flags & MSG_NOTIFICATION) != 0)
        notification_unend(raw, (uint32_t)length, last);
}

void records_unend(const struct slot *slot, struct sctpx_received *records, uint32_t count,
                   const uint8_t *arena)
{
    uint32_t i;

    for (i = 1; i < count; i++)
        if ((records[i].flags & SCTPX_RECEIVE_NOTIFICATION) != 0)
            notification_unend(arena + records[i].offset, records[i].length, &records[i - 1]);
    if ((records[count - 1].flags & DATA_END) == SCTPX_RECEIVE_END)
        last_unend(slot, &records[count - 1]);
}

#else

void records_unend(const struct slot *slot, struct sctpx_received *records, uint32_t count,
                   const uint8_t *arena)
{
    (void)slot;
    (void)records;
    (void)count;
    (void)arena;
}

#endif
