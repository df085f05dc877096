/* SPDX-License-Identifier: MIT */
/*
 * sctp_connectx, or what comes near to it where there is none: connect() to
 * each address in turn.  A socket whose connect() failed cannot try again, so
 * its descriptor is given to a new one, bound and set as the old one was.
 */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "posix/address.h"
#include "solaris/renew.h"

struct attempts {
    _Atomic int busy;
    uint32_t left;
    const uint8_t *next;
    uint8_t list[];
};

#ifdef SCTPX_HAVE_SCTP_CONNECTX

static int connect_begin(struct slot *slot, void *packed, uint32_t count)
{
    sctp_assoc_t id = 0;

    return sctp_connectx(native_of(slot)->descriptor, packed, (int)count, &id);
}

#else

/* One connect(), on a new socket where this one has been used up. */
static int connect_once(struct slot *slot, const uint8_t *address)
{
    struct os_state *os = &native_of(slot)->os;

    if (slot->style == SCTPX_ONE_TO_ONE) {
        if (os->spent && renew(slot) < 0)
            return -1;
        if (!os->spent)
            renew_remember(slot);
        os->spent = 1;
    }
    return connect(native_of(slot)->descriptor, (const struct sockaddr *)(const void *)address,
                   (socklen_t)address_length(address));
}

/* Until one is under way; else -1 and the last one's errno. */
static int connect_next(struct slot *slot, struct attempts *attempts)
{
    int result = -1;

    while (attempts->left > 0) {
        const uint8_t *address = attempts->next;

        attempts->left--;
        attempts->next += address_length(address);
        result = connect_once(slot, address);
        if (result == 0 || errno == EINPROGRESS)
            break;
    }
    return result;
}

static int connect_begin(struct slot *slot, void *packed, uint32_t count)
{
    struct os_state *os = &native_of(slot)->os;
    size_t size = count * address_length(packed);
    struct attempts *attempts = malloc(sizeof *attempts + size);

    if (attempts == NULL)
        return -1;
    memcpy(attempts->list, packed, size);
    attempts->next = attempts->list;
    attempts->left = count;
    atomic_init(&attempts->busy, 0);
    free(os->attempts);
    os->attempts = attempts;
    return connect_next(slot, attempts);
}

#endif

/* Of a one-to-many socket: whichever association has one of these peers. */
static sctp_assoc_t id_of(struct slot *slot, const uint8_t *packed, uint32_t count)
{
    struct sctpx_address address;

    for (; count > 0; count--, packed += address_length(packed)) {
        int64_t id;

        (void)address_from_native(packed, sizeof(struct sockaddr_in6), slot->family, &address);
        id = association_find(slot, &address);
        if (id > 0)
            return (sctp_assoc_t)id;
    }
    return 0;
}

int os_connectx(struct slot *slot, void *packed, uint32_t count, sctp_assoc_t *id)
{
    int problem, result;

    if (slot->style == SCTPX_ONE_TO_MANY && id_of(slot, packed, count) != 0) {
        errno = EALREADY;
        return -1;
    }
    result = connect_begin(slot, packed, count);
    problem = errno;
    if (slot->style == SCTPX_ONE_TO_MANY && (result == 0 || problem == EINPROGRESS))
        *id = id_of(slot, packed, count);
    errno = problem;
    return result;
}

int os_next_attempt(struct slot *slot, int problem)
{
#ifdef SCTPX_HAVE_SCTP_CONNECTX
    (void)slot;
    return problem;
#else
    struct attempts *attempts = native_of(slot)->os.attempts;

    if (slot->style != SCTPX_ONE_TO_ONE || attempts == NULL)
        return problem;
    /* Another thread is at it. */
    if (atomic_exchange(&attempts->busy, 1))
        return 0;
    if (attempts->left > 0)
        problem = connect_next(slot, attempts) == 0 || errno == EINPROGRESS ? 0 : errno;
    atomic_store(&attempts->busy, 0);
    return problem;
#endif
}

int os_abandon(struct slot *slot)
{
#ifdef SCTPX_HAVE_SCTP_CONNECTX
    (void)slot;
    return -1;
#else
    struct os_state *os = &native_of(slot)->os;

    if (renew(slot) < 0)
        return -1;
    os->spent = 0;
    if (os->attempts != NULL)
        os->attempts->left = 0;
    return 0;
#endif
}

void os_release(struct slot *slot)
{
    free(native_of(slot)->os.attempts);
    renew_forget(slot);
}
