/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "posix/address.h"
#include "posix/clock.h"
#include "posix/error.h"
#include "userland/endpoint.h"
#include "userland/readiness.h"
#include "userland/reserve.h"

/* ---- sending -------------------------------------------------------------- */

/* One send in usrsctp's words. */
struct order {
    struct sctp_sendv_spa spa;
    union address_native path;
    struct sockaddr *to; /* NULL, or the path */
    void *info;          /* NULL: the stack's defaults, all of them */
    uint32_t flags;      /* enum sctpx_send_flag */
};

#define ALL_FIELDS (SCTPX_SEND_STREAM | SCTPX_SEND_PPID | SCTPX_SEND_CONTEXT | SCTPX_SEND_ORDER)

/* An explicit send replaces every default: fill in those that were set. */
static int order_defaults(struct slot *slot, const struct sctpx_outgoing *how, struct order *order)
{
    struct sctp_sndinfo *info = &order->spa.sendv_sndinfo;
    socklen_t length = sizeof *info;

    if (!atomic_load(&endpoint_of(slot)->has_defaults) || (how->flags & ALL_FIELDS) == ALL_FIELDS)
        return 0;
    info->snd_assoc_id = (sctp_assoc_t)how->association;
    if (usrsctp_getsockopt(endpoint_of(slot)->so, IPPROTO_SCTP, SCTP_DEFAULT_SNDINFO, info,
                           &length) == 0)
        return 0;
    return errno == EINVAL ? -SCTPX_EPIPE : error_now(SCTPX_CALL_SEND);
}

static void order_fields(const struct sctpx_outgoing *how, struct sctp_sndinfo *info)
{
    if ((how->flags & SCTPX_SEND_STREAM) != 0)
        info->snd_sid = how->stream;
    if ((how->flags & SCTPX_SEND_PPID) != 0)
        info->snd_ppid = htonl(how->ppid);
    if ((how->flags & SCTPX_SEND_CONTEXT) != 0)
        info->snd_context = how->context;
    if ((how->flags & SCTPX_SEND_ORDER) != 0) {
        info->snd_flags = (uint16_t)(info->snd_flags & ~SCTP_UNORDERED);
        if ((how->flags & SCTPX_SEND_UNORDERED) != 0)
            info->snd_flags |= SCTP_UNORDERED;
    }
    if ((how->flags & SCTPX_SEND_SACK_NOW) != 0)
        info->snd_flags |= SCTP_SACK_IMMEDIATELY;
    if ((how->flags & SCTPX_SEND_EOF) != 0)
        info->snd_flags |= SCTP_EOF;
    if ((how->flags & SCTPX_SEND_ALL) != 0)
        info->snd_flags |= SCTP_SENDALL;
}

static int order_policy(const struct sctpx_outgoing *how, struct sctp_prinfo *policy)
{
    int64_t value = how->policy_value;

    switch (how->policy) {
    case SCTPX_POLICY_RELIABLE:
        policy->pr_policy = SCTP_PR_SCTP_NONE;
        return 0;
    case SCTPX_POLICY_TIMED:
        policy->pr_policy = SCTP_PR_SCTP_TTL;
        value = value / 1000 + (value % 1000 > 0);
        break;
    case SCTPX_POLICY_RTX:
        policy->pr_policy = SCTP_PR_SCTP_RTX;
        break;
    case SCTPX_POLICY_BUF:
        policy->pr_policy = SCTP_PR_SCTP_BUF;
        break;
    default:
        return -SCTPX_EUNSUPPORTED;
    }
    if (value < 0 || value > UINT32_MAX)
        return -SCTPX_EINVAL;
    policy->pr_value = (uint32_t)value;
    return 0;
}

/* usrsctp's other schedulers look for a stream with something for the primary
 * path, in a circle and for ever, when all there is goes to another one. */
