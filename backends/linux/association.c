/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux/linux.h"
#include "posix/address.h"
#include "posix/clock.h"
#include "posix/error.h"
#include "posix/option.h"
#include "posix/wait.h"

int status_read(const struct slot *slot, int64_t association, struct sctp_status *status)
{
    socklen_t size = sizeof *status;

    memset(status, 0, sizeof *status);
    status->sstat_assoc_id = (sctp_assoc_t)association;
    if (getsockopt(native_of(slot)->descriptor, IPPROTO_SCTP, SCTP_STATUS, status, &size) < 0)
        return errno;
    return 0;
}

int sctpx_listen(int64_t handle, int backlog)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    /* To this kernel 0 means: stop listening. */
    if (listen(native_of(slot)->descriptor, backlog > 0 ? backlog : 1) < 0)
        result = error_now(SCTPX_CALL_LISTEN);
    else
        atomic_store(&native_of(slot)->phase, PHASE_LISTENING);
    slot_leave(slot);
    return result;
}

/* A new one-to-one handle for a descriptor that came out of `parent`. */
static int64_t handle_born(const struct slot *parent, int descriptor, int peeled)
{
    struct slot *slot;
    int result = handle_wrap(descriptor, parent->family, SCTPX_ONE_TO_ONE, &slot);

    if (result < 0) {
        close(descriptor);
        return result;
    }
    native_of(slot)->peeled = peeled;
    atomic_store(&native_of(slot)->phase, PHASE_CONNECTED);
    atomic_store(&native_of(slot)->defaults, atomic_load(&native_of(parent)->defaults));
    return slot_publish(slot);
}

static int64_t accept_once(struct slot *slot, struct sctpx_address *peer)
{
    union address_native name;
    socklen_t size = sizeof name;
    int descriptor;

    memset(&name, 0, sizeof name);
    descriptor =
        accept4(native_of(slot)->descriptor, &name.any, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor < 0)
        return error_now(SCTPX_CALL_ACCEPT);
    if (peer != NULL)
        (void)address_from_native(&name, sizeof name, slot->family, peer);
    return handle_born(slot, descriptor, 0);
}

int64_t sctpx_accept(int64_t handle, struct sctpx_address *peer, int64_t timeout)
{
    struct slot *slot;
    int64_t deadline = deadline_after(timeout), result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = accept_once(slot, peer);
    if (result == -SCTPX_EAGAIN && timeout != 0) {
        int ready = wait_descriptor(slot, native_of(slot)->descriptor, POLLIN, deadline);

        if (ready > 0)
            result = wait_ended(accept_once(slot, peer));
        else if (ready < 0)
            result = ready;
    }
    slot_leave(slot);
    return result;
}

/* As many ids as `room` holds; how many there are, or minus an errno. */
static int ids_read(const struct slot *slot, struct sctp_assoc_ids *ids, uint32_t room)
{
    socklen_t size = (socklen_t)(sizeof *ids + room * sizeof(sctp_assoc_t));

    if (getsockopt(native_of(slot)->descriptor, IPPROTO_SCTP, SCTP_GET_ASSOC_ID_LIST, ids, &size) <
        0)
        return -errno;
    return ids->gaids_number_of_ids <= room ? (int)ids->gaids_number_of_ids : -EIO;
}

/* All ids of a one-to-many socket, for free(); the number or an error. */
static int ids_all(const struct slot *slot, struct sctp_assoc_ids **result)
{
    uint32_t room;
    int count;

    /* EINVAL is the kernel's word for too little room. */
    for (room = 64; room <= 1u << 24; room *= 4) {
        *result = malloc(sizeof **result + room * sizeof(sctp_assoc_t));
        if (*result == NULL)
            return -SCTPX_ENOMEM;
        count = ids_read(slot, *result, room);
        if (count >= 0)
            return count;
        free(*result);
        *result = NULL;
        if (count != -EINVAL)
            return -error_of(SCTPX_CALL_OTHER, -count);
    }
    return -SCTPX_ENOMEM;
}

static int id_single(const struct slot *slot, int64_t *ids, uint32_t capacity)
{
    struct sctp_status status;

    if (status_read(slot, 0, &status) != 0)
        return 0;
    if (capacity > 0)
        ids[0] = status.sstat_assoc_id;
    return 1;
}

int sctpx_associations(int64_t handle, int64_t *ids, uint32_t capacity)
{
    struct sctp_assoc_ids *all = NULL;
    struct slot *slot;
    int i, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if (ids == NULL && capacity > 0) {
        result = -SCTPX_EINVAL;
    } else if (slot->style == SCTPX_ONE_TO_ONE) {
        result = id_single(slot, ids, capacity);
    } else {
        result = ids_all(slot, &all);
        for (i = 0; i < result && (uint32_t)i < capacity; i++)
            ids[i] = all->gaids_assoc_id[i];
        free(all);
    }
    slot_leave(slot);
    return result;
}

static int has_peer(const struct slot *slot, sctp_assoc_t id, const struct sctpx_address *peer)
{
    struct sockaddr *packed = NULL;
    struct sctpx_address address;
    size_t used = 0;
    int i, found = 0, count = sctp_getpaddrs(native_of(slot)->descriptor, id, &packed);

    for (i = 0; i < count && !found; i++) {
        int length = address_from_native((const uint8_t *)packed + used,
                                         sizeof(struct sockaddr_in6), slot->family, &address);
        if (length < 0)
            break;
        used += (size_t)length;
        found = address.port == peer->port && address_same_host(&address, peer);
    }
    if (packed != NULL)
        sctp_freepaddrs(packed);
    return found;
}

