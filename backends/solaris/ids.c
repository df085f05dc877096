/* SPDX-License-Identifier: MIT */
/* Ids where the kernel has no list of them: the lowest free number is taken for
 * each new one, so that they are small, and counted through. */
#include "posix/kernel/kernel.h"

#include <stdlib.h>

#ifndef SCTP_GET_ASSOC_ID_LIST

/* Numbers without an association after which none is looked for any more. */
#define GAP 64

static int walk(struct slot *slot, sctp_assoc_t *ids, uint32_t room)
{
    struct os_state *os = &native_of(slot)->os;
    sctp_assoc_t highest = atomic_load(&os->highest);
    sctp_assoc_t id, last = highest + GAP;
    uint32_t count = 0;

    for (id = OS_FIRST_ASSOCIATION; id <= last; id++) {
        if (association_standing(slot, id) <= STANDING_NONE)
            continue;
        if (count < room)
            ids[count] = id;
        count++;
        last = id > highest ? id + GAP : last;
    }
    return (int)count;
}

int associations_count(struct slot *slot)
{
    return walk(slot, NULL, 0);
}

int associations_list(struct slot *slot, sctp_assoc_t **ids)
{
    uint32_t room = (uint32_t)associations_count(slot) + GAP;
    int count;

    *ids = malloc(room * sizeof **ids);
    if (*ids == NULL)
        return -SCTPX_ENOMEM;
    count = walk(slot, *ids, room);
    return (uint32_t)count <= room ? count : (int)room;
}

#endif

void os_seen(struct slot *slot, int64_t association)
{
    _Atomic sctp_assoc_t *highest = &native_of(slot)->os.highest;
    sctp_assoc_t before = atomic_load(highest);

    if (association >= INT32_MAX / 2)
        return;
    while (association > before &&
           !atomic_compare_exchange_weak(highest, &before, (sctp_assoc_t)association))
        continue;
}
