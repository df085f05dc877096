/* SPDX-License-Identifier: MIT */
#include "posix/kernel/envelope.h"

#include <arpa/inet.h>
#include <string.h>

#include "posix/kernel/defaults.h"

static void order_add(const struct sctpx_outgoing *how, struct sctp_sndinfo *info)
{
    if ((how->flags & SCTPX_SEND_ORDER) != 0)
        info->snd_flags = (uint16_t)((info->snd_flags & ~OS_UNORDERED) |
                                     ((how->flags & SCTPX_SEND_UNORDERED) != 0 ? OS_UNORDERED : 0));
    if ((how->flags & SCTPX_SEND_POLICY) != 0)
        info->snd_flags &= (uint16_t)~OS_POLICY_BITS;
    if ((how->flags & SCTPX_SEND_SACK_NOW) != 0)
        info->snd_flags |= OS_SACK_NOW;
    if ((how->flags & SCTPX_SEND_ALL) != 0)
        info->snd_flags |= OS_SEND_ALL;
    if ((how->flags & SCTPX_SEND_PATH) != 0)
        info->snd_flags |= OS_ADDR_OVER;
}

static void info_add(const struct slot *slot, const struct sctpx_outgoing *how,
                     struct parcel *parcel)
{
    struct sctp_sndinfo *info = &parcel->info;

    if (slot->style == SCTPX_ONE_TO_MANY && (how->flags & SCTPX_SEND_ALL) == 0)
        info->snd_assoc_id = (sctp_assoc_t)how->association;
    defaults_read(slot, info);
    if ((how->flags & SCTPX_SEND_STREAM) != 0)
        info->snd_sid = how->stream;
    if ((how->flags & SCTPX_SEND_PPID) != 0)
        info->snd_ppid = htonl(how->ppid);
    if ((how->flags & SCTPX_SEND_CONTEXT) != 0)
        info->snd_context = how->context;
    order_add(how, info);
    parcel->has_info = 1;
}

/* Kernels count a lifetime in milliseconds, and 0 is no limit. */
static int64_t lifetime_of(int64_t microseconds)
{
    return microseconds == 0 ? 1 : microseconds / 1000 + (microseconds % 1000 != 0);
}

static int policy_add(const struct sctpx_outgoing *how, struct parcel *parcel)
{
    int64_t value = how->policy_value;
    int native;

    if (value < 0)
        return -SCTPX_EINVAL;
    native = os_policy(how->policy);
    if (native < 0)
        return native;
    if (how->policy == SCTPX_POLICY_RELIABLE)
        value = 0;
    if (how->policy == SCTPX_POLICY_TIMED)
        value = lifetime_of(value);
    if (value > UINT32_MAX)
        return -SCTPX_EINVAL;
    parcel->policy.pr_policy = (uint16_t)native;
    parcel->policy.pr_value = (uint32_t)value;
    parcel->has_policy = 1;
    return 0;
}

/* To some kernels an address outranks the id, and a foreign one would begin an
 * association of its own. */
static int path_add(struct slot *slot, const struct sctpx_outgoing *how, struct envelope *envelope)
{
    int64_t owner;
    int length;

    if (native_of(slot)->peeled || (how->flags & SCTPX_SEND_ALL) != 0)
        return -SCTPX_EUNSUPPORTED;
    owner = association_find(slot, &how->path);
    if (owner == -SCTPX_ENOTCONN)
        return -SCTPX_EINVAL;
    if (owner < 0)
        return (int)owner;
    if (slot->style == SCTPX_ONE_TO_MANY && owner != how->association)
        return -SCTPX_EINVAL;
    length = address_to_native(&how->path, slot->family, &envelope->name);
    if (length < 0)
        return length;
    envelope->name_length = (socklen_t)length;
    return os_path_chosen(slot, how->association);
}

int envelope_check(const struct slot *slot, const struct sctpx_outgoing *how)
{
    if ((how->flags & SCTPX_SEND_MORE) != 0 && !OS_EXPLICIT_EOR)
        return -SCTPX_EUNSUPPORTED;
    if ((how->flags & SCTPX_SEND_ALL) != 0) {
        if (slot->style != SCTPX_ONE_TO_MANY || OS_SEND_ALL == 0 ||
            (how->flags & SCTPX_SEND_MORE) != 0)
            return -SCTPX_EUNSUPPORTED;
        if ((how->flags & SCTPX_SEND_EOF) != 0)
            return -SCTPX_EINVAL;
    }
    if (((how->flags & SCTPX_SEND_AUTH_KEY) != 0 && !OS_RFC6458) ||
        ((how->flags & SCTPX_SEND_SACK_NOW) != 0 && OS_SACK_NOW == 0))
        return -SCTPX_EUNSUPPORTED;
    if (how->association < 0 || how->association > LAST_ASSOCIATION)
        return -SCTPX_EINVAL;
    return 0;
}

int envelope_fill(struct slot *slot, const struct sctpx_outgoing *how, struct envelope *envelope)
{
    const uint32_t informing = SCTPX_SEND_STREAM | SCTPX_SEND_PPID | SCTPX_SEND_CONTEXT |
                               SCTPX_SEND_ORDER | SCTPX_SEND_POLICY | SCTPX_SEND_PATH |
                               SCTPX_SEND_SACK_NOW | SCTPX_SEND_ALL;
    struct parcel parcel = {.key = how->auth_key};
    int result = envelope_check(slot, how);

    envelope->control_length = 0;
    envelope->name_length = 0;
    if (result == 0 && (how->flags & SCTPX_SEND_PATH) != 0)
        result = path_add(slot, how, envelope);
    if (result < 0)
        return result;
    if (slot->style == SCTPX_ONE_TO_MANY || (how->flags & informing) != 0)
        info_add(slot, how, &parcel);
    if ((how->flags & SCTPX_SEND_POLICY) != 0)
        result = policy_add(how, &parcel);
    parcel.has_key = (how->flags & SCTPX_SEND_AUTH_KEY) != 0;
    if (result == 0)
        parcel_encode(&parcel, envelope);
    return result;
}

void message_fill(struct msghdr *message, struct envelope *envelope, struct iovec *vector,
                  const void *data, uint32_t length)
{
    vector->iov_base = (void *)(uintptr_t)data;
    vector->iov_len = length;
    memset(message, 0, sizeof *message);
    message->msg_name = envelope->name_length > 0 ? &envelope->name : NULL;
    message->msg_namelen = envelope->name_length;
    message->msg_iov = vector;
    message->msg_iovlen = 1;
    message->msg_control = envelope->control_length > 0 ? envelope->control : NULL;
    message->msg_controllen = (socklen_t)envelope->control_length;
}
