/* SPDX-License-Identifier: MIT */
/* The ids of a one-to-many socket, where the kernel has a list of them. */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "posix/error.h"

#ifdef SCTP_GET_ASSOC_ID_LIST

int associations_count(struct slot *slot)
{
    uint32_t number = 0;
    socklen_t size = sizeof number;

    if (os_option_get(native_of(slot)->descriptor, 0, SCTP_GET_ASSOC_NUMBER, &number, &size) < 0)
        return error_now(SCTPX_CALL_BIND);
    return number <= INT32_MAX ? (int)number : -SCTPX_EIO;
}

/* As many ids as `room` holds; how many there are, or minus an errno. */
static int ids_read(const struct slot *slot, struct sctp_assoc_ids *ids, uint32_t room)
{
    socklen_t size = (socklen_t)(sizeof *ids + room * sizeof(sctp_assoc_t));

    if (os_option_get(native_of(slot)->descriptor, 0, SCTP_GET_ASSOC_ID_LIST, ids, &size) < 0)
        return -errno;
    return ids->gaids_number_of_ids <= room ? (int)ids->gaids_number_of_ids : -EIO;
}

/* The list begins the block, so that it can be given to free(). */
static sctp_assoc_t *ids_move(struct sctp_assoc_ids *ids, int count)
{
    memmove(ids, (const uint8_t *)ids + offsetof(struct sctp_assoc_ids, gaids_assoc_id),
            (size_t)count * sizeof(sctp_assoc_t));
    return (sctp_assoc_t *)(void *)ids;
}

int associations_list(struct slot *slot, sctp_assoc_t **result)
{
    struct sctp_assoc_ids *ids;
    uint32_t room;
    int count;

    /* EINVAL is the kernels' word for too little room. */
    for (room = 64; room <= 1u << 24; room *= 4) {
        ids = malloc(sizeof *ids + room * sizeof(sctp_assoc_t));
        if (ids == NULL)
            return -SCTPX_ENOMEM;
        count = ids_read(slot, ids, room);
        if (count >= 0) {
            *result = ids_move(ids, count);
            return count;
        }
        free(ids);
        if (count != -EINVAL)
            return -error_of(SCTPX_CALL_OTHER, -count);
    }
    return -SCTPX_ENOMEM;
}

#endif
