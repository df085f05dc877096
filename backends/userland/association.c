/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "posix/address.h"
#include "posix/clock.h"
#include "posix/error.h"
#include "userland/endpoint.h"
#include "userland/readiness.h"

#define REASON_MAX 1400 /* usrsctp refuses more, and it must fit a packet */
#define ASSOCIATIONS_MAX (1u << 20)

int association_status(struct socket *so, int64_t association, struct sctp_status *status)
{
    socklen_t length = sizeof *status;

    memset(status, 0, sizeof *status);
    if (association < 0 || association > UINT32_MAX)
        return 0;
    status->sstat_assoc_id = (sctp_assoc_t)association;
    return usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_STATUS, status, &length) == 0;
}

int sctpx_listen(int64_t handle, int backlog)
{
    struct endpoint *endpoint;
    struct slot *slot;
    int stage = STAGE_IDLE, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    endpoint = endpoint_of(slot);
    /* usrsctp takes 0 for "no longer"; kernels let a one-to-one listen. */
    if (is_one_to_one(slot) && backlog < 1)
        backlog = 1;
    if (is_one_to_one(slot) &&
        !atomic_compare_exchange_strong(&endpoint->stage, &stage, STAGE_LISTENING) &&
        stage != STAGE_LISTENING)
        result = -SCTPX_EINVAL;
    else if (usrsctp_listen(endpoint->so, backlog) < 0)
        result = error_now(SCTPX_CALL_LISTEN);
    if (result < 0 && stage == STAGE_IDLE && is_one_to_one(slot))
        atomic_store(&endpoint->stage, STAGE_IDLE);
    readiness_update(slot);
    slot_leave(slot);
    return result;
}

/* The next that is still there: one may have ended while it waited. */
static int64_t accept_now(struct slot *slot, struct sctpx_address *peer)
{
    struct sctp_status status;
    union address_native native;
    struct socket *child;
    socklen_t length;

    do {
        memset(&native, 0, sizeof native);
        length = sizeof native;
        child = usrsctp_accept(endpoint_of(slot)->so, &native.any, &length);
    } while (child == NULL && (errno == ECONNRESET || errno == ECONNABORTED));
    if (child == NULL)
        return error_now(SCTPX_CALL_ACCEPT);
    if (peer != NULL)
        (void)address_from_native(&native, sizeof native, slot->family, peer);
    (void)association_status(child, 0, &status);
    return endpoint_adopt(slot, child, status.sstat_assoc_id);
}

int64_t sctpx_accept(int64_t handle, struct sctpx_address *peer, int64_t timeout)
{
    int64_t deadline = deadline_after(timeout), child;
    struct slot *slot;
    int waited = slot_enter(handle, &slot);

    if (waited < 0)
        return waited;
    child = accept_now(slot, peer);
    if (child == -SCTPX_EAGAIN && timeout != 0) {
        waited = readiness_wait(slot, SCTPX_READABLE, deadline);
        if (waited > 0)
            child = wait_ended(accept_now(slot, peer));
        else if (waited < 0)
            child = waited;
    }
    readiness_update(slot);
    slot_leave(slot);
    return child;
}

int association_list(struct socket *so, struct sctp_assoc_ids **list)
{
    uint32_t count = 0;
    socklen_t length = sizeof count;
    int result;

    *list = NULL;
    if (usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_GET_ASSOC_NUMBER, &count, &length) < 0)
        return error_now(SCTPX_CALL_OTHER);
    if (count > ASSOCIATIONS_MAX)
        return -SCTPX_EIO;
    /* Room for those that come up meanwhile. */
    count += 64;
    length = (socklen_t)(sizeof **list + count * sizeof(sctp_assoc_t));
    *list = calloc(1, length);
    if (*list == NULL)
        return -SCTPX_ENOMEM;
    if (usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_GET_ASSOC_ID_LIST, *list, &length) < 0) {
        /* More came up than there was room for. */
        result = errno == EINVAL ? -SCTPX_EAGAIN : error_now(SCTPX_CALL_OTHER);
        free(*list);
        *list = NULL;
        return result;
    }
    if (count > (*list)->gaids_number_of_ids)
        count = (*list)->gaids_number_of_ids;
    return (int)count;
}

