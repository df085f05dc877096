/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <string.h>

#include "linux/linux.h"
#include "posix/address.h"
#include "posix/notification.h"
#include "posix/option.h"

/* The flags of a DATA chunk, which a failed send brings along. */
#define CHUNK_WHOLE 3u
#define CHUNK_UNORDERED 4u

static int decode_association(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    static const uint32_t states[] = {SCTPX_COMM_UP, SCTPX_COMM_LOST, SCTPX_COMM_RESTARTED,
                                      SCTPX_COMM_SHUTDOWN_COMPLETE, SCTPX_COMM_CANT_START};
    struct sctp_assoc_change change;

    memcpy(&change, raw, offsetof(struct sctp_assoc_change, sac_info));
    if (change.sac_state >= OPTION_COUNT(states))
        return -1;
    out->association = change.sac_assoc_id;
    out->state = states[change.sac_state];
    out->cause = ntohs(change.sac_error);
    out->out_streams = change.sac_outbound_streams;
    out->in_streams = change.sac_inbound_streams;
    notification_data(out, offsetof(struct sctp_assoc_change, sac_info), length);
    return 0;
}

static int decode_path(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    static const uint32_t states[] = {
        SCTPX_PATH_EVENT_AVAILABLE,         SCTPX_PATH_EVENT_UNREACHABLE,
        SCTPX_PATH_EVENT_REMOVED,           SCTPX_PATH_EVENT_ADDED,
        SCTPX_PATH_EVENT_MADE_PRIMARY,      SCTPX_PATH_EVENT_CONFIRMED,
        SCTPX_PATH_EVENT_POTENTIALLY_FAILED};
    struct sctp_paddr_change change;

    (void)length;
    memcpy(&change, raw, sizeof change);
    if (change.spc_state < 0 || (uint32_t)change.spc_state >= OPTION_COUNT(states))
        return -1;
    out->association = change.spc_assoc_id;
    out->state = states[change.spc_state];
    out->error = change.spc_error;
    (void)address_from_native(raw + offsetof(struct sctp_paddr_change, spc_aaddr),
                              sizeof(struct sockaddr_storage), SCTPX_FAMILY_NONE, &out->address);
    return 0;
}

static int decode_error(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_remote_error error;

    memcpy(&error, raw, offsetof(struct sctp_remote_error, sre_data));
    out->association = error.sre_assoc_id;
    out->cause = ntohs(error.sre_error);
    notification_data(out, offsetof(struct sctp_remote_error, sre_data), length);
    return 0;
}

/* Both kinds carry the flags of the chunk where those of the send are meant. */
static void failed_is(uint16_t flags, uint32_t error, uint16_t chunk,
                      struct sctpx_notification *out)
{
    out->state = flags == SCTP_DATA_SENT;
    out->cause = ntohs((uint16_t)error);
    if ((chunk & CHUNK_UNORDERED) != 0)
        out->flags |= SCTPX_FAILED_UNORDERED;
    if ((chunk & CHUNK_WHOLE) == CHUNK_WHOLE)
        out->flags |= SCTPX_FAILED_COMPLETE;
}

static int decode_failed(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_send_failed_event failed;

    memcpy(&failed, raw, offsetof(struct sctp_send_failed_event, ssf_data));
    failed_is(failed.ssf_flags, failed.ssf_error, failed.ssfe_info.snd_flags, out);
    out->association = failed.ssf_assoc_id;
    out->stream = failed.ssfe_info.snd_sid;
    out->ppid = ntohl(failed.ssfe_info.snd_ppid);
    out->context = failed.ssfe_info.snd_context;
    notification_data(out, offsetof(struct sctp_send_failed_event, ssf_data), length);
    return 0;
}

static int decode_failed_old(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_send_failed failed;

    memcpy(&failed, raw, offsetof(struct sctp_send_failed, ssf_data));
    failed_is(failed.ssf_flags, failed.ssf_error, failed.ssf_info.sinfo_flags, out);
    out->association = failed.ssf_assoc_id;
    out->stream = failed.ssf_info.sinfo_stream;
    out->ssn = failed.ssf_info.sinfo_ssn;
    out->ppid = ntohl(failed.ssf_info.sinfo_ppid);
    out->context = failed.ssf_info.sinfo_context;
    notification_data(out, offsetof(struct sctp_send_failed, ssf_data), length);
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
    struct sctp_pdapi_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    if (event.pdapi_indication != SCTP_PARTIAL_DELIVERY_ABORTED)
        return -1;
    out->association = event.pdapi_assoc_id;
    out->stream = (uint16_t)event.pdapi_stream;
    out->ssn = (uint16_t)event.pdapi_seq;
    out->value = event.pdapi_seq;
    return 0;
}

