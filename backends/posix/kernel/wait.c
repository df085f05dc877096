/* SPDX-License-Identifier: MIT */
#include "posix/kernel/kernel.h"

#include <poll.h>

#include "posix/clock.h"
#include "posix/wait.h"

int sctpx_wait(int64_t handle, uint32_t ready, int64_t timeout)
{
    struct slot *slot;
    short events = 0;
    int found, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if ((ready & SCTPX_READABLE) != 0)
        events |= POLLIN;
    if ((ready & SCTPX_WRITABLE) != 0)
        events |= POLLOUT;
    found = wait_descriptor(slot, native_of(slot)->descriptor, events, deadline_after(timeout));
    slot_leave(slot);
    if (found <= 0)
        return found;
    /* An error or a hang-up ends either wait: the call that follows tells. */
    if ((found & (POLLERR | POLLHUP | POLLNVAL)) != 0)
        return (int)(ready & (SCTPX_READABLE | SCTPX_WRITABLE));
    return ((found & POLLIN) != 0 ? SCTPX_READABLE : 0) |
           ((found & POLLOUT) != 0 ? SCTPX_WRITABLE : 0);
}