static int order_scheduler(struct slot *slot, sctp_assoc_t association)
{
    struct socket *so = endpoint_of(slot)->so;
    struct sctp_assoc_value value = {.assoc_id = association, .assoc_value = 0};
    socklen_t length = sizeof value;

    if (usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_PLUGGABLE_SS, &value, &length) == 0 &&
        value.assoc_value == SCTP_SS_FIRST_COME)
        return 0;
    value.assoc_id = association;
    value.assoc_value = SCTP_SS_FIRST_COME;
    if (usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_PLUGGABLE_SS, &value, sizeof value) < 0)
        return errno == EINVAL ? -SCTPX_EPIPE : error_now(SCTPX_CALL_SEND);
    return 0;
}

static int order_path(struct slot *slot, const struct sctpx_outgoing *how, struct order *order)
{
    int length, result;

    if ((how->flags & SCTPX_SEND_PATH) == 0)
        return 0;
    length = address_to_native(&how->path, slot->family, &order->path);
    if (length < 0)
        return length;
    result = order_scheduler(slot, order->spa.sendv_sndinfo.snd_assoc_id);
    if (result < 0)
        return result;
    order->to = &order->path.any;
    order->spa.sendv_sndinfo.snd_flags |= SCTP_ADDR_OVER;
    return 0;
}

static int order_check(const struct slot *slot, const struct sctpx_outgoing *how)
{
    if ((how->flags & SCTPX_SEND_AUTH_KEY) != 0)
        return -SCTPX_EUNSUPPORTED;
    if ((how->flags & SCTPX_SEND_ALL) != 0 &&
        (is_one_to_one(slot) || (how->flags & SCTPX_SEND_MORE) != 0))
        return -SCTPX_EUNSUPPORTED;
    if (is_one_to_one(slot) || (how->flags & SCTPX_SEND_ALL) != 0)
        return 0;
    if (how->association == 0)
        return -SCTPX_ENOTCONN;
    /* Ids up to SCTP_ALL_ASSOC would mean other things. */
    if (how->association <= SCTP_ALL_ASSOC || how->association > UINT32_MAX)
        return -SCTPX_EPIPE;
    return 0;
}

static int order_make(struct slot *slot, const struct sctpx_outgoing *how, struct order *order)
{
    static const struct sctpx_outgoing plain;
    int result;

    if (how == NULL)
        how = &plain;
    memset(&order->spa, 0, sizeof order->spa);
    order->to = NULL;
    order->info = NULL;
    order->flags = how->flags;
    result = order_check(slot, how);
    if (result < 0 || (how->flags == 0 && is_one_to_one(slot)))
        return result;
    result = order_defaults(slot, how, order);
    if (result < 0)
        return result;
    order->spa.sendv_sndinfo.snd_assoc_id = 0;
    if (!is_one_to_one(slot) && (how->flags & SCTPX_SEND_ALL) == 0)
        order->spa.sendv_sndinfo.snd_assoc_id = (sctp_assoc_t)how->association;
    order_fields(how, &order->spa.sendv_sndinfo);
    result = order_path(slot, how, order);
    order->spa.sendv_flags = SCTP_SEND_SNDINFO_VALID;
    if (result == 0 && (how->flags & SCTPX_SEND_POLICY) != 0) {
        result = order_policy(how, &order->spa.sendv_prinfo);
        order->spa.sendv_flags |= SCTP_SEND_PRINFO_VALID;
    }
    order->info = &order->spa;
    return result;
}

/* What usrsctp leaves in errno says little about which mistake it was. */
static int send_error(struct slot *slot, const struct order *order, int problem)
{
    struct endpoint *endpoint = endpoint_of(slot);
    const struct sctp_sndinfo *info = &order->spa.sendv_sndinfo;
    struct sctp_status status;

    if (atomic_load(&endpoint->aborted))
        return -SCTPX_ECLOSED;
    if (problem == ENOENT && is_unconnected(slot))
        return -SCTPX_ENOTCONN;
    if (problem == EINVAL && association_status(endpoint->so, info->snd_assoc_id, &status) &&
        info->snd_sid >= status.sstat_outstrms)
        return -SCTPX_ESTREAM;
    return -error_of(SCTPX_CALL_SEND, problem);
}