/* The long way, where the kernel hides potentially failed paths. */
static int64_t association_search(const struct slot *slot, const struct sctpx_address *peer)
{
    struct sctp_assoc_ids *all = NULL;
    int64_t result = -SCTPX_ENOTCONN;
    int i, count = ids_all(slot, &all);

    for (i = 0; i < count && result < 0; i++)
        if (has_peer(slot, all->gaids_assoc_id[i], peer))
            result = all->gaids_assoc_id[i];
    free(all);
    return count < 0 ? count : result;
}

int64_t association_find(struct slot *slot, const struct sctpx_address *peer)
{
    struct sctp_paddrinfo info;
    union address_native address;
    socklen_t size = sizeof info;
    int length = address_to_native(peer, slot->family, &address);

    if (length < 0)
        return length;
    memset(&info, 0, sizeof info);
    memcpy((uint8_t *)&info + offsetof(struct sctp_paddrinfo, spinfo_address), &address,
           (size_t)length);
    if (getsockopt(native_of(slot)->descriptor, IPPROTO_SCTP, SCTP_GET_PEER_ADDR_INFO, &info,
                   &size) == 0)
        return info.spinfo_assoc_id;
    if (errno == EACCES && slot->style == SCTPX_ONE_TO_MANY)
        return association_search(slot, peer);
    return errno == EINVAL ? -SCTPX_ENOTCONN : error_now(SCTPX_CALL_OTHER);
}

int64_t sctpx_find(int64_t handle, const struct sctpx_address *peer)
{
    struct slot *slot;
    int64_t result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = peer == NULL ? -SCTPX_EINVAL : association_find(slot, peer);
    slot_leave(slot);
    return result;
}

/* The variant with flags is younger than the plain one. */
static int peeloff_native(const struct slot *slot, int64_t association)
{
    sctp_peeloff_flags_arg_t with = {.p_arg = {.associd = (sctp_assoc_t)association},
                                     .flags = SOCK_CLOEXEC | SOCK_NONBLOCK};
    socklen_t size = sizeof with;
    int descriptor;

    /* The descriptor is the call's result too. */
    if (getsockopt(native_of(slot)->descriptor, IPPROTO_SCTP, SCTP_SOCKOPT_PEELOFF_FLAGS, &with,
                   &size) >= 0)
        return with.p_arg.sd;
    if (errno != ENOPROTOOPT)
        return error_now(SCTPX_CALL_PEELOFF);
    descriptor = sctp_peeloff(native_of(slot)->descriptor, (sctp_assoc_t)association);
    if (descriptor < 0)
        return error_now(SCTPX_CALL_PEELOFF);
    if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0 || fcntl(descriptor, F_SETFL, O_NONBLOCK) < 0) {
        close(descriptor);
        return error_now(SCTPX_CALL_PEELOFF);
    }
    return descriptor;
}

int64_t sctpx_peeloff(int64_t handle, int64_t association)
{
    struct slot *slot;
    int64_t result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if (slot->style != SCTPX_ONE_TO_MANY)
        result = -SCTPX_EOPNOTSUPP;
    else if (association < OPTION_FIRST_ASSOCIATION || association > INT32_MAX)
        result = -SCTPX_ENOTCONN;
    else
        result = peeloff_native(slot, association);
    if (result >= 0)
        result = handle_born(slot, (int)result, 1);
    slot_leave(slot);
    return result;
}

/* A message that is none: EOF or ABORT, with the abort's reason. */
static int control_send(const struct slot *slot, int64_t association, uint16_t flags,
                        const void *data, uint32_t length)
{
    struct sctp_sndinfo info = {.snd_flags = flags, .snd_assoc_id = (sctp_assoc_t)association};
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof info)];
    struct iovec vector = {.iov_base = (void *)(uintptr_t)data, .iov_len = length};
    struct msghdr message = {.msg_iov = &vector,
                             .msg_iovlen = length > 0 ? 1 : 0,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    struct cmsghdr *header = (struct cmsghdr *)(void *)control;

    memset(control, 0, sizeof control);
    header->cmsg_level = IPPROTO_SCTP;
    header->cmsg_type = SCTP_SNDINFO;
    header->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(header), &info, sizeof info);
    if (sendmsg(native_of(slot)->descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return error_now(SCTPX_CALL_SHUTDOWN);
    return 0;
}

/* Both EOF on one-to-one and shutdown() elsewhere are refused or do nothing. */
int association_end(struct slot *slot, int64_t association)
{
    if (takes_associations(slot))
        return control_send(slot, association, SCTP_EOF, NULL, 0);
    if (shutdown(native_of(slot)->descriptor, SHUT_WR) < 0)
        return error_now(SCTPX_CALL_SHUTDOWN);
    return 0;
}

static int association_valid(const struct slot *slot, int64_t association)
{
    if (slot->style == SCTPX_ONE_TO_ONE)
        return 0;
    return association < OPTION_FIRST_ASSOCIATION || association > INT32_MAX ? -SCTPX_ENOTCONN : 0;
}

int sctpx_shutdown(int64_t handle, int64_t association)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = association_valid(slot, association);
    if (result == 0)
        result = association_end(slot, association);
    slot_leave(slot);
    return result;
}

int sctpx_abort(int64_t handle, int64_t association, const void *reason, uint32_t length)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = association_valid(slot, association);
    if (reason == NULL && length > 0)
        result = -SCTPX_EINVAL;
    /* One-to-one: ABORT on a send is refused; the closing that follows sends
     * one when it must not linger. */
    if (result == 0 && takes_associations(slot))
        result = control_send(slot, association, SCTP_ABORT, reason, length);
    if (slot->style == SCTPX_ONE_TO_ONE &&
        setsockopt(native_of(slot)->descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) < 0)
        result = error_now(SCTPX_CALL_SHUTDOWN);
    slot_leave(slot);
    return result;
}
