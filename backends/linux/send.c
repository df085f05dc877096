/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "linux/linux.h"
#include "posix/address.h"
#include "posix/clock.h"
#include "posix/error.h"
#include "posix/wait.h"

#define BATCH 64u
#define PR_BITS (SCTP_PR_SCTP_TTL | SCTP_PR_SCTP_RTX | SCTP_PR_SCTP_PRIO)

#define CONTROL_SIZE                                                                               \
    (CMSG_SPACE(sizeof(struct sctp_sndinfo)) + CMSG_SPACE(sizeof(struct sctp_prinfo)) +            \
     CMSG_SPACE(sizeof(struct sctp_authinfo)))

/* What goes with a message, ready for the kernel. */
struct envelope {
    _Alignas(struct cmsghdr) uint8_t control[CONTROL_SIZE];
    size_t control_length;
    union address_native name;
    socklen_t name_length;
};

static const struct sctpx_outgoing all_defaults;

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
static void defaults_read(const struct slot *slot, struct sctp_sndinfo *info)
{
    socklen_t size = sizeof *info;
    sctp_assoc_t id = info->snd_assoc_id;

    if (!atomic_load(&native_of(slot)->defaults))
        return;
    if (getsockopt(native_of(slot)->descriptor, IPPROTO_SCTP, SCTP_DEFAULT_SNDINFO, info, &size) < 0)
        memset(info, 0, sizeof *info);
    info->snd_flags &= SCTP_UNORDERED | PR_BITS;
    info->snd_assoc_id = id;
}

