/* SPDX-License-Identifier: MIT */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

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
    int known = atomic_load(&native->ended), phase = atomic_load(&native->phase);

    if (slot->style != SCTPX_ONE_TO_ONE || !is_association_error(problem))
        return 0;
    if (phase == PHASE_CONNECTING && os_next_attempt(slot, problem) != 0)
        atomic_store(&native->phase, PHASE_FRESH);
    /* What never was up has not ended: it may be connected yet, or accepts. */
    if (phase != PHASE_CONNECTED)
        return 1;
    /* What has been up cannot be refused: Linux says so when hostile peers end. */
    if (problem == ECONNREFUSED)
        problem = ECONNRESET;
    problem = error_of(SCTPX_CALL_RECEIVE, problem);
    /* What was aborted here was not lost, whatever the kernel calls that. */
    while (known != -SCTPX_ECLOSED &&
           !atomic_compare_exchange_weak(&native->ended, &known, -problem))
        ;
    os_ended(native->descriptor); /* whoever is woken by it finds out why */
    return 1;
}

/* Why it could not be made, told once; -SCTPX_EINPROGRESS when it is tried
 * again; 0: nothing is known. */
static int connect_problem(struct slot *slot)
{
    struct native *native = native_of(slot);
    int problem = 0, phase = PHASE_CONNECTING;
    socklen_t size = sizeof problem;

    if (getsockopt(native->descriptor, SOL_SOCKET, SO_ERROR, &problem, &size) < 0 || problem == 0)
        return 0;
    problem = os_next_attempt(slot, problem);
    if (problem == 0)
        return -SCTPX_EINPROGRESS;
    return atomic_compare_exchange_strong(&native->phase, &phase, PHASE_FRESH)
               ? -error_of(SCTPX_CALL_CONNECT, problem)
               : 0;
}

/* Nothing shows of an association while it is connecting.  One that came up,
 * and that the peer shut down before anybody looked, is known by this end. */
static int has_been_up(const struct slot *slot)
{
#if OS_CONNECTING_SHOWS
    (void)slot;
    return 1;
#else
    struct pollfd polled = {.fd = native_of(slot)->descriptor, .events = POLLRDHUP};

    return poll(&polled, 1, 0) > 0 && (polled.revents & POLLRDHUP) != 0;
#endif
}

/* There is no association, or none that shows: what that means depends. */
static int nothing_shows(struct slot *slot, int phase)
{
    int problem;

    if (phase != PHASE_CONNECTING)
        return -SCTPX_ENOTCONN;
    if (!has_been_up(slot))
        return -SCTPX_EINPROGRESS;
    problem = connect_problem(slot);
    if (problem != 0)
        return problem;
    /* It came up, and has ended since: receiving tells how. */
    atomic_compare_exchange_strong(&native_of(slot)->phase, &phase, PHASE_CONNECTED);
    return 0;
}

int connect_progress(struct slot *slot)
{
    int result, phase = atomic_load(&native_of(slot)->phase);

    if (phase == PHASE_FRESH || phase == PHASE_LISTENING)
        return -SCTPX_ENOTCONN;
    if (phase == PHASE_CONNECTING) {
        result = connect_problem(slot);
        if (result < 0)
            return result;
    }
    result = association_standing(slot, 0);
    if (result < 0)
        return result;
    if (result == STANDING_UP) {
        atomic_store(&native_of(slot)->phase, PHASE_CONNECTED);
        return 0;
    }
    return result == STANDING_COMING ? -SCTPX_EINPROGRESS : nothing_shows(slot, phase);
}

static int association_progress(const struct slot *slot, int64_t association)
{
    int standing = is_id(association) ? association_standing(slot, association) : STANDING_NONE;

    if (standing < 0)
        return standing;
    if (standing == STANDING_UP)
        return 0;
    return standing == STANDING_COMING ? -SCTPX_EINPROGRESS : -SCTPX_ENOTCONN;
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

/* errno is cleared first: a library may look at it even after success. */
static int connectx_native(struct slot *slot, void *packed, uint32_t count, int64_t *association)
{
    sctp_assoc_t id = 0;
    int result;

    errno = 0;
    result = os_connectx(slot, packed, count, &id) < 0 ? error_now(SCTPX_CALL_CONNECT) : 0;
    if (association != NULL)
        *association = (int64_t)id;
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
    if ((result < 0 || OS_CONNECTING_SHOWS) && association_standing(slot, 0) != STANDING_UP)
        return -SCTPX_EINPROGRESS;
    atomic_store(&native->phase, PHASE_CONNECTED);
    return 0;
}

/* With one of these there is an association already, which some kernels call
 * a connect under way in either case. */
static int already(struct slot *slot, const void *packed, uint32_t count, int64_t *association)
{
    const uint8_t *bytes = packed;
    struct sctpx_address address;

    for (; count > 0; count--, bytes += address_length(bytes)) {
        int64_t id;

        (void)address_from_native(bytes, sizeof(struct sockaddr_in6), slot->family, &address);
        id = association_find(slot, &address);
        if (id < 0)
            continue;
        *association = id;
        return association_standing(slot, id) == STANDING_UP ? -SCTPX_EISCONN : -SCTPX_EALREADY;
    }
    return -SCTPX_EALREADY;
}

static int connect_one_to_many(struct slot *slot, void *packed, uint32_t count,
                               const struct sctpx_option *init, int64_t *association)
{
    int64_t id = 0;
    int result = connectx_with(slot, packed, count, init, &id);

    if (result == -SCTPX_EALREADY)
        result = already(slot, packed, count, &id);
    if (association != NULL)
        *association = id;
    if (result < 0 && result != -SCTPX_EINPROGRESS)
        return result;
    /* A refusal within the call comes as a notification. */
    return association_progress(slot, id) == 0 ? 0 : -SCTPX_EINPROGRESS;
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
