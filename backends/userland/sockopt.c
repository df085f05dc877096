/* SPDX-License-Identifier: MIT */
/* The border's four functions on options. */
#include <string.h>

#include "posix/error.h"
#include "posix/option.h"
#include "userland/endpoint.h"
#include "userland/pieces.h"
#include "userland/readiness.h"
#include "userland/reserve.h"

int sctpx_get_option(int64_t handle, struct sctpx_option *option, void *list, uint32_t list_size)
{
    struct slot *slot;
    int result;

    if (option == NULL)
        return -SCTPX_EINVAL;
    result = slot_enter(handle, &slot);
    if (result < 0)
        return result;
    result = option_get(slot, option, list, list_size);
    slot_leave(slot);
    return result;
}

int sctpx_set_option(int64_t handle, const struct sctpx_option *option, const void *list,
                     uint32_t list_size)
{
    struct slot *slot;
    int result;

    if (option == NULL)
        return -SCTPX_EINVAL;
    result = slot_enter(handle, &slot);
    if (result < 0)
        return result;
    pieces_note_point(slot);
    result = option_set(slot, option, list, list_size);
    pieces_note_point(slot);
    readiness_update(slot);
    slot_leave(slot);
    return result;
}

/* Of SOL_SOCKET usrsctp has four; anything else is not a mistake here. */
static int is_there(int level, int name)
{
    if (level == IPPROTO_SCTP)
        return 1;
    return level == SOL_SOCKET &&
           (name == SO_RCVBUF || name == SO_SNDBUF || name == SO_LINGER || name == SO_ERROR);
}

static void receive_buffer_show(const struct slot *slot, void *value)
{
    int size;

    memcpy(&size, value, sizeof size);
    size = reserve_taken(slot, size);
    memcpy(value, &size, sizeof size);
}

static int receive_buffer_set(struct slot *slot, const void *value, uint32_t size)
{
    int bytes;

    if (size < sizeof bytes)
        return -SCTPX_EINVAL;
    memcpy(&bytes, value, sizeof bytes);
    bytes = reserve_added(slot, bytes);
    if (usrsctp_setsockopt(endpoint_of(slot)->so, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) < 0)
        return error_now(SCTPX_CALL_OPTION);
    return 0;
}

int sctpx_getsockopt(int64_t handle, int level, int name, void *value, uint32_t size)
{
    socklen_t length = size;
    struct slot *slot;
    int result;

    if (value == NULL)
        return -SCTPX_EFAULT;
    result = slot_enter(handle, &slot);
    if (result < 0)
        return result;
    if (!is_there(level, name))
        result = -SCTPX_EUNSUPPORTED;
    else if (usrsctp_getsockopt(endpoint_of(slot)->so, level, name, value, &length) < 0)
        result = error_now(SCTPX_CALL_OPTION);
    else
        result = length <= INT32_MAX ? (int)length : -SCTPX_E2BIG;
    if (result == (int)sizeof(int) && level == SOL_SOCKET && name == SO_RCVBUF)
        receive_buffer_show(slot, value);
    slot_leave(slot);
    return result;
}

/* What comes with a message is always asked for: here it is only shown. */
static int show_next(struct slot *slot, const void *value, uint32_t size)
{
    uint32_t on;

    if (size < sizeof on)
        return -SCTPX_EINVAL;
    memcpy(&on, value, sizeof on);
    atomic_store(&endpoint_of(slot)->wants_next, on != 0);
    return 0;
}

int sctpx_setsockopt(int64_t handle, int level, int name, const void *value, uint32_t size)
{
    struct slot *slot;
    int result;

    if (value == NULL)
        return -SCTPX_EFAULT;
    result = slot_enter(handle, &slot);
    if (result < 0)
        return result;
    pieces_note_point(slot);
    if (!is_there(level, name) || (level == SOL_SOCKET && name == SO_ERROR))
        result = -SCTPX_EUNSUPPORTED;
    else if (level == IPPROTO_SCTP && name == SCTP_RECVNXTINFO)
        result = show_next(slot, value, size);
    else if (level == SOL_SOCKET && name == SO_RCVBUF)
        result = receive_buffer_set(slot, value, size);
    else if (usrsctp_setsockopt(endpoint_of(slot)->so, level, name, value, size) < 0)
        result = error_now(SCTPX_CALL_OPTION);
    pieces_note_point(slot);
    readiness_update(slot);
    slot_leave(slot);
    return result;
}
