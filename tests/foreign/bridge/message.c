/* SPDX-License-Identifier: MIT */
/* sendmsg and recvmsg: ancillary data as FreeBSD's kernel takes and gives it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "userland/readiness.h"

struct envelope {
    struct sctp_sendv_spa spa;
    union any_address to;
    int addressed;
};

static void cmsg_take(const struct fb_cmsghdr *head, const uint8_t *data, size_t length,
                      struct envelope *envelope)
{
    struct sctp_sendv_spa *spa = &envelope->spa;

    if (head->cmsg_level != FB_IPPROTO_SCTP)
        return;
    /* What is too short is overlooked, as there. */
    if (head->cmsg_type == FB_SCTP_SNDINFO && length >= sizeof spa->sendv_sndinfo) {
        memcpy(&spa->sendv_sndinfo, data, sizeof spa->sendv_sndinfo);
        spa->sendv_flags |= SCTP_SEND_SNDINFO_VALID;
    } else if (head->cmsg_type == FB_SCTP_PRINFO && length >= sizeof spa->sendv_prinfo) {
        memcpy(&spa->sendv_prinfo, data, sizeof spa->sendv_prinfo);
        spa->sendv_flags |= SCTP_SEND_PRINFO_VALID;
    } else if (head->cmsg_type == FB_SCTP_AUTHINFO && length >= sizeof spa->sendv_authinfo) {
        memcpy(&spa->sendv_authinfo, data, sizeof spa->sendv_authinfo);
        spa->sendv_flags |= SCTP_SEND_AUTHINFO_VALID;
    }
}

static int envelope_open(const struct fb_msghdr *message, struct envelope *envelope)
{
    const uint8_t *control = message->msg_control;
    size_t at = 0;

    memset(envelope, 0, sizeof *envelope);
    while (control != NULL && at + FB_HEAD <= message->msg_controllen) {
        struct fb_cmsghdr head;

        memcpy(&head, control + at, sizeof head);
        if (head.cmsg_len < FB_HEAD || at + head.cmsg_len > message->msg_controllen)
            return fail_native(FB_EINVAL);
        cmsg_take(&head, control + at + FB_HEAD, head.cmsg_len - FB_HEAD, envelope);
        at += FB_ALIGN(head.cmsg_len);
    }
    if (message->msg_name != NULL) {
        if (address_to_host(message->msg_name, &envelope->to) != message->msg_namelen)
            return fail_native(FB_EINVAL);
        envelope->addressed = 1;
    }
    return 0;
}

/* usrsctp's default scheduler looks for ever for something to send by the
 * primary path when all there is goes by another one. */
static void spare_scheduler(struct held *held, const struct envelope *envelope)
{
    struct sctp_assoc_value value = {.assoc_id = envelope->spa.sendv_sndinfo.snd_assoc_id,
                                     .assoc_value = SCTP_SS_FIRST_COME};

    if ((envelope->spa.sendv_sndinfo.snd_flags & SCTP_ADDR_OVER) != 0)
        (void)usrsctp_setsockopt(held->so, IPPROTO_SCTP, SCTP_PLUGGABLE_SS, &value, sizeof value);
}

static size_t vectors_length(const struct fb_msghdr *message)
{
    size_t length = 0;
    int i;

    for (i = 0; i < message->msg_iovlen; i++)
        length += message->msg_iov[i].iov_len;
    return length;
}

/* The stack's heap suffers when an association ends beside a receive. */
static ssize_t hand_over(struct held *held, struct envelope *envelope, const void *bytes,
                         size_t length, int waits)
{
    struct endpoint *endpoint = endpoint_of(held->slot);
    struct sctp_sendv_spa *spa = envelope->spa.sendv_flags != 0 ? &envelope->spa : NULL;
    int ends = (envelope->spa.sendv_sndinfo.snd_flags & (SCTP_ABORT | SCTP_EOF)) != 0;
    int problem;
    ssize_t sent;

    pthread_mutex_lock(&endpoint->sending);
    if (ends || waits)
        pthread_mutex_lock(&endpoint->receiving);
    if (waits)
        usrsctp_set_non_blocking(held->so, 0);
    sent = usrsctp_sendv(held->so, bytes, length, envelope->addressed ? &envelope->to.any : NULL,
                         envelope->addressed, spa, spa != NULL ? sizeof *spa : 0,
                         spa != NULL ? SCTP_SENDV_SPA : SCTP_SENDV_NOINFO, 0);
    problem = errno;
    if (waits)
        usrsctp_set_non_blocking(held->so, 1);
    if (ends || waits)
        pthread_mutex_unlock(&endpoint->receiving);
    pthread_mutex_unlock(&endpoint->sending);
    errno = problem;
    return sent;
}