static int decode_authentication(const uint8_t *raw, uint32_t length,
                                 struct sctpx_notification *out)
{
    static const uint32_t states[] = {SCTPX_AUTH_NEW_KEY, SCTPX_AUTH_KEY_FREED, SCTPX_AUTH_NO_AUTH};
    struct sctp_authkey_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    if (event.auth_indication >= OPTION_COUNT(states))
        return -1;
    out->association = event.auth_assoc_id;
    out->state = states[event.auth_indication];
    out->value = event.auth_keynumber;
    out->value2 = event.auth_altkeynumber;
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
     decode_association},
    {SCTP_PEER_ADDR_CHANGE, SCTPX_EVENT_PATH, sizeof(struct sctp_paddr_change), decode_path},
    {SCTP_REMOTE_ERROR, SCTPX_EVENT_REMOTE_ERROR, offsetof(struct sctp_remote_error, sre_data),
     decode_error},
    {SCTP_SEND_FAILED_EVENT, SCTPX_EVENT_SEND_FAILED,
     offsetof(struct sctp_send_failed_event, ssf_data), decode_failed},
    {SCTP_SEND_FAILED, SCTPX_EVENT_SEND_FAILED, offsetof(struct sctp_send_failed, ssf_data),
     decode_failed_old},
    {SCTP_SHUTDOWN_EVENT, SCTPX_EVENT_PEER_SHUTDOWN, sizeof(struct sctp_shutdown_event),
     decode_shutdown},
    {SCTP_ADAPTATION_INDICATION, SCTPX_EVENT_ADAPTATION, sizeof(struct sctp_adaptation_event),
     decode_adaptation},
    {SCTP_PARTIAL_DELIVERY_EVENT, SCTPX_EVENT_PARTIAL_DELIVERY, sizeof(struct sctp_pdapi_event),
     decode_partial},
    {SCTP_AUTHENTICATION_INDICATION, SCTPX_EVENT_AUTHENTICATION, sizeof(struct sctp_authkey_event),
     decode_authentication},
    {SCTP_SENDER_DRY_EVENT, SCTPX_EVENT_SENDER_DRY, sizeof(struct sctp_sender_dry_event),
     decode_dry},
    {SCTP_STREAM_RESET_EVENT, SCTPX_EVENT_STREAM_RESET,
     offsetof(struct sctp_stream_reset_event, strreset_stream_list), decode_stream_reset},
    {SCTP_ASSOC_RESET_EVENT, SCTPX_EVENT_ASSOCIATION_RESET, sizeof(struct sctp_assoc_reset_event),
     decode_association_reset},
    {SCTP_STREAM_CHANGE_EVENT, SCTPX_EVENT_STREAM_CHANGE, sizeof(struct sctp_stream_change_event),
     decode_stream_change},
};

const size_t notification_kind_count = sizeof notification_kinds / sizeof notification_kinds[0];

/* Looks at the first piece alone: a long ABORT may come in several, and what
 * follows is the peer's words. */
void notification_watch(struct slot *slot, const void *raw, uint32_t length, int complete)
{
    struct native *native = native_of(slot);
    struct sctp_assoc_change change;
    int continued = atomic_exchange(&native->partial, !complete);
    int expected = 0;

    if (slot->style != SCTPX_ONE_TO_ONE || continued ||
        length < offsetof(struct sctp_assoc_change, sac_error))
        return;
    memcpy(&change, raw, offsetof(struct sctp_assoc_change, sac_error));
    if (change.sac_type != SCTP_ASSOC_CHANGE)
        return;
    if (change.sac_state == SCTP_SHUTDOWN_COMP)
        atomic_compare_exchange_strong(&native->ended, &expected, 1);
    else if (change.sac_state == SCTP_COMM_LOST)
        atomic_compare_exchange_strong(&native->ended, &expected, -SCTPX_ECONNRESET);
}
