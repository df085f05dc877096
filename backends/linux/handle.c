/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "linux/linux.h"
#include "posix/error.h"

static void native_reset(struct slot *slot)
{
    struct native *native = native_of(slot);

    native->descriptor = -1;
    native->kept = 0;
    native->peeled = 0;
    atomic_store(&native->phase, PHASE_FRESH);
    atomic_store(&native->ended, 0);
    atomic_store(&native->defaults, 0);
    atomic_store(&native->partial, 0);
    pthread_mutex_init(&native->lock, NULL);
}

/* May wait, when SO_LINGER was set: nothing is locked here. */
static void native_release(struct slot *slot)
{
    struct native *native = native_of(slot);

    if (native->descriptor >= 0 && !native->kept)
        close(native->descriptor);
    pthread_mutex_destroy(&native->lock);
    native_reset(slot);
}

const struct slot_backend slot_backend = {sizeof(struct native), native_reset, native_release};

static int event_enable(int descriptor, uint16_t type)
{
    struct sctp_event event = {.se_assoc_id = SCTP_ALL_ASSOC, .se_type = type, .se_on = 1};

    return setsockopt(descriptor, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event);
}

int handle_prepare(int descriptor)
{
    int on = 1;

    if (setsockopt(descriptor, IPPROTO_SCTP, SCTP_RECVRCVINFO, &on, sizeof on) < 0 ||
        event_enable(descriptor, SCTP_PARTIAL_DELIVERY_EVENT) < 0)
        return error_now(SCTPX_CALL_OPEN);
    return 0;
}

int handle_wrap(int descriptor, uint32_t family, uint32_t style, struct slot **slot)
{
    int result = slot_new(slot);

    if (result < 0)
        return result;
    (*slot)->family = family;
    (*slot)->style = style;
    native_of(*slot)->descriptor = descriptor;
    return 0;
}

int64_t sctpx_open(uint32_t family, uint32_t style)
{
    struct slot *slot;
    int descriptor, result;
    int type = style == SCTPX_ONE_TO_ONE ? SOCK_STREAM : SOCK_SEQPACKET;

    if (style != SCTPX_ONE_TO_ONE && style != SCTPX_ONE_TO_MANY)
        return -SCTPX_EINVAL;
    if (family != SCTPX_FAMILY_IPV4 && family != SCTPX_FAMILY_IPV6)
        return -SCTPX_EAFNOSUPPORT;
    descriptor = socket(family == SCTPX_FAMILY_IPV4 ? AF_INET : AF_INET6,
                        type | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_SCTP);
    if (descriptor < 0)
        return error_now(SCTPX_CALL_OPEN);
    result = handle_prepare(descriptor);
    if (result == 0)
        result = handle_wrap(descriptor, family, style, &slot);
    if (result < 0) {
        close(descriptor);
        return result;
    }
    return slot_publish(slot);
}

struct foreign {
    int domain;
    int type;
    int peeled;
    int phase;
};

static int int_option(int descriptor, int name, int *value)
{
    socklen_t size = sizeof *value;

    return getsockopt(descriptor, SOL_SOCKET, name, value, &size);
}

/* A peeled-off socket calls itself one-to-many, but answers for its only
 * association whatever the id. */
static int foreign_state(int descriptor, struct foreign *foreign)
{
    struct sctp_status status;
    union {
        struct sockaddr any;
        struct sockaddr_storage storage;
    } peer;
    socklen_t size = sizeof status, peer_size = sizeof peer;
    int listening = 0;

    memset(&status, 0, sizeof status);
    foreign->peeled = 0;
    foreign->phase = PHASE_FRESH;
    if (int_option(descriptor, SO_ACCEPTCONN, &listening) < 0)
        return error_now(SCTPX_CALL_OPEN);
    if (getsockopt(descriptor, IPPROTO_SCTP, SCTP_STATUS, &status, &size) == 0) {
        foreign->peeled = foreign->type == SOCK_SEQPACKET;
        foreign->phase = PHASE_CONNECTED;
    } else if (listening) {
        foreign->phase = PHASE_LISTENING;
    } else if (getpeername(descriptor, &peer.any, &peer_size) == 0) {
        foreign->phase = PHASE_CONNECTING;
    }
    return 0;
}

static int foreign_inspect(int descriptor, struct foreign *foreign)
{
    int protocol;

    if (int_option(descriptor, SO_PROTOCOL, &protocol) < 0 ||
        int_option(descriptor, SO_DOMAIN, &foreign->domain) < 0 ||
        int_option(descriptor, SO_TYPE, &foreign->type) < 0)
        return error_now(SCTPX_CALL_OPEN);
    if (protocol != IPPROTO_SCTP ||
        (foreign->type != SOCK_STREAM && foreign->type != SOCK_SEQPACKET))
        return -SCTPX_EPROTONOSUPPORT;
    if (foreign->domain != AF_INET && foreign->domain != AF_INET6)
        return -SCTPX_EAFNOSUPPORT;
    return foreign_state(descriptor, foreign);
}

static int descriptor_flags(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL);

    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ||
        fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0)
        return error_now(SCTPX_CALL_OPEN);
    return 0;
}

int64_t sctpx_adopt(int descriptor)
{
    struct foreign foreign;
    struct slot *slot;
    uint32_t style;
    int result = foreign_inspect(descriptor, &foreign);

    if (result == 0)
        result = descriptor_flags(descriptor);
    if (result == 0)
        result = handle_prepare(descriptor);
    if (result < 0)
        return result;
    style = foreign.type == SOCK_STREAM || foreign.peeled ? SCTPX_ONE_TO_ONE : SCTPX_ONE_TO_MANY;
    result =
        handle_wrap(descriptor, foreign.domain == AF_INET ? SCTPX_FAMILY_IPV4 : SCTPX_FAMILY_IPV6,
                    style, &slot);
    if (result < 0)
        return result;
    native_of(slot)->peeled = foreign.peeled;
    atomic_store(&native_of(slot)->phase, foreign.phase);
    atomic_store(&native_of(slot)->defaults, 1);
    return slot_publish(slot);
}

int sctpx_detach(int64_t handle)
{
    struct slot *slot;
    int descriptor, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    slot_leave(slot);
    result = slot_close(handle, &slot);
    if (result < 0)
        return result;
    native_of(slot)->kept = 1;
    descriptor = native_of(slot)->descriptor;
    slot_leave(slot);
    return descriptor;
}

int sctpx_close(int64_t handle)
{
    struct slot *slot;
    int result = slot_close(handle, &slot);

    if (result == 0)
        slot_leave(slot);
    return result;
}

int sctpx_fileno(int64_t handle)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = native_of(slot)->descriptor;
    slot_leave(slot);
    return result;
}

int sctpx_family_of(int64_t handle)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = (int)slot->family;
    slot_leave(slot);
    return result;
}

int sctpx_style_of(int64_t handle)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = (int)slot->style;
    slot_leave(slot);
    return result;
}
