/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include "posix/address.h"
#include "posix/notification.h"
#include "posix/option.h"
#include "userland/compat.h"

/* A failed send tells the flags of its chunk if it was sent, else its own;
 * the two share no bits. */
#define CHUNK_UNORDERED 4u
#define FAILED_WHOLE ((uint16_t)SCTP_DATA_NOT_FRAG)

/* What comes up brings a list of what both sides can do, one byte each. */
static uint32_t extensions_of(const uint8_t *list, uint32_t length)
{
    static const uint32_t known[] = {
        0,
        SCTPX_EXTENSION_PARTIAL_RELIABILITY,
        SCTPX_EXTENSION_AUTH,
        SCTPX_EXTENSION_ASCONF,
        SCTPX_EXTENSION_MULTIPLE_BUFFERS,
        SCTPX_EXTENSION_RECONFIG,
        SCTPX_EXTENSION_INTERLEAVING,
    };
    uint32_t i, bits = SCTPX_EXTENSION_KNOWN;

    for (i = 0; i < length; i++)
        if (list[i] < OPTION_COUNT(known))
            bits |= known[list[i]];
    return bits;
}

static int decode_association(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    static const uint32_t states[] = {
        0,
        SCTPX_COMM_UP,
        SCTPX_COMM_LOST,
        SCTPX_COMM_RESTARTED,
        SCTPX_COMM_SHUTDOWN_COMPLETE,
        SCTPX_COMM_CANT_START,
    };
    const size_t head = offsetof(struct sctp_assoc_change, sac_info);
    struct sctp_assoc_change change;

    memcpy(&change, raw, head);
    if (change.sac_state == 0 || change.sac_state >= OPTION_COUNT(states))
        return -1;
    out->association = change.sac_assoc_id;
    out->state = states[change.sac_state];
    out->cause = change.sac_error;
    out->out_streams = change.sac_outbound_streams;
    out->in_streams = change.sac_inbound_streams;
    if (change.sac_state == SCTP_COMM_UP || change.sac_state == SCTP_RESTART)
        out->extensions = extensions_of(raw + head, length - (uint32_t)head);
    else
        notification_data(out, head, length);
    return 0;
}

static int decode_path(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    static const uint32_t states[] = {
        0,
        SCTPX_PATH_EVENT_AVAILABLE,
        SCTPX_PATH_EVENT_UNREACHABLE,
        SCTPX_PATH_EVENT_REMOVED,
        SCTPX_PATH_EVENT_ADDED,
        SCTPX_PATH_EVENT_MADE_PRIMARY,
        SCTPX_PATH_EVENT_CONFIRMED,
    };
    struct sctp_paddr_change change;

    (void)length;
    memcpy(&change, raw, sizeof change);
    if (change.spc_state == 0 || change.spc_state >= OPTION_COUNT(states))
        return -1;
    out->association = change.spc_assoc_id;
    out->state = states[change.spc_state];
    out->error = (int32_t)change.spc_error;
    (void)address_from_native(raw + offsetof(struct sctp_paddr_change, spc_aaddr),
                              sizeof(struct sockaddr_storage), SCTPX_FAMILY_NONE, &out->address);
    return 0;
}

static int decode_error(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    const uint32_t chunk = offsetof(struct sctp_remote_error, sre_data);
    /* The headers of chunk and cause, which other stacks leave out. */
    const uint32_t headers = 8;
    struct sctp_remote_error error;

    memcpy(&error, raw, chunk);
    out->association = error.sre_assoc_id;
    out->cause = error.sre_error;
    notification_data(out, length - chunk < headers ? length : chunk + headers, length);
    return 0;
}

static void failed_is(uint16_t sent, uint32_t error, uint16_t flags, struct sctpx_notification *out)
{
    out->state = sent == SCTP_DATA_SENT;
    out->cause = error;
    if ((flags & (SCTP_UNORDERED | CHUNK_UNORDERED)) != 0)
        out->flags |= SCTPX_FAILED_UNORDERED;
    if ((flags & FAILED_WHOLE) == FAILED_WHOLE)
        out->flags |= SCTPX_FAILED_COMPLETE;
}

static int decode_failed(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_send_failed_event failed;

    memcpy(&failed, raw, offsetof(struct sctp_send_failed_event, ssfe_data));
    failed_is(failed.ssfe_flags, failed.ssfe_error, failed.ssfe_info.snd_flags, out);
    out->association = failed.ssfe_assoc_id;
    out->stream = failed.ssfe_info.snd_sid;
    out->ppid = ntohl(failed.ssfe_info.snd_ppid);
    out->context = failed.ssfe_info.snd_context;
    notification_data(out, offsetof(struct sctp_send_failed_event, ssfe_data), length);
    return 0;
}

static int decode_failed_old(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct old_send_failed_event failed;

    memcpy(&failed, raw, sizeof failed);
    failed_is(failed.flags, failed.error, failed.info_flags, out);
    out->association = failed.association;
    out->stream = failed.stream;
    out->ssn = failed.ssn;
    out->ppid = ntohl(failed.ppid);
    out->context = failed.context;
    notification_data(out, sizeof failed, length);
    return 0;
}

static int decode_shutdown(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_shutdown_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    out->association = event.sse_assoc_id;
    return 0;
}

static int decode_adaptation(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_adaptation_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    out->association = event.sai_assoc_id;
    out->value = event.sai_adaptation_ind;
    return 0;
}

