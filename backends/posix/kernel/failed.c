/* SPDX-License-Identifier: MIT */
/* Sends that failed, in both kinds of notification. */
#include "posix/kernel/notices.h"

#include <arpa/inet.h>
#include <string.h>

/* The flags of a DATA chunk. */
#define CHUNK_WHOLE 3u
#define CHUNK_UNORDERED 4u

/* The flags of the chunk may stand where those of the send are meant. */
static void failed_is(uint16_t sent, uint32_t error, uint16_t flags, struct sctpx_notification *out)
{
    out->state = sent == SCTP_DATA_SENT;
    out->cause = OS_FAILED_CAUSE(error);
    if ((flags & OS_FAILED_UNORDERED(CHUNK_UNORDERED)) != 0)
        out->flags |= SCTPX_FAILED_UNORDERED;
    if (OS_FAILED_IS_WHOLE || (flags & CHUNK_WHOLE) == CHUNK_WHOLE)
        out->flags |= SCTPX_FAILED_COMPLETE;
}

#ifdef SCTP_SEND_FAILED_EVENT

int notice_failed(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_send_failed_event failed;

    memcpy(&failed, raw, NOTICE_FAILED_SIZE);
    failed_is(failed.OS_FAILED(flags), failed.OS_FAILED(error), failed.ssfe_info.snd_flags, out);
    out->association = (int64_t)failed.OS_FAILED(assoc_id);
    out->stream = failed.ssfe_info.snd_sid;
    out->ppid = ntohl(failed.ssfe_info.snd_ppid);
    out->context = failed.ssfe_info.snd_context;
    notification_data(out, NOTICE_FAILED_SIZE, length);
    return 0;
}

#endif

int notice_failed_old(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_send_failed failed;

    memcpy(&failed, raw, NOTICE_FAILED_OLD_SIZE);
    failed_is(failed.ssf_flags, failed.ssf_error, failed.ssf_info.sinfo_flags, out);
    out->association = (int64_t)failed.ssf_assoc_id;
    out->stream = failed.ssf_info.sinfo_stream;
    out->ssn = failed.ssf_info.sinfo_ssn;
    out->ppid = ntohl(failed.ssf_info.sinfo_ppid);
    out->context = failed.ssf_info.sinfo_context;
    notification_data(out, NOTICE_FAILED_OLD_SIZE, length);
    return 0;
}
