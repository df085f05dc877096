/* SPDX-License-Identifier: MIT */
#include "posix/kernel/kernel.h"

#include <arpa/inet.h>
#include <string.h>

#include "posix/address.h"
#include "posix/kernel/notices.h"
#include "posix/option.h"

/* The symbol for one of a list of native numbers; -1: none of them. */
static int symbol_of(const struct option_value *values, uint32_t count, int64_t native)
{
    uint32_t i;

    for (i = 0; i < count; i++)
        if (values[i].native == native)
            return (int)values[i].symbol;
    return -1;
}

static int decode_association(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    static const struct option_value states[] = {
        {SCTPX_COMM_UP, SCTP_COMM_UP},
        {SCTPX_COMM_LOST, SCTP_COMM_LOST},
        {SCTPX_COMM_RESTARTED, SCTP_RESTART},
        {SCTPX_COMM_SHUTDOWN_COMPLETE, SCTP_SHUTDOWN_COMP},
        {SCTPX_COMM_CANT_START, SCTP_CANT_STR_ASSOC},
    };
    struct sctp_assoc_change change;
    int state;

    memcpy(&change, raw, OS_ASSOC_CHANGE_SIZE);
    state = symbol_of(states, OPTION_COUNT(states), change.sac_state);
    if (state < 0)
        return -1;
    out->association = (int64_t)change.sac_assoc_id;
    out->state = (uint32_t)state;
    out->cause = OS_CAUSE(change.sac_error);
    out->out_streams = change.sac_outbound_streams;
    out->in_streams = change.sac_inbound_streams;
    os_association_info(raw, length, out);
    return 0;
}

static int decode_path(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    static const struct option_value states[] = {OS_PATH_EVENTS};
    struct sctp_paddr_change change;
    int state;

    (void)length;
    memcpy(&change, raw, sizeof change);
    state = symbol_of(states, OPTION_COUNT(states), (int64_t)change.spc_state);
    if (state < 0)
        return -1;
    out->association = (int64_t)change.spc_assoc_id;
    out->state = (uint32_t)state;
    out->error = (int32_t)change.spc_error;
    (void)address_from_native(raw + offsetof(struct sctp_paddr_change, spc_aaddr),
                              sizeof(struct sockaddr_storage), SCTPX_FAMILY_NONE, &out->address);
    return 0;
}

static int decode_error(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_remote_error error;
    uint32_t data = OS_REMOTE_ERROR_SIZE + OS_REMOTE_ERROR_HEADERS;

    memcpy(&error, raw, OS_REMOTE_ERROR_SIZE);
    out->association = (int64_t)error.sre_assoc_id;
    out->cause = OS_CAUSE(error.sre_error);
    notification_data(out, data < length ? data : length, length);
    return 0;
}

static int decode_shutdown(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_shutdown_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    out->association = (int64_t)event.sse_assoc_id;
    return 0;
}

static int decode_adaptation(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_adaptation_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    out->association = (int64_t)event.sai_assoc_id;
    out->value = OS_INDICATION(event.sai_adaptation_ind);
    return 0;
}

static int decode_partial(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    struct sctp_pdapi_event event;

    (void)length;
    memcpy(&event, raw, sizeof event);
    if (event.pdapi_indication != SCTP_PARTIAL_DELIVERY_ABORTED)
        return -1;
    out->association = (int64_t)event.pdapi_assoc_id;
#if OS_PARTIAL_NAMES_STREAM
    out->stream = (uint16_t)event.pdapi_stream;
    out->ssn = (uint16_t)event.pdapi_seq;
    out->value = event.pdapi_seq;
#endif
    return 0;
}

#ifdef SCTP_NOTIFICATIONS_STOPPED_EVENT
/* Reserved by RFC 6458; it has nothing to tell. */
static int decode_stopped(const uint8_t *raw, uint32_t length, struct sctpx_notification *out)
{
    (void)raw;
    (void)length;
    (void)out;
    return 0;
}
#endif

#define LENGTH(type, member) (uint8_t)sizeof(((struct type *)0)->member)

