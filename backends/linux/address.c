/* SPDX-License-Identifier: MIT */
#include "posix/address.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux/linux.h"
#include "posix/error.h"

typedef int address_call(int, sctp_assoc_t, struct sockaddr **);
typedef int address_free(struct sockaddr *);

static int is_bound(const struct slot *slot)
{
    union address_native name;
    socklen_t size = sizeof name;
    struct sctpx_address address;

    memset(&name, 0, sizeof name);
    if (getsockname(native_of(slot)->descriptor, &name.any, &size) < 0)
        return error_now(SCTPX_CALL_BIND);
    (void)address_from_native(&name, sizeof name, slot->family, &address);
    return address.port != 0;
}

static int has_associations(struct slot *slot)
{
    uint32_t number = 0;
    socklen_t size = sizeof number;

    if (slot->style == SCTPX_ONE_TO_ONE) {
        int phase = atomic_load(&native_of(slot)->phase);
        return phase == PHASE_CONNECTING || phase == PHASE_CONNECTED;
    }
    if (getsockopt(native_of(slot)->descriptor, IPPROTO_SCTP, SCTP_GET_ASSOC_NUMBER, &number,
                   &size) < 0)
        return error_now(SCTPX_CALL_BIND);
    return number != 0;
}

static int bindx_native(int descriptor, void *packed, uint32_t count, int flag)
{
    return sctp_bindx(descriptor, packed, (int)count, flag) < 0 ? error_now(SCTPX_CALL_BIND) : 0;
}

static int option_copy(int from, int to, int level, int name)
{
    int value = 0;
    socklen_t size = sizeof value;

    if (getsockopt(from, level, name, &value, &size) < 0 ||
        setsockopt(to, level, name, &value, sizeof value) < 0)
        return error_now(SCTPX_CALL_BIND);
    return 0;
}

/* The kernel takes no binding back once the first address stands, so a list is
 * tried on another socket first. */
static int bind_rehearse(const struct slot *slot, void *packed, uint32_t count)
{
    int own = native_of(slot)->descriptor;
    int type = slot->style == SCTPX_ONE_TO_ONE ? SOCK_STREAM : SOCK_SEQPACKET;
    int six = slot->family == SCTPX_FAMILY_IPV6;
    int result, stand_in = socket(six ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, IPPROTO_SCTP);

    if (stand_in < 0)
        return error_now(SCTPX_CALL_BIND);
    result = option_copy(own, stand_in, SOL_SOCKET, SO_REUSEADDR);
    if (result == 0 && six)
        result = option_copy(own, stand_in, IPPROTO_IPV6, IPV6_V6ONLY);
    if (result == 0)
        result = bindx_native(stand_in, packed, count, SCTP_BINDX_ADD_ADDR);
    close(stand_in);
    return result;
}

static int bind_first(struct slot *slot, void *packed, int length, uint32_t count)
{
    int result;

    if (count == 1)
        return bind(native_of(slot)->descriptor, packed, (socklen_t)length) < 0
                   ? error_now(SCTPX_CALL_BIND)
                   : 0;
    result = bind_rehearse(slot, packed, count);
    return result < 0
               ? result
               : bindx_native(native_of(slot)->descriptor, packed, count, SCTP_BINDX_ADD_ADDR);
}

static int bindx_slot(struct slot *slot, void *packed, int length, uint32_t count, int add)
{
    int bound, busy = has_associations(slot);

    if (busy != 0)
        return busy < 0 ? busy : -SCTPX_EUNSUPPORTED;
    bound = is_bound(slot);
    if (bound < 0)
        return bound;
    if (!bound && add)
        return bind_first(slot, packed, length, count);
    return bindx_native(native_of(slot)->descriptor, packed, count,
                        add ? SCTP_BINDX_ADD_ADDR : SCTP_BINDX_REM_ADDR);
}

static int bind_slot(struct slot *slot, void *packed, int length, uint32_t count)
{
    int bound = is_bound(slot);

    if (bound != 0)
        return bound < 0 ? bound : -SCTPX_EINVAL;
    return bind_first(slot, packed, length, count);
}

int sctpx_bind(int64_t handle, const struct sctpx_address *list, uint32_t size, uint32_t count)
{
    struct slot *slot;
    void *packed;
    int length, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    length = address_list_pack(list, size, count, slot->family, &packed);
    result = length < 0 ? length : bind_slot(slot, packed, length, count);
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
    result = length < 0 ? length : bindx_slot(slot, packed, length, count, add);
    free(packed);
    slot_leave(slot);
    return result;
}

/* What the library allocated is freed here, once, whatever happened. */
static int addresses_read(struct slot *slot, int64_t association, address_call *call,
                          address_free *release, struct sctpx_address *list, uint32_t capacity)
{
    struct sockaddr *packed = NULL;
    int count, result;

    if (association < 0 || association > INT32_MAX)
        return -SCTPX_EINVAL;
    count = call(native_of(slot)->descriptor, (sctp_assoc_t)association, &packed);
    if (count < 0)
        result = error_now(SCTPX_CALL_ADDRESSES);
    else
        result = address_list_unpack(packed, (size_t)count * sizeof(struct sockaddr_in6),
                                     (uint32_t)count, slot->family, list, capacity);
    if (packed != NULL)
        release(packed);
    return result == -SCTPX_EINVAL && slot->style == SCTPX_ONE_TO_ONE ? -SCTPX_ENOTCONN : result;
}

int sctpx_peer_addresses(int64_t handle, int64_t association, struct sctpx_address *list,
                         uint32_t capacity)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    if (list == NULL)
        result = -SCTPX_EINVAL;
    else
        result = addresses_read(slot, association, sctp_getpaddrs, sctp_freepaddrs, list, capacity);
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
    if (list == NULL)
        result = -SCTPX_EINVAL;
    else
        result = addresses_read(slot, association, sctp_getladdrs, sctp_freeladdrs, list, capacity);
    slot_leave(slot);
    return result;
}
