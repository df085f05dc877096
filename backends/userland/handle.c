/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "posix/clock.h"
#include "posix/error.h"
#include "userland/endpoint.h"
#include "userland/process.h"
#include "userland/readiness.h"
#include "userland/reaper.h"
#include "userland/ticker.h"

static atomic_int live; /* sockets that some slot holds */

static void endpoint_prepare(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);

    pthread_mutex_init(&endpoint->lock, NULL);
    pthread_mutex_init(&endpoint->receiving, NULL);
    pthread_mutex_init(&endpoint->sending, NULL);
    endpoint->near = -1;
    endpoint->far = -1;
}

static void endpoint_release(struct slot *slot)
{
    struct endpoint *endpoint = endpoint_of(slot);
    struct grave *grave = endpoint->grave;
    struct socket *so = readiness_release(slot);

    endpoint->grave = NULL;
    if (so != NULL)
        reaper_bury(grave, so, slot);
    else
        reaper_grave_free(grave);
    atomic_fetch_sub(&live, 1);
}

const struct slot_backend slot_backend = {
    .size = sizeof(struct endpoint),
    .prepare = endpoint_prepare,
    .release = endpoint_release,
};

/* A slot may have held another socket before, for which usrsctp may still be
 * calling up: what that reads changes under the lock only. */
static void endpoint_reset(struct endpoint *endpoint)
{
    pthread_mutex_lock(&endpoint->lock);
    endpoint->waiters = 0;
    endpoint->upcalls = 0;
    endpoint->exported = 0;
    endpoint->read_blocked = 0;
    endpoint->write_blocked = 0;
    pthread_mutex_unlock(&endpoint->lock);
    endpoint->kept_error = 0;
    endpoint->torn = 0;
    endpoint->drained = 0;
    atomic_store(&endpoint->delivery_point, UINT32_MAX);
    memset(&endpoint->part, 0, sizeof endpoint->part);
    endpoint->sent_bytes = 0;
    endpoint->sent_heads = 0;
    endpoint->spare = 0;
    atomic_store(&endpoint->reports, 0);
    atomic_store(&endpoint->receive_buffer, 0);
    atomic_store(&endpoint->reserve, 0);
    atomic_store(&endpoint->stage, STAGE_IDLE);
    atomic_store(&endpoint->association, 0);
    atomic_store(&endpoint->has_defaults, 0);
    atomic_store(&endpoint->whole_only, 0);
    atomic_store(&endpoint->sets_up, 0);
    atomic_store(&endpoint->wants_next, 0);
    atomic_store(&endpoint->own_mtu, 0);
    atomic_store(&endpoint->local_only, 0);
    atomic_store(&endpoint->aborts, 0);
    atomic_store(&endpoint->aborted, 0);
    atomic_store(&endpoint->lingers, 0);
    atomic_store(&endpoint->linger, 0);
}

static int slot_make(struct slot **slot)
{
    struct endpoint *endpoint;
    int result = slot_new(slot);

    if (result < 0)
        return result;
    endpoint = endpoint_of(*slot);
    endpoint_reset(endpoint);
    atomic_fetch_add(&live, 1);
    endpoint->grave = reaper_grave();
    if (endpoint->grave != NULL)
        return 0;
    slot_leave(*slot);
    return -SCTPX_ENOMEM;
}

static int set_sctp(struct socket *so, int name, const void *value, size_t size)
{
    if (usrsctp_setsockopt(so, IPPROTO_SCTP, name, value, (socklen_t)size) == 0)
        return 0;
    return error_now(SCTPX_CALL_OPEN);
}

static int set_events(struct socket *so)
{
    struct sctp_event event = {
        .se_assoc_id = SCTP_FUTURE_ASSOC, .se_type = SCTP_PARTIAL_DELIVERY_EVENT, .se_on = 1};

    return set_sctp(so, SCTP_EVENT, &event, sizeof event);
}

/* Unset, this would be port 0: plain SCTP, and a connect that hangs. */
static int set_peer_port(struct socket *so, sa_family_t family)
{
    struct sctp_udpencaps encapsulation;

    memset(&encapsulation, 0, sizeof encapsulation);
    encapsulation.sue_address.ss_family = family;
#ifdef SIN6_LEN
    encapsulation.sue_address.ss_len =
        family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
#endif
    encapsulation.sue_port = htons(process_peer_port());
    return set_sctp(so, SCTP_REMOTE_UDP_ENCAPS_PORT, &encapsulation, sizeof encapsulation);
}