static int decode_partial(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct partial_delivery_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    if (event.indication != SCTP_PARTIAL_DELIVERY_ABORTED)
        return -1;
    out->association = event.association;
    out->stream = event.stream;
    out->ssn = event.ssn;
    out->value = event.ssn;
    return 0;
}

static int decode_authentication(const uint8_t *raw, uint32_t length,
                                 struct sctpx_notification *out)
{
    static const uint32_t states[] = {0, SCTPX_AUTH_NEW_KEY, SCTPX_AUTH_NO_AUTH,
                                      SCTPX_AUTH_KEY_FREED};
    struct sctp_authkey_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    if (event.auth_indication == 0 || event.auth_indication >= OPTION_COUNT(states))
        return -1;
    out->association = event.auth_assoc_id;
    out->state = states[event.auth_indication];
    out->value = event.auth_keynumber;
    return 0;
}

static int decode_dry(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_sender_dry_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    out->association = event.sender_dry_assoc_id;
    return 0;
}

/* Reserved by RFC 6458; this library has never sent it. */
static int decode_stopped(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    (void)raw;
    (void)length;
    (void)out;
    return 0;
}

static int decode_stream_reset(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_stream_reset_event event;

    memcpy(&event, raw, offsetof(struct sctp_stream_reset_event, strreset_stream_list));
    out->association = event.strreset_assoc_id;
    out->state = notification_outcome(event.strreset_flags);
    if ((event.strreset_flags & SCTP_STREAM_RESET_INCOMING_SSN) != 0)
        out->direction |= SCTPX_DIRECTION_INCOMING;
    if ((event.strreset_flags & SCTP_STREAM_RESET_OUTGOING_SSN) != 0)
        out->direction |= SCTPX_DIRECTION_OUTGOING;
    notification_data(out, offsetof(struct sctp_stream_reset_event, strreset_stream_list), length);
    out->data_length &= ~1u;
    return 0;
}

static int decode_association_reset(const uint8_t *raw, uint32_t length,
                                    struct sctpx_notification *out)
{
    struct sctp_assoc_reset_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    out->association = event.assocreset_assoc_id;
    out->state = notification_outcome(event.assocreset_flags);
    out->value = event.assocreset_local_tsn;
    out->value2 = event.assocreset_remote_tsn;
    return 0;
}

static int decode_stream_change(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_stream_change_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    out->association = event.strchange_assoc_id;
    out->state = notification_outcome(event.strchange_flags);
    out->in_streams = event.strchange_instrms;
    out->out_streams = event.strchange_outstrms;
    return 0;
}

const struct notification_kind notification_kinds[] = {
    {SCTP_ASSOC_CHANGE, SCTPX_EVENT_ASSOCIATION, offsetof(struct sctp_assoc_change, sac_info),
     decode_association, 4},
    {SCTP_PEER_ADDR_CHANGE, SCTPX_EVENT_PATH, sizeof(struct sctp_paddr_change), decode_path, 4},
    {SCTP_REMOTE_ERROR, SCTPX_EVENT_REMOTE_ERROR, offsetof(struct sctp_remote_error, sre_data),
     decode_error, 4},
    {SCTP_SEND_FAILED_EVENT, SCTPX_EVENT_SEND_FAILED,
     offsetof(struct sctp_send_failed_event, ssfe_data), decode_failed, 4},
    {SCTP_SEND_FAILED, SCTPX_EVENT_SEND_FAILED, sizeof(struct old_send_failed_event),
     decode_failed_old, 4},
    {SCTP_SHUTDOWN_EVENT, SCTPX_EVENT_PEER_SHUTDOWN, sizeof(struct sctp_shutdown_event),
     decode_shutdown, 4},
    {SCTP_ADAPTATION_INDICATION, SCTPX_EVENT_ADAPTATION, sizeof(struct sctp_adaptation_event),
     decode_adaptation, 4},
    {SCTP_PARTIAL_DELIVERY_EVENT, SCTPX_EVENT_PARTIAL_DELIVERY,
     sizeof(struct partial_delivery_event), decode_partial, 4},
    {SCTP_AUTHENTICATION_EVENT, SCTPX_EVENT_AUTHENTICATION, sizeof(struct sctp_authkey_event),
     decode_authentication, 4},
    {SCTP_SENDER_DRY_EVENT, SCTPX_EVENT_SENDER_DRY, sizeof(struct sctp_sender_dry_event),
     decode_dry, 4},
    {SCTP_NOTIFICATIONS_STOPPED_EVENT, SCTPX_EVENT_STOPPED, sizeof(struct notification_header),
     decode_stopped, 4},
    {SCTP_STREAM_RESET_EVENT, SCTPX_EVENT_STREAM_RESET,
     offsetof(struct sctp_stream_reset_event, strreset_stream_list), decode_stream_reset, 4},
    {SCTP_ASSOC_RESET_EVENT, SCTPX_EVENT_ASSOCIATION_RESET, sizeof(struct sctp_assoc_reset_event),
     decode_association_reset, 4},
    {SCTP_STREAM_CHANGE_EVENT, SCTPX_EVENT_STREAM_CHANGE, sizeof(struct sctp_stream_change_event),
     decode_stream_change, 4},
};

const size_t notification_kind_count = sizeof notification_kinds / sizeof notification_kinds[0];
