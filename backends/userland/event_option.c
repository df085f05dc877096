/* SPDX-License-Identifier: MIT */
#include "userland/event_option.h"

#include <errno.h>
#include <string.h>

#include "posix/error.h"
#include "posix/notification.h"
#include "userland/endpoint.h"
#include "userland/reserve.h"

static int event_fill(const struct sctpx_option *option, struct sctp_event *event)
{
    int native = (option->given & 1u) != 0 ? event_native(option->fields[0]) : -1;

    memset(event, 0, sizeof *event);
    if (native < 0)
        return -SCTPX_EINVAL;
    if (option->association != 0 &&
        (option->association <= SCTP_ALL_ASSOC || option->association > UINT32_MAX))
        return -SCTPX_ENOTCONN;
    event->se_assoc_id = (sctp_assoc_t)option->association;
    event->se_type = (uint16_t)native;
    return 0;
}

static int event_error(struct slot *slot, const struct sctpx_option *option)
{
    int problem = errno;
    struct sctp_status read;

    if (problem == ENOPROTOOPT || problem == EOPNOTSUPP)
        return -SCTPX_EUNSUPPORTED;
    if (option->association != 0 &&
        !association_status(endpoint_of(slot)->so, option->association, &read))
        return -SCTPX_ENOTCONN;
    return -error_of(SCTPX_CALL_OPTION, problem);
}

int event_option_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t size)
{
    struct sctp_event event;
    socklen_t length = sizeof event;
    int result = event_fill(option, &event);

    (void)list;
    (void)size;
    if (result < 0)
        return result;
    if (usrsctp_getsockopt(endpoint_of(slot)->so, IPPROTO_SCTP, SCTP_EVENT, &event, &length) < 0)
        return event_error(slot, option);
    option->fields[1] = event.se_on != 0;
    option->given = 3;
    return 0;
}

int event_option_set(struct slot *slot, const struct sctpx_option *option, const void *list,
                     uint32_t size)
{
    struct sctp_event event;
    int result = event_fill(option, &event);

    (void)list;
    (void)size;
    if (result < 0)
        return result;
    if ((option->given & 2u) == 0)
        return -SCTPX_EINVAL;
    event.se_on = option->fields[1] != 0;
    /* What puts messages together lives by this one. */
    if (!event.se_on && event.se_type == SCTP_PARTIAL_DELIVERY_EVENT)
        return 0;
    if (usrsctp_setsockopt(endpoint_of(slot)->so, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event) <
        0)
        return event_error(slot, option);
    if (event.se_on && event.se_type == SCTP_SEND_FAILED_EVENT)
        reserve_begin(slot);
    return 0;
}
