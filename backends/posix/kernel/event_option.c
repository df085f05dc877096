/* SPDX-License-Identifier: MIT */
/* Option EVENT, where subscriptions are one at a time and per association. */
#include "posix/kernel/rows.h"

#include <errno.h>
#include <string.h>

#include "posix/error.h"
#include "posix/notification.h"

#if !OS_EVENTS_TOGETHER

/* 0 and the kernel's record for the event that the option names. */
static int event_prepare(const struct sctpx_option *option, struct sctp_event *event)
{
    int type = event_native(option->fields[0]);

    if (type < 0)
        return -SCTPX_EUNSUPPORTED;
    if (option->association < 0 || option->association > UINT32_MAX)
        return -SCTPX_EINVAL;
    if (option->association != 0 && !is_id(option->association))
        return -SCTPX_ENOTCONN;
    memset(event, 0, sizeof *event);
    event->se_assoc_id = (sctp_assoc_t)option->association;
    event->se_type = (uint16_t)type;
    return 0;
}

/* EINVAL is said of a stale id and of an event younger than the kernel. */
static int event_result(const struct sctpx_option *option, int problem)
{
    if (problem == EINVAL || problem == ENOENT)
        return option->association != 0 ? -SCTPX_ENOTCONN : -SCTPX_EUNSUPPORTED;
    if (problem == ENOPROTOOPT || problem == EOPNOTSUPP || problem == ENOTSUP)
        return -SCTPX_EUNSUPPORTED;
    return problem == 0 ? 0 : -error_of(SCTPX_CALL_OPTION, problem);
}

int event_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size)
{
    struct sctp_event event;
    uint32_t size = sizeof event;
    int result = event_prepare(option, &event);

    (void)list;
    (void)list_size;
    if (result < 0)
        return result;
    result = event_result(option, stack_get(slot, IPPROTO_SCTP, SCTP_EVENT, &event, &size));
    option->fields[1] = event.se_on != 0;
    option->given = 3;
    return result;
}

int event_set(struct slot *slot, const struct sctpx_option *option, const void *list,
              uint32_t list_size)
{
    struct sctp_event event;
    int result = event_prepare(option, &event);

    (void)list;
    (void)list_size;
    if (result < 0)
        return result;
    /* What puts messages together lives by this one. */
    event.se_on = option->fields[1] != 0 || event.se_type == SCTP_PARTIAL_DELIVERY_EVENT;
    return event_result(option, stack_set(slot, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event));
}

#endif
