/* SPDX-License-Identifier: MIT */
#include "posix/kernel/kernel.h"

#include <string.h>
#include <unistd.h>

#include "posix/error.h"
#include "posix/kernel/descriptor.h"

static void native_reset(struct slot *slot)
{
    struct native *native = native_of(slot);

    native->descriptor = -1;
    native->kept = 0;
    native->peeled = 0;
    atomic_store(&native->phase, PHASE_FRESH);
    atomic_store(&native->ended, 0);
    atomic_store(&native->defaults, 0);
    atomic_store(&native->partial, 0);
#if OS_KEEPS_STATE
    memset(&native->os, 0, sizeof native->os);
#endif
    pthread_mutex_init(&native->lock, NULL);
#if OS_EXPLICIT_EOR
    memset(&native->part, 0, sizeof native->part);
    pthread_mutex_init(&native->sending, NULL);
#endif
}

/* May wait, when SO_LINGER was set: nothing is locked here. */
static void native_release(struct slot *slot)
{
    struct native *native = native_of(slot);

    if (native->descriptor >= 0 && !native->kept)
        close(native->descriptor);
    os_release(slot);
    pthread_mutex_destroy(&native->lock);
#if OS_EXPLICIT_EOR
    pthread_mutex_destroy(&native->sending);
#endif
    native_reset(slot);
}

const struct slot_backend slot_backend = {sizeof(struct native), native_reset, native_release};

int handle_wrap(int descriptor, uint32_t family, uint32_t style, struct slot **slot)
{
    int result = slot_new(slot);

    if (result < 0)
        return result;
    (*slot)->family = family;
    (*slot)->style = style;
    native_of(*slot)->descriptor = descriptor;
    return 0;
}

int64_t sctpx_open(uint32_t family, uint32_t style)
{
    struct slot *slot;
    int descriptor, result;
    int type = style == SCTPX_ONE_TO_ONE ? SOCK_STREAM : SOCK_SEQPACKET;

    if (style != SCTPX_ONE_TO_ONE && style != SCTPX_ONE_TO_MANY)
        return -SCTPX_EINVAL;
    if (family != SCTPX_FAMILY_IPV4 && family != SCTPX_FAMILY_IPV6)
        return -SCTPX_EAFNOSUPPORT;
    descriptor = descriptor_open(family == SCTPX_FAMILY_IPV4 ? AF_INET : AF_INET6, type);
    if (descriptor < 0)
        return error_now(SCTPX_CALL_OPEN);
    result = handle_wrap(descriptor, family, style, &slot);
    if (result < 0) {
        close(descriptor);
        return result;
    }
    result = os_prepare(slot);
    if (result == 0)
        return slot_publish(slot);
    slot_leave(slot); /* which closes the descriptor */
    return result;
}

int sctpx_detach(int64_t handle)
{
    struct slot *slot;
    int descriptor, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    slot_leave(slot);
    result = slot_close(handle, &slot);
    if (result < 0)
        return result;
    native_of(slot)->kept = 1;
    descriptor = native_of(slot)->descriptor;
    slot_leave(slot);
    return descriptor;
}

int sctpx_close(int64_t handle)
{
    struct slot *slot;
    int result = slot_close(handle, &slot);

    if (result == 0)
        slot_leave(slot);
    return result;
}

int sctpx_fileno(int64_t handle)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = native_of(slot)->descriptor;
    slot_leave(slot);
    return result;
}

int sctpx_family_of(int64_t handle)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = (int)slot->family;
    slot_leave(slot);
    return result;
}

int sctpx_style_of(int64_t handle)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = (int)slot->style;
    slot_leave(slot);
    return result;
}
