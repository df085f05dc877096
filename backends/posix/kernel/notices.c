/* SPDX-License-Identifier: MIT */
/* Notifications that not every kernel has: RFC 6458 §6.1.8 and later, RFC 6525. */
#include "posix/kernel/notices.h"

#include <arpa/inet.h>
#include <string.h>

#ifdef OS_AUTHENTICATION_EVENT

int notice_authentication(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_authkey_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    if (event.auth_indication == SCTP_AUTH_NEW_KEY)
        out->state = SCTPX_AUTH_NEW_KEY;
    else if (event.auth_indication == SCTP_AUTH_FREE_KEY)
        out->state = SCTPX_AUTH_KEY_FREED;
    else if (event.auth_indication == SCTP_AUTH_NO_AUTH)
        out->state = SCTPX_AUTH_NO_AUTH;
    else
        return -1;
    out->association = (int64_t)event.auth_assoc_id;
    out->value = event.auth_keynumber;
    out->value2 = event.auth_altkeynumber;
    return 0;
}

#endif

#ifdef SCTP_SENDER_DRY_EVENT

int notice_dry(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_sender_dry_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    out->association = (int64_t)event.sender_dry_assoc_id;
    return 0;
}

#endif

/* Older headers have a stream reset of another shape, and not this one. */
#ifdef SCTP_ASSOC_RESET_EVENT

int notice_stream_reset(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_stream_reset_event event;

    memcpy(&event, raw, offsetof(struct sctp_stream_reset_event, strreset_stream_list));
    out->association = (int64_t)event.strreset_assoc_id;
    out->state = notification_outcome(event.strreset_flags);
    if ((event.strreset_flags & SCTP_STREAM_RESET_INCOMING_SSN) != 0)
        out->direction |= SCTPX_DIRECTION_INCOMING;
    if ((event.strreset_flags & SCTP_STREAM_RESET_OUTGOING_SSN) != 0)
        out->direction |= SCTPX_DIRECTION_OUTGOING;
    notification_data(out, offsetof(struct sctp_stream_reset_event, strreset_stream_list), length);
    out->data_length &= ~1u;
    return 0;
}

int notice_association_reset(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_assoc_reset_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    out->association = (int64_t)event.assocreset_assoc_id;
    out->state = notification_outcome(event.assocreset_flags);
    out->value = event.assocreset_local_tsn;
    out->value2 = event.assocreset_remote_tsn;
    return 0;
}

int notice_stream_change(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_stream_change_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    out->association = (int64_t)event.strchange_assoc_id;
    out->state = notification_outcome(event.strchange_flags);
    out->in_streams = event.strchange_instrms;
    out->out_streams = event.strchange_outstrms;
    return 0;
}

#endif