static ssize_t sendv(struct slot *slot, const struct order *order, const void *data, size_t length)
{
    struct sctp_sendv_spa spa = order->spa; /* usrsctp writes into it */
    struct socket *so = endpoint_of(slot)->so;
    union address_native path = order->path;

    if (order->info == NULL)
        return usrsctp_sendv(so, data, length, NULL, 0, NULL, 0, SCTP_SENDV_NOINFO, 0);
    return usrsctp_sendv(so, data, length, order->to != NULL ? &path.any : NULL, order->to != NULL,
                         &spa, sizeof spa, SCTP_SENDV_SPA, 0);
}

static void explicit_ends(struct slot *slot, uint32_t on)
{
    (void)usrsctp_setsockopt(endpoint_of(slot)->so, IPPROTO_SCTP, SCTP_EXPLICIT_EOR, &on,
                             sizeof on);
}

struct piece {
    struct slot *slot;
    const struct order *order;
};

/* Complete messages are sent with explicit ends off, whole or not at all, and
 * end what parts began. */
static ssize_t send_some(void *context, const uint8_t *data, uint32_t length)
{
    const struct piece *piece = context;
    ssize_t sent;
    int problem;

    explicit_ends(piece->slot, 1);
    sent = sendv(piece->slot, piece->order, data, length);
    problem = errno;
    explicit_ends(piece->slot, 0);
    errno = problem;
    return sent;
}

static ssize_t send_part(struct slot *slot, const struct order *order, const uint8_t *data,
                         uint32_t length)
{
    const struct sctp_sndinfo *info = &order->spa.sendv_sndinfo;
    struct piece piece = {slot, order};

    return part_send(&endpoint_of(slot)->part, info->snd_assoc_id, info->snd_sid, data, length,
                     send_some, &piece);
}

/* usrsctp compares with the packet, not with what of it is left for data. */
static int is_over_a_packet(struct slot *slot, const struct order *order, uint32_t length)
{
    struct sctp_status status;
    sctp_assoc_t association = order->spa.sendv_sndinfo.snd_assoc_id;

    return association_status(endpoint_of(slot)->so, association, &status) &&
           length > status.sstat_fragmentation_point;
}

/* Whether the association is being set up, from here. */
static int is_coming_up(struct slot *slot, const struct order *order)
{
    struct endpoint *endpoint = endpoint_of(slot);
    struct sctp_status status;

    if (!atomic_load(&endpoint->sets_up) ||
        !association_status(endpoint->so, order->spa.sendv_sndinfo.snd_assoc_id, &status))
        return 0;
    if (status.sstat_state == SCTP_COOKIE_WAIT || status.sstat_state == SCTP_COOKIE_ECHOED)
        return 1;
    if (is_one_to_one(slot))
        atomic_store(&endpoint->sets_up, 0);
    return 0;
}

/* usrsctp queues what is sent while an association is coming up, and forgets
 * it when that ends under the call: nothing then makes it look at the queue.
 * A heartbeat that is asked for does. */
static void push(struct slot *slot, const struct order *order)
{
    struct socket *so = endpoint_of(slot)->so;
    struct sctp_paddrparams path;
    struct sctp_status status;
    sctp_assoc_t id = order->spa.sendv_sndinfo.snd_assoc_id;

    if (!association_status(so, id, &status) || status.sstat_state != SCTP_ESTABLISHED)
        return;
    memset(&path, 0, sizeof path);
    path.spp_assoc_id = id;
    path.spp_address = status.sstat_primary.spinfo_address;
    path.spp_flags = SPP_HB_DEMAND;
    (void)usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &path, sizeof path);
}

/* When the peer's SHUTDOWN is answered under the call, usrsctp takes the message
 * all the same, never sends it, and reports that, where asked to, only when the
 * association's memory goes, to which the report still points
 * (tests/stack_faults/late_send.c): have it say nothing, and tell the sender. */
