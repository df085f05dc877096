/* SPDX-License-Identifier: MIT */
#include "linux/envelope.h"

#include <arpa/inet.h>
#include <string.h>

#include "linux/linux.h"

#define PR_BITS (SCTP_PR_SCTP_TTL | SCTP_PR_SCTP_RTX | SCTP_PR_SCTP_PRIO)

static void control_add(struct envelope *envelope, int type, const void *data, size_t size)
{
    struct cmsghdr header = {
        .cmsg_len = CMSG_LEN(size), .cmsg_level = IPPROTO_SCTP, .cmsg_type = type};
    uint8_t *place = envelope->control + envelope->control_length;

    memset(place, 0, CMSG_SPACE(size));
    memcpy(place, &header, sizeof header);
    memcpy(place + CMSG_LEN(0), data, size);
    envelope->control_length += CMSG_SPACE(size);
}

/* SNDINFO replaces all of its fields, so those not given must be what
 * DEFAULT_SEND made them; where it was never used that is 0. */
void defaults_read(const struct slot *slot, struct sctp_sndinfo *info)
{
    socklen_t size = sizeof *info;
    sctp_assoc_t id = info->snd_assoc_id;

    if (!atomic_load(&native_of(slot)->defaults))
        return;
    if (getsockopt(native_of(slot)->descriptor, IPPROTO_SCTP, SCTP_DEFAULT_SNDINFO, info, &size) <
        0)
        memset(info, 0, sizeof *info);
    info->snd_flags &= SCTP_UNORDERED | PR_BITS;
    info->snd_assoc_id = id;
}

static void info_add(const struct slot *slot, const struct sctpx_outgoing *how,
                     struct envelope *envelope)
{
    struct sctp_sndinfo info = {0};

    if (slot->style == SCTPX_ONE_TO_MANY && (how->flags & SCTPX_SEND_ALL) == 0)
        info.snd_assoc_id = (sctp_assoc_t)how->association;
    defaults_read(slot, &info);
    if ((how->flags & SCTPX_SEND_STREAM) != 0)
        info.snd_sid = how->stream;
    if ((how->flags & SCTPX_SEND_PPID) != 0)
        info.snd_ppid = htonl(how->ppid);
    if ((how->flags & SCTPX_SEND_CONTEXT) != 0)
        info.snd_context = how->context;
    if ((how->flags & SCTPX_SEND_ORDER) != 0)
        info.snd_flags =
            (uint16_t)((info.snd_flags & ~SCTP_UNORDERED) |
                       ((how->flags & SCTPX_SEND_UNORDERED) != 0 ? SCTP_UNORDERED : 0));
    if ((how->flags & SCTPX_SEND_POLICY) != 0)
        info.snd_flags &= (uint16_t)~PR_BITS;
    if ((how->flags & SCTPX_SEND_SACK_NOW) != 0)
        info.snd_flags |= SCTP_SACK_IMMEDIATELY;
    if ((how->flags & SCTPX_SEND_ALL) != 0)
        info.snd_flags |= SCTP_SENDALL;
    if ((how->flags & SCTPX_SEND_PATH) != 0)
        info.snd_flags |= SCTP_ADDR_OVER;
    control_add(envelope, SCTP_SNDINFO, &info, sizeof info);
}

/* The kernel counts a lifetime in milliseconds, and 0 is no limit. */
static int64_t lifetime_of(int64_t microseconds)
{
    return microseconds == 0 ? 1 : microseconds / 1000 + (microseconds % 1000 != 0);
}

static int policy_add(const struct sctpx_outgoing *how, struct envelope *envelope)
{
    struct sctp_prinfo info = {0};
    int64_t value = how->policy_value;

    if (value < 0)
        return -SCTPX_EINVAL;
    switch (how->policy) {
    case SCTPX_POLICY_RELIABLE:
        info.pr_policy = SCTP_PR_SCTP_NONE;
        value = 0;
        break;
    case SCTPX_POLICY_TIMED:
        info.pr_policy = SCTP_PR_SCTP_TTL;
        value = lifetime_of(value);
        break;
    case SCTPX_POLICY_RTX:
        info.pr_policy = SCTP_PR_SCTP_RTX;
        break;
    case SCTPX_POLICY_PRIO:
        info.pr_policy = SCTP_PR_SCTP_PRIO;
        break;
    case SCTPX_POLICY_BUF:
        return -SCTPX_EUNSUPPORTED;
    default:
        return -SCTPX_EINVAL;
    }
    if (value > UINT32_MAX)
        return -SCTPX_EINVAL;
    info.pr_value = (uint32_t)value;
    control_add(envelope, SCTP_PRINFO, &info, sizeof info);
    return 0;
}

/* To the kernel an address outranks the id, and a foreign one would begin an
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
    return 0;
}

int envelope_check(const struct slot *slot, const struct sctpx_outgoing *how)
{
    if ((how->flags & SCTPX_SEND_MORE) != 0)
        return -SCTPX_EUNSUPPORTED;
    if ((how->flags & SCTPX_SEND_ALL) != 0) {
        if (slot->style != SCTPX_ONE_TO_MANY)
            return -SCTPX_EUNSUPPORTED;
        if ((how->flags & SCTPX_SEND_EOF) != 0)
            return -SCTPX_EINVAL;
    }
    if (how->association < 0 || how->association > INT32_MAX)
        return -SCTPX_EINVAL;
    return 0;
}

int envelope_fill(struct slot *slot, const struct sctpx_outgoing *how, struct envelope *envelope)
{
    const uint32_t informing = SCTPX_SEND_STREAM | SCTPX_SEND_PPID | SCTPX_SEND_CONTEXT |
                               SCTPX_SEND_ORDER | SCTPX_SEND_POLICY | SCTPX_SEND_PATH |
                               SCTPX_SEND_SACK_NOW | SCTPX_SEND_ALL;
    int result = envelope_check(slot, how);

    envelope->control_length = 0;
    envelope->name_length = 0;
    if (result == 0 && (how->flags & SCTPX_SEND_PATH) != 0)
        result = path_add(slot, how, envelope);
    if (result < 0)
        return result;
    if (slot->style == SCTPX_ONE_TO_MANY || (how->flags & informing) != 0)
        info_add(slot, how, envelope);
    if ((how->flags & SCTPX_SEND_POLICY) != 0)
        result = policy_add(how, envelope);
    if (result == 0 && (how->flags & SCTPX_SEND_AUTH_KEY) != 0) {
        struct sctp_authinfo info = {.auth_keynumber = how->auth_key};

        control_add(envelope, SCTP_AUTHINFO, &info, sizeof info);
    }
    return result;
}

void message_fill(struct msghdr *message, struct envelope *envelope, struct iovec *vector,
                  const void *data, uint32_t length)
{
    *vector = (struct iovec){.iov_base = (void *)(uintptr_t)data, .iov_len = length};
    *message =
        (struct msghdr){.msg_name = envelope->name_length > 0 ? &envelope->name : NULL,
                        .msg_namelen = envelope->name_length,
                        .msg_iov = vector,
                        .msg_iovlen = 1,
                        .msg_control = envelope->control_length > 0 ? envelope->control : NULL,
                        .msg_controllen = envelope->control_length};
}