static int associations_of(const struct slot *slot, int64_t *ids, uint32_t capacity)
{
    struct sctp_assoc_ids *list;
    int i, count;

    do
        count = association_list(endpoint_of(slot)->so, &list);
    while (count == -SCTPX_EAGAIN);
    if (count < 0)
        return count;
    for (i = 0; i < count && (uint32_t)i < capacity; i++)
        ids[i] = list->gaids_assoc_id[i];
    free(list);
    return count;
}

int association_exists(struct socket *so, int one_to_one, int64_t association)
{
    struct sctp_status status;
    struct sctp_assoc_ids *list;
    int i, count, found = 0;

    if (one_to_one)
        return association_status(so, 0, &status);
    count = association_list(so, &list);
    if (count < 0)
        return 1;
    for (i = 0; i < count; i++)
        found |= list->gaids_assoc_id[i] == association;
    free(list);
    return found;
}

int sctpx_associations(int64_t handle, int64_t *ids, uint32_t capacity)
{
    struct sctp_status status;
    struct slot *slot;
    int result;

    if (ids == NULL && capacity != 0)
        return -SCTPX_EINVAL;
    result = slot_enter(handle, &slot);
    if (result < 0)
        return result;
    if (!is_one_to_one(slot)) {
        result = associations_of(slot, ids, capacity);
    } else {
        result = !is_unconnected(slot) && association_status(endpoint_of(slot)->so, 0, &status);
        if (result != 0 && capacity != 0)
            ids[0] = status.sstat_assoc_id;
    }
    slot_leave(slot);
    return result;
}

/* Nobody may receive or send meanwhile: the queues move over. */
static int64_t peeloff(struct slot *slot, int64_t association)
{
    struct endpoint *endpoint = endpoint_of(slot);
    struct socket *so = NULL;
    int64_t result = -SCTPX_ENOTCONN;

    pthread_mutex_lock(&endpoint->sending);
    pthread_mutex_lock(&endpoint->receiving);
    /* Ids up to SCTP_ALL_ASSOC would mean other things. */
    if (association > SCTP_ALL_ASSOC && association <= UINT32_MAX) {
        errno = 0;
        so = usrsctp_peeloff(endpoint->so, (sctp_assoc_t)association);
        if (so == NULL)
            result = errno != 0 ? error_now(SCTPX_CALL_PEELOFF) : -SCTPX_ENOMEM;
    }
    pthread_mutex_unlock(&endpoint->receiving);
    pthread_mutex_unlock(&endpoint->sending);
    return so != NULL ? endpoint_adopt(slot, so, association) : result;
}

int64_t sctpx_peeloff(int64_t handle, int64_t association)
{
    struct slot *slot;
    int64_t result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = is_one_to_one(slot) ? -SCTPX_EOPNOTSUPP : peeloff(slot, association);
    readiness_update(slot);
    slot_leave(slot);
    return result;
}

static int tell_once(struct socket *so, const struct sctp_sndinfo *info, const void *data,
                     uint32_t length)
{
    struct sctp_sndinfo own = *info; /* usrsctp may write into it */

    if (usrsctp_sendv(so, length != 0 ? data : "", length, NULL, 0, &own, sizeof own,
                      SCTP_SENDV_SNDINFO, 0) >= 0)
        return 0;
    return errno;
}

/* The number of chunks that usrsctp lets queue up, out of its way for once. */
static int tell_beyond_limit(struct socket *so, const struct sctp_sndinfo *info)
{
    static pthread_mutex_t lifting = PTHREAD_MUTEX_INITIALIZER;
    uint32_t limit;
    int problem;

    pthread_mutex_lock(&lifting);
    limit = usrsctp_sysctl_get_sctp_max_chunks_on_queue();
    usrsctp_sysctl_set_sctp_max_chunks_on_queue(UINT32_MAX);
    problem = tell_once(so, info, NULL, 0);
    usrsctp_sysctl_set_sctp_max_chunks_on_queue(limit);
    pthread_mutex_unlock(&lifting);
    return problem;
}