static int is_stranded(struct slot *slot, const struct order *order)
{
    struct socket *so = endpoint_of(slot)->so;
    struct sctp_event event = {.se_assoc_id = order->spa.sendv_sndinfo.snd_assoc_id,
                               .se_type = SCTP_SEND_FAILED_EVENT,
                               .se_on = 0};
    struct sctp_status status;

    if (!association_status(so, event.se_assoc_id, &status) ||
        status.sstat_state != SCTP_SHUTDOWN_ACK_SENT || status.sstat_penddata == 0)
        return 0;
    (void)usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event);
    return 1;
}

/* Once, without waiting, with the sending lock held.  0 or an error. */
static int send_once(struct slot *slot, const struct order *order, const void *data,
                     uint32_t length)
{
    uint64_t mark = readiness_mark(slot);
    int result, early = is_coming_up(slot, order);
    ssize_t sent;

    if (atomic_load(&endpoint_of(slot)->whole_only) && is_over_a_packet(slot, order, length))
        return -SCTPX_EMSGSIZE;
    reserve_for(slot, length);
    if ((order->flags & SCTPX_SEND_MORE) != 0)
        sent = send_part(slot, order, data, length);
    else
        sent = sendv(slot, order, data, length);
    if (sent == (ssize_t)length) {
        if (early)
            push(slot, order);
        return is_stranded(slot, order) ? -SCTPX_EPIPE : 0;
    }
    /* It ended under the call, which then says neither. */
    result = send_error(slot, order, sent >= 0 ? ENOENT : errno);
    if (result == -SCTPX_EAGAIN)
        readiness_block(slot, SCTPX_WRITABLE, mark);
    return result;
}

static int send_check(const struct sctpx_outgoing *how, const void *data, uint32_t length)
{
    uint32_t flags = how != NULL ? how->flags : 0;

    if (length != 0 && data == NULL)
        return -SCTPX_EINVAL;
    if (length == 0 && ((flags & SCTPX_SEND_EOF) == 0 || (flags & SCTPX_SEND_MORE) != 0))
        return -SCTPX_EEMPTY;
    return 0;
}

/* As many as go without waiting; their number, or the error of the first. */
static int send_batch(struct slot *slot, const struct sctpx_outgoing *how, int each,
                      const uint8_t *data, const uint32_t *lengths, uint32_t count)
{
    static const uint8_t nothing[1]; /* usrsctp refuses NULL even for no bytes */
    struct order order;
    uint32_t i;
    int result = 0;

    pthread_mutex_lock(&endpoint_of(slot)->sending);
    for (i = 0; i < count; i++) {
        const struct sctpx_outgoing *mine = how != NULL && each ? how + i : how;

        result = send_check(mine, data, lengths[i]);
        if (result == 0 && (i == 0 || each))
            result = order_make(slot, mine, &order);
        if (result == 0)
            result = send_once(slot, &order, data != NULL ? data : nothing, lengths[i]);
        if (result < 0)
            break;
        data = data != NULL ? data + lengths[i] : NULL;
    }
    pthread_mutex_unlock(&endpoint_of(slot)->sending);
    return i > 0 ? (int)i : result;
}

int sctpx_send_many(int64_t handle, const struct sctpx_outgoing *how, int each, const void *data,
                    const uint32_t *lengths, uint32_t count, int64_t timeout)
{
    int64_t deadline = deadline_after(timeout);
    struct slot *slot;
    int waited, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if (count == 0 || count > INT32_MAX || lengths == NULL)
        result = -SCTPX_EINVAL;
    else
        result = send_batch(slot, how, each, data, lengths, count);
    if (result == -SCTPX_EAGAIN && timeout != 0) {
        waited = readiness_wait(slot, SCTPX_WRITABLE, deadline);
        if (waited > 0)
            result = (int)wait_ended(send_batch(slot, how, each, data, lengths, count));
        else if (waited < 0)
            result = waited;
    }
    readiness_update(slot);
    slot_leave(slot);
    return result;
}

int sctpx_send(int64_t handle, const struct sctpx_outgoing *how, const void *data, uint32_t length,
               int64_t timeout)
{
    int result = sctpx_send_many(handle, how, 0, data, &length, 1, timeout);

    return result > 0 ? 0 : result;
}
