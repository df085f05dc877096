/* SPDX-License-Identifier: MIT */
#include "posix/kernel/control.h"

#include <arpa/inet.h>
#include <string.h>

#if OS_RFC6458

static void read_current(const uint8_t *data, size_t length, struct sctpx_received *record)
{
    struct sctp_rcvinfo info;

    if (length < sizeof info)
        return;
    memcpy(&info, data, sizeof info);
    record->association = (int64_t)info.rcv_assoc_id;
    record->ppid = ntohl(info.rcv_ppid);
    record->tsn = info.rcv_tsn;
    record->cumulative_tsn = info.rcv_cumtsn;
    record->context = info.rcv_context;
    record->stream = info.rcv_sid;
    record->ssn = info.rcv_ssn;
    if ((info.rcv_flags & OS_UNORDERED) != 0)
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
    if ((info.nxt_flags & OS_UNORDERED) != 0)
        record->flags |= SCTPX_RECEIVE_NEXT_UNORDERED;
    if ((info.nxt_flags & OS_NEXT_COMPLETE) != 0)
        record->flags |= SCTPX_RECEIVE_NEXT_COMPLETE;
    if ((info.nxt_flags & OS_NEXT_NOTIFICATION) != 0)
        record->flags |= SCTPX_RECEIVE_NEXT_NOTIFICATION;
}

static void item_read(int type, const uint8_t *data, size_t length, struct sctpx_received *record)
{
    if (type == SCTP_RCVINFO)
        read_current(data, length, record);
    else if (type == SCTP_NXTINFO)
        read_next(data, length, record);
}

#else

static void item_read(int type, const uint8_t *data, size_t length, struct sctpx_received *record)
{
    struct sctp_sndrcvinfo info;

    if (type != SCTP_SNDRCV || length < sizeof info)
        return;
    memcpy(&info, data, sizeof info);
    record->association = (int64_t)info.sinfo_assoc_id;
    record->ppid = ntohl(info.sinfo_ppid);
    record->tsn = info.sinfo_tsn;
    record->cumulative_tsn = info.sinfo_cumtsn;
    record->context = info.sinfo_context;
    record->stream = info.sinfo_stream;
    record->ssn = info.sinfo_ssn;
    if ((info.sinfo_flags & OS_UNORDERED) != 0)
        record->flags |= SCTPX_RECEIVE_UNORDERED;
}

#endif

/* By hand: CMSG_NXTHDR believes the lengths that it meets. */
void control_read(const void *control, size_t length, struct sctpx_received *record)
{
    const uint8_t *bytes = control;
    const size_t head = CMSG_LEN(0);
    struct cmsghdr header;

    while (length >= head) {
        size_t size;

        memcpy(&header, bytes, sizeof header);
        if (header.cmsg_len < head || header.cmsg_len > length)
            return;
        size = header.cmsg_len - head;
        if (header.cmsg_level == IPPROTO_SCTP)
            item_read(header.cmsg_type, bytes + head, size, record);
        size = CMSG_SPACE(size);
        if (size >= length)
            return;
        bytes += size;
        length -= size;
    }
}