const struct notification_kind notification_kinds[] = {
    {SCTP_ASSOC_CHANGE, SCTPX_EVENT_ASSOCIATION, OS_ASSOC_CHANGE_SIZE, decode_association,
     LENGTH(sctp_assoc_change, sac_length)},
    {SCTP_PEER_ADDR_CHANGE, SCTPX_EVENT_PATH, sizeof(struct sctp_paddr_change), decode_path,
     LENGTH(sctp_paddr_change, spc_length)},
    {SCTP_REMOTE_ERROR, SCTPX_EVENT_REMOTE_ERROR, OS_REMOTE_ERROR_SIZE, decode_error,
     LENGTH(sctp_remote_error, sre_length)},
#ifdef SCTP_SEND_FAILED_EVENT
    {SCTP_SEND_FAILED_EVENT, SCTPX_EVENT_SEND_FAILED, NOTICE_FAILED_SIZE, notice_failed, 4},
#endif
    {SCTP_SEND_FAILED, SCTPX_EVENT_SEND_FAILED, NOTICE_FAILED_OLD_SIZE, notice_failed_old,
     LENGTH(sctp_send_failed, ssf_length)},
    {SCTP_SHUTDOWN_EVENT, SCTPX_EVENT_PEER_SHUTDOWN, sizeof(struct sctp_shutdown_event),
     decode_shutdown, LENGTH(sctp_shutdown_event, sse_length)},
    {SCTP_ADAPTATION_INDICATION, SCTPX_EVENT_ADAPTATION, sizeof(struct sctp_adaptation_event),
     decode_adaptation, LENGTH(sctp_adaptation_event, sai_length)},
    {SCTP_PARTIAL_DELIVERY_EVENT, SCTPX_EVENT_PARTIAL_DELIVERY, sizeof(struct sctp_pdapi_event),
     decode_partial, LENGTH(sctp_pdapi_event, pdapi_length)},
#ifdef OS_AUTHENTICATION_EVENT
    {OS_AUTHENTICATION_EVENT, SCTPX_EVENT_AUTHENTICATION, sizeof(struct sctp_authkey_event),
     notice_authentication, 4},
#endif
#ifdef SCTP_SENDER_DRY_EVENT
    {SCTP_SENDER_DRY_EVENT, SCTPX_EVENT_SENDER_DRY, sizeof(struct sctp_sender_dry_event),
     notice_dry, 4},
#endif
#ifdef SCTP_NOTIFICATIONS_STOPPED_EVENT
    {SCTP_NOTIFICATIONS_STOPPED_EVENT, SCTPX_EVENT_STOPPED, sizeof(struct notification_header),
     decode_stopped, 4},
#endif
#ifdef SCTP_ASSOC_RESET_EVENT
    {SCTP_STREAM_RESET_EVENT, SCTPX_EVENT_STREAM_RESET,
     offsetof(struct sctp_stream_reset_event, strreset_stream_list), notice_stream_reset, 4},
    {SCTP_ASSOC_RESET_EVENT, SCTPX_EVENT_ASSOCIATION_RESET, sizeof(struct sctp_assoc_reset_event),
     notice_association_reset, 4},
    {SCTP_STREAM_CHANGE_EVENT, SCTPX_EVENT_STREAM_CHANGE, sizeof(struct sctp_stream_change_event),
     notice_stream_change, 4},
#endif
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

    if (continued || length < offsetof(struct sctp_assoc_change, sac_error))
        return;
    memset(&change, 0, sizeof change);
    memcpy(&change, raw, length < OS_ASSOC_CHANGE_SIZE ? length : OS_ASSOC_CHANGE_SIZE);
    if (change.sac_type != SCTP_ASSOC_CHANGE)
        return;
    os_seen(slot, (int64_t)change.sac_assoc_id);
    if (slot->style != SCTPX_ONE_TO_ONE ||
        (change.sac_state != SCTP_SHUTDOWN_COMP && change.sac_state != SCTP_COMM_LOST))
        return;
    atomic_compare_exchange_strong(&native->ended, &expected,
                                   change.sac_state == SCTP_COMM_LOST ? -SCTPX_ECONNRESET : 1);
    os_ended(native->descriptor);
}