int association_tell(struct socket *so, sctp_assoc_t association, uint16_t how, const void *data,
                     uint32_t length)
{
    struct sctp_sndinfo info;
    int problem;

    memset(&info, 0, sizeof info);
    info.snd_assoc_id = association;
    info.snd_flags = how;
    problem = tell_once(so, &info, data, length);
    if (problem != EWOULDBLOCK)
        return problem;
    if (how != SCTP_ABORT)
        return tell_beyond_limit(so, &info);
    /* Where it may wait, it aborts before it looks for room. */
    usrsctp_set_non_blocking(so, 0);
    problem = tell_once(so, &info, data, length);
    usrsctp_set_non_blocking(so, 1);
    return problem;
}

/* 0 or an errno. */
static int send_order(struct slot *slot, int64_t association, uint16_t how, const void *data,
                      uint32_t length)
{
    struct endpoint *endpoint = endpoint_of(slot);
    int problem;

    if (is_one_to_one(slot))
        association = 0;
    else if (association <= SCTP_ALL_ASSOC || association > UINT32_MAX)
        return ENOTCONN;
    pthread_mutex_lock(&endpoint->sending);
    pthread_mutex_lock(&endpoint->receiving);
    problem = association_tell(endpoint->so, (sctp_assoc_t)association, how, data, length);
    pthread_mutex_unlock(&endpoint->receiving);
    pthread_mutex_unlock(&endpoint->sending);
    return problem == ENOENT ? ENOTCONN : problem;
}

static int shut_down(struct slot *slot, int64_t association)
{
    struct endpoint *endpoint = endpoint_of(slot);
    int problem;

    if (is_one_to_one(slot)) {
        /* A message that it came under would be stranded: see send.c. */
        pthread_mutex_lock(&endpoint->sending);
        problem = usrsctp_shutdown(endpoint->so, SHUT_WR) == 0 ? 0 : errno;
        pthread_mutex_unlock(&endpoint->sending);
        return problem == 0 ? 0 : -error_of(SCTPX_CALL_SHUTDOWN, problem);
    }
    problem = send_order(slot, association, SCTP_EOF, NULL, 0);
    /* It is being shut down already. */
    return problem == 0 || problem == ECONNRESET ? 0 : -error_of(SCTPX_CALL_SHUTDOWN, problem);
}

int sctpx_shutdown(int64_t handle, int64_t association)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = shut_down(slot, association);
    readiness_update(slot);
    slot_leave(slot);
    return result;
}

static int abort_it(struct slot *slot, int64_t association, const void *reason, uint32_t length)
{
    struct endpoint *endpoint = endpoint_of(slot);
    struct sctp_status status;
    int problem, mark = is_one_to_one(slot);

    atomic_fetch_add(&endpoint->aborted, mark);
    problem = send_order(slot, association, SCTP_ABORT, reason, length);
    if (problem == 0)
        return 0;
    atomic_fetch_sub(&endpoint->aborted, mark);
    if (problem == ECONNRESET)
        problem = ENOTCONN; /* the peer has just ended it */
    /* What is only being set up cannot be told: a close will. */
    if (problem == EINVAL && association_status(endpoint->so, association, &status)) {
        if (!is_one_to_one(slot))
            return -SCTPX_EINPROGRESS;
        atomic_store(&endpoint->aborts, 1);
        return 0;
    }
    return -error_of(SCTPX_CALL_SHUTDOWN, problem);
}

int sctpx_abort(int64_t handle, int64_t association, const void *reason, uint32_t length)
{
    struct slot *slot;
    int result;

    if (length > REASON_MAX)
        return -SCTPX_EMSGSIZE;
    if (reason == NULL && length != 0)
        return -SCTPX_EINVAL;
    result = slot_enter(handle, &slot);
    if (result < 0)
        return result;
    result = abort_it(slot, association, reason, length);
    readiness_update(slot);
    slot_leave(slot);
    return result;
}
