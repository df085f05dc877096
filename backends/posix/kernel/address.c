/* SPDX-License-Identifier: MIT */
#include "posix/kernel/kernel.h"

#include "posix/address.h"

#include "posix/error.h"

typedef int addresses_call(int, sctp_assoc_t, void **);
typedef void addresses_free(void *);

/* What the library allocated is freed here, once, whatever happened; some
 * libraries cannot free nothing. */
static int addresses_read(const struct slot *slot, int64_t association, addresses_call *call,
                          addresses_free *release, struct sctpx_address *list, uint32_t capacity)
{
    void *packed = NULL;
    int count, result;

    if (association < 0 || association > LAST_ASSOCIATION)
        return -SCTPX_EINVAL;
    count = call(native_of(slot)->descriptor, (sctp_assoc_t)association, &packed);
    if (count < 0)
        result = error_now(SCTPX_CALL_ADDRESSES);
    else
        result = address_list_unpack(packed, (size_t)count * sizeof(struct sockaddr_in6),
                                     (uint32_t)count, slot->family, list, capacity);
    if (packed != NULL)
        release(packed);
    return result;
}

/* Some kernels still list the peer of an attempt that failed a moment ago.  One
 * that somebody else began, and that came up since, is unknown here, too. */
static int never_connected(const struct slot *slot)
{
    int phase = atomic_load(&native_of(slot)->phase);

    return slot->style == SCTPX_ONE_TO_ONE && (phase == PHASE_FRESH || phase == PHASE_LISTENING) &&
           association_standing(slot, 0) != STANDING_UP;
}

/* Some kernels know no association, others one without addresses. */
static int peers_read(const struct slot *slot, int64_t association, struct sctpx_address *list,
                      uint32_t capacity)
{
    int result = addresses_read(slot, association, os_getpaddrs, os_freepaddrs, list, capacity);

    if (result == 0 || result == -SCTPX_EINVAL || result == -SCTPX_ENOTCONN)
        return slot->style == SCTPX_ONE_TO_ONE ? -SCTPX_ENOTCONN : -SCTPX_EINVAL;
    return result > 0 && never_connected(slot) ? -SCTPX_ENOTCONN : result;
}

static int locals_read(const struct slot *slot, int64_t association, struct sctpx_address *list,
                       uint32_t capacity)
{
    int result = addresses_read(slot, association, os_getladdrs, os_freeladdrs, list, capacity);

    if (result == -SCTPX_ENOTCONN && association == 0)
        return 0;
    return result == -SCTPX_EINVAL && slot->style == SCTPX_ONE_TO_ONE ? -SCTPX_ENOTCONN : result;
}

int association_has_peer(const struct slot *slot, int64_t association,
                         const struct sctpx_address *peer)
{
    void *packed = NULL;
    struct sctpx_address address;
    size_t used = 0;
    int i, found = 0;
    int count = os_getpaddrs(native_of(slot)->descriptor, (sctp_assoc_t)association, &packed);

    for (i = 0; i < count && !found; i++) {
        int length = address_from_native((const uint8_t *)packed + used,
                                         sizeof(struct sockaddr_in6), slot->family, &address);
        if (length < 0)
            break;
        used += (size_t)length;
        found = address.port == peer->port && address_same_host(&address, peer);
    }
    if (packed != NULL)
        os_freepaddrs(packed);
    return found;
}

int sctpx_peer_addresses(int64_t handle, int64_t association, struct sctpx_address *list,
                         uint32_t capacity)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = list == NULL ? -SCTPX_EINVAL : peers_read(slot, association, list, capacity);
    slot_leave(slot);
    return result;
}

int sctpx_local_addresses(int64_t handle, int64_t association, struct sctpx_address *list,
                          uint32_t capacity)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = list == NULL ? -SCTPX_EINVAL : locals_read(slot, association, list, capacity);
    slot_leave(slot);
    return result;
}