static void info_add(const struct slot *slot, const struct sctpx_outgoing *how, struct envelope *envelope)
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
        info.snd_flags = (uint16_t)((info.snd_flags & ~SCTP_UNORDERED) |
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

static int how_check(const struct slot *slot, const struct sctpx_outgoing *how)
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

static int envelope_fill(struct slot *slot, const struct sctpx_outgoing *how, struct envelope *envelope)
{
    const uint32_t informing = SCTPX_SEND_STREAM | SCTPX_SEND_PPID | SCTPX_SEND_CONTEXT |
                               SCTPX_SEND_ORDER | SCTPX_SEND_POLICY | SCTPX_SEND_PATH |
                               SCTPX_SEND_SACK_NOW | SCTPX_SEND_ALL;
    int result = how_check(slot, how);

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

static void message_fill(struct msghdr *message, struct envelope *envelope, struct iovec *vector,
                         const void *data, uint32_t length)
{
    *vector = (struct iovec){.iov_base = (void *)(uintptr_t)data, .iov_len = length};
    *message = (struct msghdr){.msg_name = envelope->name_length > 0 ? &envelope->name : NULL,
                               .msg_namelen = envelope->name_length,
                               .msg_iov = vector,
                               .msg_iovlen = 1,
                               .msg_control =
                                   envelope->control_length > 0 ? envelope->control : NULL,
                               .msg_controllen = envelope->control_length};
}

static int stream_missing(const struct slot *slot, const struct sctpx_outgoing *how)
{
    struct sctp_status status;
    struct sctp_sndinfo info = {.snd_assoc_id = (sctp_assoc_t)how->association};

    if ((how->flags & SCTPX_SEND_ALL) != 0)
        return 0;
    defaults_read(slot, &info);
    if ((how->flags & SCTPX_SEND_STREAM) != 0)
        info.snd_sid = how->stream;
    return status_read(slot, how->association, &status) == 0 && info.snd_sid >= status.sstat_outstrms;
}

/* EPIPE is said before, while and after a one-to-one socket is connected. */
static int pipe_error(struct slot *slot)
{
    int result;

    switch (atomic_load(&native_of(slot)->phase)) {
    case PHASE_FRESH:
    case PHASE_LISTENING:
        return -SCTPX_ENOTCONN;
    case PHASE_CONNECTING:
        result = connect_progress(slot);
        return result == 0 || result == -SCTPX_EINPROGRESS ? -SCTPX_EAGAIN : result;
    default:
        return -SCTPX_EPIPE;
    }
}

/* Only after a failure: a symbol of the border for the kernel's errno. */
static int send_error(struct slot *slot, const struct sctpx_outgoing *how, int problem)
{
    if (problem == EINVAL && stream_missing(slot, how))
        return -SCTPX_ESTREAM;
    if (problem == EPIPE && slot->style == SCTPX_ONE_TO_ONE)
        return pipe_error(slot);
    if (problem == ECONNRESET && slot->style == SCTPX_ONE_TO_ONE)
        atomic_store(&native_of(slot)->ended, -SCTPX_ECONNRESET);
    return -error_of(SCTPX_CALL_SEND, problem);
}

static int send_one(struct slot *slot, const struct sctpx_outgoing *how, const void *data, uint32_t length)
{
    struct envelope envelope;
    struct msghdr message;
    struct iovec vector;
    int result = envelope_fill(slot, how, &envelope);

    if (result < 0)
        return result;
    message_fill(&message, &envelope, &vector, data, length);
    if (sendmsg(native_of(slot)->descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return send_error(slot, how, errno);
    return 0;
}

/* Data and EOF do not go together in this kernel. */
static int send_whole(struct slot *slot, const struct sctpx_outgoing *how, const void *data, uint32_t length)
{
    int result = how_check(slot, how);

    if (result == 0 && length == 0 && (how->flags & SCTPX_SEND_EOF) == 0)
        result = -SCTPX_EEMPTY;
    if (result == 0 && length > 0)
        result = send_one(slot, how, data, length);
    if (result == 0 && (how->flags & SCTPX_SEND_EOF) != 0)
        result = association_end(slot, how->association);
    return result;
}

/* Waits until it may go; 0 to try again. */
static int send_wait(struct slot *slot, int64_t deadline)
{
    int ready = wait_descriptor(slot, native_of(slot)->descriptor, POLLOUT, deadline);

    if (ready == 0)
        return -SCTPX_EAGAIN;
    return ready < 0 ? ready : 0;
}

int sctpx_send(int64_t handle, const struct sctpx_outgoing *how, const void *data, uint32_t length,
               int64_t timeout)
{
    struct slot *slot;
    int64_t deadline = deadline_after(timeout);
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if (how == NULL)
        how = &all_defaults;
    if (data == NULL && length > 0)
        result = -SCTPX_EINVAL;
    else
        while ((result = send_whole(slot, how, data, length)) == -SCTPX_EAGAIN && timeout != 0) {
            result = send_wait(slot, deadline);
            if (result < 0)
                break;
        }
    slot_leave(slot);
    return result;
}

/* What sctpx_send_many was given, from some message on. */
struct consignment {
    const struct sctpx_outgoing *how;
    int each;
    const uint8_t *data;
    const uint32_t *lengths;
    uint32_t count;
};

static const struct sctpx_outgoing *how_of(const struct consignment *rest, uint32_t index)
{
    return rest->each ? rest->how + index : rest->how;
}

/* How many of the next messages one system call can take: an EOF of a
 * message's own must come before the next one. */
static uint32_t batch_size(const struct consignment *rest)
{
    uint32_t i, most = rest->count < BATCH ? rest->count : BATCH;

    if (!rest->each)
        return most;
    for (i = 0; i < most; i++)
        if ((rest->how[i].flags & SCTPX_SEND_EOF) != 0)
            return i + 1;
    return most;
}

/* Fills the batch up to the first message that cannot go; 0 or its error. */
static int batch_fill(struct slot *slot, const struct consignment *rest, struct mmsghdr *messages,
                      struct envelope *envelopes, struct iovec *vectors, uint32_t *size)
{
    const uint8_t *data = rest->data;
    uint32_t i;
    int result = 0;

    for (i = 0; i < *size; i++) {
        struct envelope *envelope = rest->each ? &envelopes[i] : &envelopes[0];

        if (rest->each || i == 0)
            result = envelope_fill(slot, how_of(rest, i), envelope);
        if (result == 0 && rest->lengths[i] == 0)
            result = -SCTPX_EEMPTY;
        if (result < 0)
            break;
        message_fill(&messages[i].msg_hdr, envelope, &vectors[i], data, rest->lengths[i]);
        messages[i].msg_len = 0;
        data += rest->lengths[i];
    }
    *size = i;
    return i > 0 ? 0 : result;
}

/* The number that went, or the error of the first. */
static int send_batch(struct slot *slot, const struct consignment *rest)
{
    struct envelope envelopes[BATCH];
    struct mmsghdr messages[BATCH];
    struct iovec vectors[BATCH];
    const struct sctpx_outgoing *last;
    uint32_t wanted = batch_size(rest), size = wanted;
    int sent, result = batch_fill(slot, rest, messages, envelopes, vectors, &size);

    if (result < 0)
        return result;
    sent = sendmmsg(native_of(slot)->descriptor, messages, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0)
        return send_error(slot, how_of(rest, 0), errno);
    last = how_of(rest, wanted - 1);
    if ((uint32_t)sent == wanted && (last->flags & SCTPX_SEND_EOF) != 0 &&
        (rest->each || wanted == rest->count))
        (void)association_end(slot, last->association);
    return sent;
}

/* Sends what goes at once; the number that went, or the error of the first.
 * The error of a later one comes again when it is the first. */
static int send_some(struct slot *slot, struct consignment rest)
{
    int done = 0;

    if (rest.count == 1) {
        done = send_whole(slot, rest.how, rest.data, rest.lengths[0]);
        return done < 0 ? done : 1;
    }
    while (rest.count > 0) {
        uint32_t i, wanted = batch_size(&rest);
        int sent = send_batch(slot, &rest);

        if (sent <= 0)
            return done > 0 ? done : sent;
        done += sent;
        if ((uint32_t)sent < wanted)
            break;
        for (i = 0; i < wanted; i++)
            rest.data += rest.lengths[i];
        rest.how += rest.each ? wanted : 0;
        rest.lengths += wanted;
        rest.count -= wanted;
    }
    return done;
}

int sctpx_send_many(int64_t handle, const struct sctpx_outgoing *how, int each, const void *data,
                    const uint32_t *lengths, uint32_t count, int64_t timeout)
{
    struct consignment all = {how != NULL ? how : &all_defaults, each, data, lengths, count};
    struct slot *slot;
    int64_t deadline = deadline_after(timeout);
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if (data == NULL || lengths == NULL || count == 0 || count > INT32_MAX || (each && how == NULL))
        result = -SCTPX_EINVAL;
    else
        while ((result = send_some(slot, all)) == -SCTPX_EAGAIN && timeout != 0) {
            result = send_wait(slot, deadline);
            if (result < 0)
                break;
        }
    slot_leave(slot);
    return result;
}
