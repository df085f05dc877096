/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "linux/linux.h"
#include "posix/address.h"
#include "posix/error.h"
#include "posix/option.h"

static int is_association_error(int problem)
{
    return problem == ECONNRESET || problem == ETIMEDOUT || problem == ECONNREFUSED ||
           problem == ECONNABORTED || problem == EHOSTUNREACH || problem == ENETUNREACH;
}

int association_lost(struct slot *slot, int problem)
{
    struct native *native = native_of(slot);

    if (slot->style != SCTPX_ONE_TO_ONE || !is_association_error(problem))
        return 0;
    if (atomic_load(&native->phase) == PHASE_CONNECTING)
        atomic_store(&native->phase, PHASE_FRESH);
    else
        atomic_store(&native->ended, -error_of(SCTPX_CALL_RECEIVE, problem));
    return 1;
}

int connect_progress(struct slot *slot)
{
    struct native *native = native_of(slot);
    struct sctp_status status;
    int problem = 0, phase = atomic_load(&native->phase);
    socklen_t size = sizeof problem;

    if (phase == PHASE_FRESH || phase == PHASE_LISTENING)
        return -SCTPX_ENOTCONN;
    if (phase == PHASE_CONNECTING &&
        getsockopt(native->descriptor, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 &&
        problem != 0) {
        atomic_store(&native->phase, PHASE_FRESH);
        return -error_of(SCTPX_CALL_CONNECT, problem);
    }
    problem = status_read(slot, 0, &status);
    if (problem == 0) {
        atomic_store(&native->phase, PHASE_CONNECTED);
        return 0;
    }
    if (problem != EINVAL)
        return -error_of(SCTPX_CALL_CONNECT, problem);
    return phase == PHASE_CONNECTING ? -SCTPX_EINPROGRESS : -SCTPX_ENOTCONN;
}

static int association_progress(const struct slot *slot, int64_t association)
{
    struct sctp_status status;
    int problem;

    if (association < OPTION_FIRST_ASSOCIATION || association > INT32_MAX)
        return -SCTPX_ENOTCONN;
    problem = status_read(slot, association, &status);
    if (problem != 0)
        return problem == EINVAL ? -SCTPX_ENOTCONN : -error_of(SCTPX_CALL_CONNECT, problem);
    return status.sstat_state < SCTP_ESTABLISHED ? -SCTPX_EINPROGRESS : 0;
}

int sctpx_connect_result(int64_t handle, int64_t association)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = slot->style == SCTPX_ONE_TO_ONE ? connect_progress(slot)
                                             : association_progress(slot, association);
    slot_leave(slot);
    return result;
}

/* errno is cleared first: the library looks at it even after success. */
static int connectx_native(const struct slot *slot, void *packed, uint32_t count,
                           int64_t *association)
{
    sctp_assoc_t id = 0;
    int result;

    errno = 0;
    result = sctp_connectx(native_of(slot)->descriptor, packed, (int)count, &id);
    if (result < 0)
        result = error_now(SCTPX_CALL_CONNECT);
    else
        result = 0;
    if (association != NULL)
        *association = id;
    return result;
}

/* INITMSG is the socket's, so it is changed for the call and put back. */
static int connectx_with(struct slot *slot, void *packed, uint32_t count,
                         const struct sctpx_option *init, int64_t *association)
{
    struct sctpx_option before = {.option = SCTPX_OPT_INIT_MESSAGE};
    int result;

    if (init == NULL)
        return connectx_native(slot, packed, count, association);
    if (init->option != SCTPX_OPT_INIT_MESSAGE)
        return -SCTPX_EINVAL;
    result = option_get(slot, &before, NULL, 0);
    if (result == 0)
        result = option_set(slot, init, NULL, 0);
    if (result < 0)
        return result;
    result = connectx_native(slot, packed, count, association);
    (void)option_set(slot, &before, NULL, 0);
    return result;
}

/* 0 when the one-to-one socket may begin to connect. */
static int connect_allowed(struct slot *slot)
{
    int result;

    if (atomic_load(&native_of(slot)->phase) == PHASE_LISTENING)
        return -SCTPX_EISCONN;
    result = connect_progress(slot);
    if (result == 0)
        return -SCTPX_EISCONN;
    if (result == -SCTPX_EINPROGRESS)
        return -SCTPX_EALREADY;
    return result == -SCTPX_ENOTCONN ? 0 : result;
}

static int connect_one_to_one(struct slot *slot, void *packed, uint32_t count,
                              const struct sctpx_option *init, int64_t *association)
{
    struct native *native = native_of(slot);
    int result = connect_allowed(slot);

    if (result < 0)
        return result;
    result = connectx_with(slot, packed, count, init, association);
    if (result < 0 && result != -SCTPX_EINPROGRESS)
        return result;
    atomic_store(&native->ended, 0);
    atomic_store(&native->phase, PHASE_CONNECTING);
    /* Over loopback it is up by now; a failure stays for connect_result. */
    if (result < 0) {
        struct sctp_status status;

        if (status_read(slot, 0, &status) != 0)
            return result;
    }
    atomic_store(&native->phase, PHASE_CONNECTED);
    return 0;
}

static int connect_one_to_many(struct slot *slot, void *packed, uint32_t count,
                               const struct sctpx_option *init, int64_t *association)
{
    int64_t id = 0;
    int result = connectx_with(slot, packed, count, init, &id);

    if (association != NULL)
        *association = id;
    /* A refusal within the call comes as a notification. */
    return result == -SCTPX_EINPROGRESS && association_progress(slot, id) == 0 ? 0 : result;
}

int sctpx_connectx(int64_t handle, const struct sctpx_address *list, uint32_t size, uint32_t count,
                   const struct sctpx_option *init, int64_t *association)
{
    struct slot *slot;
    void *packed;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = address_list_pack(list, size, count, slot->family, &packed);
    if (result >= 0) {
        pthread_mutex_lock(&native_of(slot)->lock);
        result = slot->style == SCTPX_ONE_TO_ONE
                     ? connect_one_to_one(slot, packed, count, init, association)
                     : connect_one_to_many(slot, packed, count, init, association);
        pthread_mutex_unlock(&native_of(slot)->lock);
    }
    free(packed);
    slot_leave(slot);
    return result;
}
