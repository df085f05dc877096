/* SPDX-License-Identifier: MIT */
#include "posix/clock.h"
#include "userland/readiness.h"

int sctpx_wait(int64_t handle, uint32_t ready, int64_t timeout)
{
    struct slot *slot;
    uint32_t now;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    now = readiness_now(slot) & ready;
    if (now != 0)
        result = (int)now;
    else if (timeout != 0)
        result = readiness_wait(slot, ready, deadline_after(timeout));
    slot_leave(slot);
    return result;
}