static int socket_prepare(struct slot *slot, struct socket *so)
{
    uint32_t on = 1;
    int size = 0, result;
    socklen_t length = sizeof size;

    usrsctp_set_non_blocking(so, 1);
    result = set_sctp(so, SCTP_RECVRCVINFO, &on, sizeof on);
    /* Always: batches are cut by it. */
    if (result == 0)
        result = set_sctp(so, SCTP_RECVNXTINFO, &on, sizeof on);
    if (result == 0)
        result = set_events(so);
    if (result == 0)
        result = set_peer_port(so, AF_INET);
    if (result == 0 && slot->family == SCTPX_FAMILY_IPV6)
        result = set_peer_port(so, AF_INET6);
    /* Notifications do not say of which socket they are: have them in the
     * family that its addresses come out in. */
    if (result == 0 && slot->family == SCTPX_FAMILY_IPV6)
        result = set_sctp(so, SCTP_I_WANT_MAPPED_V4_ADDR, &on, sizeof on);
    if (result == 0 && usrsctp_getsockopt(so, SOL_SOCKET, SO_RCVBUF, &size, &length) == 0 &&
        (uint32_t)size > process_receive_limit()) {
        size = (int)process_receive_limit();
        usrsctp_setsockopt(so, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    }
    return result;
}

int64_t sctpx_open(uint32_t family, uint32_t style)
{
    struct socket *so;
    struct slot *slot;
    int result = process_usable();

    if (family != SCTPX_FAMILY_IPV4 && family != SCTPX_FAMILY_IPV6)
        return -SCTPX_EAFNOSUPPORT;
    if (style != SCTPX_ONE_TO_ONE && style != SCTPX_ONE_TO_MANY)
        return -SCTPX_EINVAL;
    if (result == 0)
        result = slot_make(&slot);
    if (result < 0)
        return result;
    slot->family = family;
    slot->style = style;
    so = usrsctp_socket(native_family(slot), is_one_to_one(slot) ? SOCK_STREAM : SOCK_SEQPACKET,
                        IPPROTO_SCTP, NULL, NULL, 0, NULL);
    result = so == NULL ? error_now(SCTPX_CALL_OPEN) : socket_prepare(slot, so);
    if (so != NULL)
        readiness_take(slot, so);
    if (result < 0) {
        slot_leave(slot);
        return result;
    }
    return slot_publish(slot);
}

int64_t endpoint_adopt(const struct slot *parent, struct socket *so, int64_t association)
{
    const struct endpoint *from = endpoint_of(parent);
    struct endpoint *endpoint;
    struct slot *slot;
    int result = slot_make(&slot);

    if (result < 0) {
        usrsctp_close(so);
        return result;
    }
    slot->family = parent->family;
    slot->style = SCTPX_ONE_TO_ONE;
    endpoint = endpoint_of(slot);
    atomic_store(&endpoint->stage, STAGE_UP);
    atomic_store(&endpoint->association, association);
    /* Of what it brings along, some may have been read. */
    endpoint->torn = 1;
    atomic_store(&endpoint->delivery_point, atomic_load(&from->delivery_point));
    atomic_store(&endpoint->has_defaults, atomic_load(&from->has_defaults));
    atomic_store(&endpoint->whole_only, atomic_load(&from->whole_only));
    atomic_store(&endpoint->wants_next, atomic_load(&from->wants_next));
    atomic_store(&endpoint->own_mtu, atomic_load(&from->own_mtu));
    atomic_store(&endpoint->aborts, atomic_load(&from->aborts));
    atomic_store(&endpoint->lingers, atomic_load(&from->lingers));
    atomic_store(&endpoint->linger, atomic_load(&from->linger));
    atomic_store(&endpoint->reports, atomic_load(&from->reports));
    atomic_store(&endpoint->receive_buffer, atomic_load(&from->receive_buffer));
    atomic_store(&endpoint->reserve, atomic_load(&from->reserve));
    usrsctp_set_non_blocking(so, 1);
    readiness_take(slot, so);
    return slot_publish(slot);
}

int64_t sctpx_adopt(int descriptor)
{
    (void)descriptor;
    return -SCTPX_EUNSUPPORTED;
}

int sctpx_detach(int64_t handle)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    slot_leave(slot);
    return -SCTPX_EUNSUPPORTED;
}

/* usrsctp ignores a linger time: wait here, but not for a listener, which has
 * nothing to deliver. */
static struct grave *linger_begin(struct slot *slot, int64_t handle)
{
    struct endpoint *endpoint = endpoint_of(slot);
    int64_t time = atomic_load(&endpoint->linger);
    struct grave *grave = endpoint->grave;

    if (!atomic_load(&endpoint->lingers) || time <= 0 || endpoint->so == NULL ||
        atomic_load(&endpoint->stage) == STAGE_LISTENING)
        return NULL;
    reaper_watch(grave, handle, time < INT64_MAX / 1000 ? time * 1000 : INT64_MAX / 2);
    return grave;
}

int sctpx_close(int64_t handle)
{
    struct grave *watched = NULL;
    struct slot *slot;
    int result = slot_close(handle, &slot);

    if (result == -SCTPX_ECLOSED && process_usable() == 0)
        return reaper_linger_on(handle);
    if (result < 0)
        return result;
    if (!slot_forked(slot)) {
        readiness_hang_up(slot);
        watched = linger_begin(slot, handle);
    }
    slot_leave(slot);
    return watched != NULL ? reaper_linger(watched) : 0;
}

int sctpx_fileno(int64_t handle)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = readiness_export(slot);
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

/* As a process's end does with a kernel's sockets. */
static void close_all(void)
{
    uint32_t i, count = slot_count();
    struct slot *slot;

    for (i = 0; i < count; i++) {
        int64_t handle;

        if (slot_enter_index(i, &slot) < 0)
            continue;
        handle = slot_handle(slot);
        atomic_store(&endpoint_of(slot)->lingers, 0);
        (void)sctpx_close(handle);
        slot_leave(slot);
    }
}

int sctpx_exit(int64_t timeout)
{
    int64_t deadline = deadline_after(timeout);
    int count;

    if (process_usable() < 0)
        return 0;
    close_all();
    /* A thread that was inside one when it was closed takes a moment to leave. */
    while (atomic_load(&live) > 0 && clock_now() < deadline)
        reaper_pause();
    count = reaper_finish(deadline);
    process_end();
    ticker_stop();
    return count;
}
