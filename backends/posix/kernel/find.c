/* SPDX-License-Identifier: MIT */
/* Which associations there are, and which is with whom. */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "posix/address.h"
#include "posix/error.h"

static int id_single(const struct slot *slot, int64_t *ids, uint32_t capacity)
{
    struct sctp_status status;

    if (status_read(slot, 0, &status) != 0 || os_standing(status.sstat_state) == STANDING_NONE)
        return 0;
    if (capacity > 0)
        ids[0] = (int64_t)status.sstat_assoc_id;
    return 1;
}

int sctpx_associations(int64_t handle, int64_t *ids, uint32_t capacity)
{
    sctp_assoc_t *all = NULL;
    struct slot *slot;
    int i, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if (ids == NULL && capacity > 0) {
        result = -SCTPX_EINVAL;
    } else if (slot->style == SCTPX_ONE_TO_ONE) {
        result = id_single(slot, ids, capacity);
    } else {
        result = associations_list(slot, &all);
        for (i = 0; i < result && (uint32_t)i < capacity; i++)
            ids[i] = (int64_t)all[i];
        free(all);
    }
    slot_leave(slot);
    return result;
}

/* The long way: through all of them. */
static int64_t association_search(struct slot *slot, const struct sctpx_address *peer)
{
    sctp_assoc_t *all = NULL;
    int64_t result = -SCTPX_ENOTCONN;
    int i, count = associations_list(slot, &all);

    for (i = 0; i < count && result < 0; i++)
        if (association_has_peer(slot, (int64_t)all[i], peer))
            result = (int64_t)all[i];
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
    if (OS_FINDS_BY_SEARCH && slot->style == SCTPX_ONE_TO_MANY)
        return association_search(slot, peer);
    memset(&info, 0, sizeof info);
    memcpy((uint8_t *)&info + offsetof(struct sctp_paddrinfo, spinfo_address), &address,
           (size_t)length);
    if (os_option_get(native_of(slot)->descriptor, 0, SCTP_GET_PEER_ADDR_INFO, &info, &size) == 0)
        return (int64_t)info.spinfo_assoc_id;
    /* Where the kernel hides potentially failed paths. */
    if (errno == EACCES && slot->style == SCTPX_ONE_TO_MANY)
        return association_search(slot, peer);
    return errno == EINVAL || errno == ENOENT ? -SCTPX_ENOTCONN : error_now(SCTPX_CALL_OTHER);
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
