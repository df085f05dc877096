/* SPDX-License-Identifier: MIT */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "posix/address.h"
#include "posix/clock.h"
#include "posix/error.h"
#include "posix/kernel/descriptor.h"
#include "posix/wait.h"

int status_read(const struct slot *slot, int64_t association, struct sctp_status *status)
{
    socklen_t size = sizeof *status;

    memset(status, 0, sizeof *status);
    status->sstat_assoc_id = (sctp_assoc_t)association;
    return os_option_get(native_of(slot)->descriptor, (sctp_assoc_t)association, SCTP_STATUS,
                         status, &size) < 0
               ? errno
               : 0;
}

static int is_absence(int problem)
{
    return problem == EINVAL || problem == ENOENT || problem == ENOTCONN || problem == ESHUTDOWN;
}

int association_standing(const struct slot *slot, int64_t association)
{
    struct sctp_status status;
    int problem = status_read(slot, association, &status);

    if (problem == 0)
        return os_standing(status.sstat_state);
    return is_absence(problem) ? STANDING_NONE : -error_of(SCTPX_CALL_CONNECT, problem);
}

int sctpx_listen(int64_t handle, int backlog)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    /* To some kernels 0 means: stop listening. */
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
    os_inherit(slot, parent);
    atomic_store(&native_of(slot)->phase, PHASE_CONNECTED);
    atomic_store(&native_of(slot)->defaults, atomic_load(&native_of(parent)->defaults));
    return slot_publish(slot);
}

/* The next that is still there: one may have ended while it waited. */
static int64_t accept_once(struct slot *slot, struct sctpx_address *peer)
{
    union address_native name;
    socklen_t size;
    int descriptor;

    do {
        memset(&name, 0, sizeof name);
        size = sizeof name;
        descriptor = descriptor_accept(native_of(slot)->descriptor, &name.any, &size);
    } while (descriptor < 0 && (errno == ECONNRESET || errno == ECONNABORTED));
    if (descriptor < 0)
        return error_now(SCTPX_CALL_ACCEPT);
    os_accepted(descriptor);
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

static int64_t peeloff_slot(struct slot *slot, int64_t association)
{
    int descriptor;

    if (slot->style != SCTPX_ONE_TO_MANY)
        return -SCTPX_EOPNOTSUPP;
    if (!is_id(association))
        return -SCTPX_ENOTCONN;
    descriptor = os_peeloff(native_of(slot)->descriptor, (sctp_assoc_t)association);
    if (descriptor < 0)
        return error_now(SCTPX_CALL_PEELOFF);
    return handle_born(slot, descriptor, OS_PEELED_IS_MANY);
}

int64_t sctpx_peeloff(int64_t handle, int64_t association)
{
    struct slot *slot;
    int64_t result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = peeloff_slot(slot, association);
    slot_leave(slot);
    return result;
}
