/* SPDX-License-Identifier: MIT */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "posix/address.h"
#include "posix/error.h"
#include "posix/kernel/bind.h"
#include "posix/kernel/descriptor.h"

#define ATTEMPTS 16

int bind_port(const struct slot *slot, int descriptor)
{
    union address_native name;
    socklen_t size = sizeof name;
    struct sctpx_address address;

    memset(&name, 0, sizeof name);
    if (getsockname(descriptor, &name.any, &size) < 0)
        return error_now(SCTPX_CALL_BIND);
    (void)address_from_native(&name, sizeof name, slot->family, &address);
    return address.port;
}

int bind_one(const struct slot *slot, int descriptor, const void *packed)
{
    struct sctpx_address address;
    int length = address_from_native(packed, sizeof(struct sockaddr_in6), slot->family, &address);

    if (length < 0)
        return length;
    if (bind(descriptor, packed, (socklen_t)length) == 0)
        return 0;
    return errno == OS_NO_PORT && address.port == 0 ? -SCTPX_ENOPORT : error_now(SCTPX_CALL_BIND);
}

static int has_associations(struct slot *slot)
{
    if (slot->style == SCTPX_ONE_TO_ONE) {
        int phase = atomic_load(&native_of(slot)->phase);
        return phase == PHASE_CONNECTING || phase == PHASE_CONNECTED;
    }
    return associations_count(slot);
}

/* As far as there is such an option. */
static void option_copy(int from, int to, int level, int name)
{
    int value = 0;
    socklen_t size = sizeof value;

    if (getsockopt(from, level, name, &value, &size) == 0)
        (void)setsockopt(to, level, name, &value, sizeof value);
}

/* No kernel takes a binding back once the first address stands, so a list is
 * tried on another socket first.  The port that all of it can have, or an
 * error. */
static int bind_rehearse(struct slot *slot, void *packed, uint32_t count)
{
    int own = native_of(slot)->descriptor;
    int type = slot->style == SCTPX_ONE_TO_ONE ? SOCK_STREAM : SOCK_SEQPACKET;
    int six = slot->family == SCTPX_FAMILY_IPV6;
    int result, stand_in = descriptor_open(six ? AF_INET6 : AF_INET, type);

    if (stand_in < 0)
        return error_now(SCTPX_CALL_BIND);
    option_copy(own, stand_in, SOL_SOCKET, SO_REUSEADDR);
    if (six)
        option_copy(own, stand_in, IPPROTO_IPV6, IPV6_V6ONLY);
    result = os_bindx(slot, stand_in, packed, count, 1);
    if (result == 0)
        result = bind_port(slot, stand_in);
    close(stand_in);
    return result;
}

/* A port that is free at one address may be taken at another. */
static int bind_several(struct slot *slot, void *packed, uint32_t count)
{
    int own = native_of(slot)->descriptor;
    int attempt, port = address_list_port(packed), result = -SCTPX_EADDRINUSE;

    if (port != 0 || !OS_PORT_OF_FIRST) {
        result = bind_rehearse(slot, packed, count);
        return result < 0 ? result : os_bindx(slot, own, packed, count, 1);
    }
    for (attempt = 0; attempt < ATTEMPTS && result == -SCTPX_EADDRINUSE; attempt++) {
        address_list_set_port(packed, count, 0);
        result = bind_rehearse(slot, packed, count);
        if (result < 0)
            continue;
        address_list_set_port(packed, count, (uint16_t)result);
        result = os_bindx(slot, own, packed, count, 1);
    }
    return result == -SCTPX_EADDRINUSE ? -SCTPX_ENOPORT : result;
}

static int bind_first(struct slot *slot, void *packed, uint32_t count)
{
    if (count == 1)
        return bind_one(slot, native_of(slot)->descriptor, packed);
    return bind_several(slot, packed, count);
}

static int bindx_slot(struct slot *slot, void *packed, uint32_t count, int add)
{
    int port, busy = has_associations(slot);

    if (busy != 0)
        return busy < 0 ? busy : -SCTPX_EUNSUPPORTED;
    port = bind_port(slot, native_of(slot)->descriptor);
    if (port < 0)
        return port;
    if (port == 0 && add)
        return bind_first(slot, packed, count);
    return os_bindx(slot, native_of(slot)->descriptor, packed, count, add);
}

static int bind_slot(struct slot *slot, void *packed, uint32_t count)
{
    int port = bind_port(slot, native_of(slot)->descriptor);

    if (port != 0)
        return port < 0 ? port : -SCTPX_EINVAL;
    return bind_first(slot, packed, count);
}

int sctpx_bind(int64_t handle, const struct sctpx_address *list, uint32_t size, uint32_t count)
{
    struct slot *slot;
    void *packed;
    int length, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    length = address_list_pack(list, size, count, slot->family, &packed);
    result = length < 0 ? length : bind_slot(slot, packed, count);
    free(packed);
    slot_leave(slot);
    return result;
}

int sctpx_bindx(int64_t handle, const struct sctpx_address *list, uint32_t size, uint32_t count,
                int add)
{
    struct slot *slot;
    void *packed;
    int length, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    length = address_list_pack(list, size, count, slot->family, &packed);
    result = length < 0 ? length : bindx_slot(slot, packed, count, add);
    free(packed);
    slot_leave(slot);
    return result;
}
