/* SPDX-License-Identifier: MIT */
#include "linux/control.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "linux/compat.h"

static void read_current(const uint8_t *data, size_t length, struct sctpx_received *record)
{
    struct sctp_rcvinfo info;

    if (length < sizeof info)
        return;
    memcpy(&info, data, sizeof info);
    record->association = info.rcv_assoc_id;
    record->ppid = ntohl(info.rcv_ppid);
    record->tsn = info.rcv_tsn;
    record->cumulative_tsn = info.rcv_cumtsn;
    record->context = info.rcv_context;
    record->stream = info.rcv_sid;
    record->ssn = info.rcv_ssn;
    if ((info.rcv_flags & SCTP_UNORDERED) != 0)
        record->flags |= SCTPX_RECEIVE_UNORDERED;
}

static void read_next(const uint8_t *data, size_t length, struct sctpx_received *record)
{
    struct sctp_nxtinfo info;

    if (length < sizeof info)
        return;
    memcpy(&info, data, sizeof info);
    record->flags |= SCTPX_RECEIVE_NEXT;
    record->next_ppid = ntohl(info.nxt_ppid);
    record->next_length = info.nxt_length;
    record->next_stream = info.nxt_sid;
    if ((info.nxt_flags & SCTP_UNORDERED) != 0)
        record->flags |= SCTPX_RECEIVE_NEXT_UNORDERED;
    if ((info.nxt_flags & SCTP_NOTIFICATION) != 0)
        record->flags |= SCTPX_RECEIVE_NEXT_NOTIFICATION;
}

/* By hand: CMSG_NXTHDR believes the lengths that it meets. */
void control_read(const void *control, size_t length, struct sctpx_received *record)
{
    const uint8_t *bytes = control;
    struct cmsghdr header;

    while (length >= CMSG_LEN(0)) {
        memcpy(&header, bytes, sizeof header);
        if (header.cmsg_len < CMSG_LEN(0) || header.cmsg_len > length)
            return;
        if (header.cmsg_level == IPPROTO_SCTP && header.cmsg_type == SCTP_RCVINFO)
            read_current(bytes + CMSG_LEN(0), header.cmsg_len - CMSG_LEN(0), record);
        else if (header.cmsg_level == IPPROTO_SCTP && header.cmsg_type == SCTP_NXTINFO)
            read_next(bytes + CMSG_LEN(0), header.cmsg_len - CMSG_LEN(0), record);
        if (CMSG_ALIGN(header.cmsg_len) >= length)
            return;
        bytes += CMSG_ALIGN(header.cmsg_len);
        length -= CMSG_ALIGN(header.cmsg_len);
    }
}