static uint8_t *gathered(const struct fb_msghdr *message, size_t length)
{
    uint8_t *bytes = malloc(length + 1);
    size_t at = 0;
    int i;

    for (i = 0; bytes != NULL && i < message->msg_iovlen; i++) {
        if (message->msg_iov[i].iov_len > 0)
            memcpy(bytes + at, message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
        at += message->msg_iov[i].iov_len;
    }
    return bytes;
}

static int state_of(struct held *held, sctp_assoc_t id, struct sctp_status *status)
{
    return association_status(held->so, id, status) ? status->sstat_state : 0;
}

/* usrsctp forgets what was queued while an association came up, when that ends
 * under the call; a heartbeat that is asked for makes it look again. */
static void push(struct held *held, sctp_assoc_t id)
{
    struct sctp_paddrparams path;
    struct sctp_status status;

    if (state_of(held, id, &status) != SCTP_ESTABLISHED)
        return;
    memset(&path, 0, sizeof path);
    path.spp_assoc_id = id;
    path.spp_address = status.sstat_primary.spinfo_address;
    path.spp_flags = SPP_HB_DEMAND;
    (void)usrsctp_setsockopt(held->so, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &path, sizeof path);
}

static ssize_t send_it(struct held *held, const struct fb_msghdr *message, int flags)
{
    int waits = held->state->waits && (flags & FB_MSG_DONTWAIT) == 0;
    size_t length = vectors_length(message);
    uint64_t mark = readiness_mark(held->slot);
    struct envelope envelope;
    struct sctp_status status;
    sctp_assoc_t id;
    ssize_t sent;
    uint8_t *bytes;
    int state;

    if (envelope_open(message, &envelope) < 0)
        return -1;
    bytes = gathered(message, length);
    if (bytes == NULL)
        return fail(ENOMEM);
    spare_scheduler(held, &envelope);
    id = envelope.spa.sendv_sndinfo.snd_assoc_id;
    state = state_of(held, id, &status);
    sent = hand_over(held, &envelope, bytes, length, waits);
    if (sent >= 0 && (state == SCTP_COOKIE_WAIT || state == SCTP_COOKIE_ECHOED))
        push(held, id);
    if (sent < 0) {
        if (errno == EWOULDBLOCK)
            readiness_block(held->slot, SCTPX_WRITABLE, mark);
        (void)fail(errno);
    }
    free(bytes);
    return sent;
}

ssize_t bridge_sendmsg(int descriptor, const struct fb_msghdr *message, int flags)
{
    struct held held;
    ssize_t sent;

    if ((flags & ~(FB_MSG_DONTWAIT | FB_MSG_NOSIGNAL)) != 0)
        return fail_native(FB_EOPNOTSUPP);
    if (hold(descriptor, &held) < 0)
        return -1;
    sent = send_it(&held, message, flags);
    let_go(&held);
    return sent;
}

static void cmsg_put(struct fb_msghdr *message, uint32_t *used, int type, const void *data,
                     size_t length)
{
    struct fb_cmsghdr head = {(uint32_t)(FB_HEAD + length), FB_IPPROTO_SCTP, type};
    uint8_t *to = (uint8_t *)message->msg_control + *used;

    if (message->msg_control == NULL || *used + FB_HEAD + length > message->msg_controllen) {
        message->msg_flags |= FB_MSG_CTRUNC;
        return;
    }
    memset(to, 0, FB_HEAD);
    memcpy(to, &head, sizeof head);
    memcpy(to + FB_HEAD, data, length);
    *used += (uint32_t)(FB_HEAD + FB_ALIGN(length));
    if (*used > message->msg_controllen)
        *used = message->msg_controllen;
}

/* Where in a notification there is a sockaddr. */
static void notification_convert(uint8_t *bytes, size_t length)
{
    struct sctp_paddr_change change;

    if (length < sizeof change)
        return;
    memcpy(&change, bytes, sizeof change);
    if (change.spc_type != SCTP_PEER_ADDR_CHANGE)
        return;
    head_from_host(bytes + offsetof(struct sctp_paddr_change, spc_aaddr));
    change.spc_error = (uint32_t)errno_to_freebsd((int)change.spc_error);
    memcpy(bytes + offsetof(struct sctp_paddr_change, spc_error), &change.spc_error,
           sizeof change.spc_error);
}

static int wants(struct held *held, int option)
{
    uint32_t on = 0;
    socklen_t length = sizeof on;

    return usrsctp_getsockopt(held->so, IPPROTO_SCTP, option, &on, &length) == 0 && on != 0;
}

/* What the message is, once its bytes are there. */
static void deliver(struct held *held, struct fb_msghdr *message, uint8_t *bytes, size_t length,
                    const struct sctp_recvv_rn *info, unsigned kind, int flags,
                    const union any_address *from)
{
    uint32_t used = 0;

    message->msg_flags = (flags & MSG_EOR) != 0 ? FB_MSG_EOR : 0;
    if ((flags & MSG_NOTIFICATION) != 0) {
        message->msg_flags |= FB_MSG_NOTIFICATION;
        notification_convert(bytes, length);
    }
    if (kind == SCTP_RECVV_RCVINFO || kind == SCTP_RECVV_RN)
        cmsg_put(message, &used, FB_SCTP_RCVINFO, &info->recvv_rcvinfo, sizeof info->recvv_rcvinfo);
    if (kind == SCTP_RECVV_RN && wants(held, SCTP_RECVNXTINFO))
        cmsg_put(message, &used, FB_SCTP_NXTINFO, &info->recvv_nxtinfo, sizeof info->recvv_nxtinfo);
    message->msg_controllen = used;
    if (message->msg_name != NULL && message->msg_namelen >= sizeof from->in6)
        message->msg_namelen = (uint32_t)address_from_host(from, message->msg_name);
}

/* A look alone does not take the error away. */
static ssize_t end_of(struct held *held, int problem, int looking)
{
    if (problem != ECONNRESET && problem != ECONNREFUSED && problem != ETIMEDOUT &&
        problem != ECONNABORTED)
        return fail(problem);
    if (held->state->told)
        return 0;
    held->state->told = !looking;
    return fail(problem);
}

static ssize_t receive_it(struct held *held, struct fb_msghdr *message, int foreign_flags)
{
    size_t size = message->msg_iovlen > 0 ? message->msg_iov[0].iov_len : 0;
    uint64_t mark = readiness_mark(held->slot);
    socklen_t from_length = sizeof(union any_address), info_length = sizeof(struct sctp_recvv_rn);
    int looking = (foreign_flags & FB_MSG_PEEK) != 0, flags = looking ? MSG_PEEK : 0;
    struct sctp_recvv_rn info;
    union any_address from;
    unsigned kind = 0;
    ssize_t got;

    if (message->msg_iovlen != 1)
        return fail_native(FB_EINVAL); /* all that the shim asks for */
    memset(&from, 0, sizeof from);
    memset(&info, 0, sizeof info);
    pthread_mutex_lock(&endpoint_of(held->slot)->receiving);
    got = usrsctp_recvv(held->so, message->msg_iov[0].iov_base, size, &from.any, &from_length,
                        &info, &info_length, &kind, &flags);
    if (got < 0 && errno == EWOULDBLOCK)
        readiness_block(held->slot, SCTPX_READABLE, mark);
    if (got < 0)
        got = end_of(held, errno, looking);
    pthread_mutex_unlock(&endpoint_of(held->slot)->receiving);
    if (got > 0) {
        deliver(held, message, message->msg_iov[0].iov_base, (size_t)got, &info, kind, flags,
                &from);
    } else if (got == 0) {
        message->msg_flags = 0;
        message->msg_controllen = 0;
        message->msg_namelen = 0;
    }
    return got;
}

ssize_t bridge_recvmsg(int descriptor, struct fb_msghdr *message, int flags)
{
    struct held held;
    ssize_t got;

    if (hold(descriptor, &held) < 0)
        return -1;
    got = receive_it(&held, message, flags);
    let_go(&held);
    return got;
}
