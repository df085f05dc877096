/* SPDX-License-Identifier: MIT */
/* Options of the kernel's sockets, by the table and raw. */
#include "posix/kernel/rows.h"

#include <errno.h>
#include <string.h>

#include "posix/error.h"

/* Where a struct has its association's id; 0 where it has none. */
static sctp_assoc_t id_in(int name, const void *value, uint32_t size)
{
    const struct option_row *rows = option_stack.rows;
    sctp_assoc_t id = 0;
    size_t i;

    for (i = 0; i < option_stack.row_count; i++)
        if (rows[i].level == IPPROTO_SCTP && rows[i].name == name && rows[i].association >= 0 &&
            size >= (size_t)rows[i].association + sizeof id)
            memcpy(&id, (const uint8_t *)value + rows[i].association, sizeof id);
    return id;
}

int stack_get(struct slot *slot, int level, int name, void *value, uint32_t *size)
{
    int descriptor = native_of(slot)->descriptor;
    socklen_t length = (socklen_t)*size;
    int result = level == IPPROTO_SCTP
                     ? os_option_get(descriptor, id_in(name, value, *size), name, value, &length)
                     : getsockopt(descriptor, level, name, value, &length);

    if (result < 0)
        return errno;
    *size = length;
    return 0;
}

int stack_set(struct slot *slot, int level, int name, const void *value, uint32_t size)
{
    return setsockopt(native_of(slot)->descriptor, level, name, value, size) < 0 ? errno : 0;
}

int stack_has_association(struct slot *slot, int64_t association)
{
    int standing = association_standing(slot, association);

    return standing == STANDING_COMING || standing == STANDING_UP;
}

int sctpx_get_option(int64_t handle, struct sctpx_option *option, void *list, uint32_t list_size)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    result = option == NULL ? -SCTPX_EINVAL : option_get(slot, option, list, list_size);
    slot_leave(slot);
    return result;
}

int sctpx_set_option(int64_t handle, const struct sctpx_option *option, const void *list,
                     uint32_t list_size)
{
    struct slot *slot;
    int result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    pthread_mutex_lock(&native_of(slot)->lock);
    result = option == NULL ? -SCTPX_EINVAL : option_set(slot, option, list, list_size);
    pthread_mutex_unlock(&native_of(slot)->lock);
    slot_leave(slot);
    return result;
}

int sctpx_getsockopt(int64_t handle, int level, int name, void *value, uint32_t size)
{
    struct slot *slot;
    int problem, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    problem = size > INT32_MAX ? EINVAL : stack_get(slot, level, name, value, &size);
    slot_leave(slot);
    return problem == 0 ? (int)size : -error_of(SCTPX_CALL_OTHER, problem);
}

static int is_send_default(int level, int name)
{
#ifdef SCTP_DEFAULT_SNDINFO
    if (level == IPPROTO_SCTP && (name == SCTP_DEFAULT_SNDINFO || name == SCTP_DEFAULT_PRINFO))
        return 1;
#endif
    return level == IPPROTO_SCTP && name == SCTP_DEFAULT_SEND_PARAM;
}

int sctpx_setsockopt(int64_t handle, int level, int name, const void *value, uint32_t size)
{
    struct slot *slot;
    int problem, result = slot_enter(handle, &slot);

    if (result < 0)
        return result;
    problem = size > INT32_MAX ? EINVAL : stack_set(slot, level, name, value, size);
    if (problem == 0 && is_send_default(level, name))
        atomic_store(&native_of(slot)->defaults, 1);
    slot_leave(slot);
    return problem == 0 ? 0 : -error_of(SCTPX_CALL_OTHER, problem);
}
