/* SPDX-License-Identifier: MIT */
/* Subscriptions, which are one struct for the whole socket.  An association's
 * own turn an event on for all of it: who asked for what is told apart above
 * the border. */
#include "posix/kernel/rows.h"

#include <errno.h>
#include <string.h>

#include "posix/error.h"
#include "posix/notification.h"
#include "solaris/events.h"

/* The byte of an event; NULL: there is no such event here. */
static uint8_t *byte_of(struct sctp_event_subscribe *events, int64_t event)
{
    switch (event) {
    case SCTPX_EVENT_ASSOCIATION:
        return &events->sctp_association_event;
    case SCTPX_EVENT_PATH:
        return &events->sctp_address_event;
    case SCTPX_EVENT_SEND_FAILED:
        return &events->sctp_send_failure_event;
    case SCTPX_EVENT_REMOTE_ERROR:
        return &events->sctp_peer_error_event;
    case SCTPX_EVENT_PEER_SHUTDOWN:
        return &events->sctp_shutdown_event;
    case SCTPX_EVENT_PARTIAL_DELIVERY:
        return &events->sctp_partial_delivery_event;
    case SCTPX_EVENT_ADAPTATION:
        return &events->sctp_adaptation_layer_event;
    default:
        return NULL;
    }
}

/* 0 or an errno. */
static int events_tell(const struct slot *slot)
{
    const struct os_state *os = &native_of(slot)->os;
    struct sctp_event_subscribe both;
    uint8_t *to = (uint8_t *)&both;
    size_t i;

    for (i = 0; i < sizeof both; i++)
        to[i] = ((const uint8_t *)&os->wanted)[i] | ((const uint8_t *)&os->single)[i];
    return setsockopt(native_of(slot)->descriptor, IPPROTO_SCTP, SCTP_EVENTS, &both, sizeof both) <
                   0
               ? errno
               : 0;
}

int events_apply(const struct slot *slot)
{
    int problem = events_tell(slot);
#if OS_RFC6458
    int on = 1;

    if (problem == 0 &&
        setsockopt(native_of(slot)->descriptor, IPPROTO_SCTP, SCTP_RECVRCVINFO, &on, sizeof on) < 0)
        problem = errno;
#endif
    return problem;
}

/* What comes beside a message, and what puts messages together; the rest stays
 * as it was, if the descriptor comes from elsewhere. */
int os_prepare(struct slot *slot)
{
    struct os_state *os = &native_of(slot)->os;
    socklen_t size = sizeof os->wanted;
    int problem;

    if (sctp_opt_info(native_of(slot)->descriptor, 0, SCTP_EVENTS, &os->wanted, &size) < 0)
        memset(&os->wanted, 0, sizeof os->wanted);
    os->wanted.sctp_data_io_event = 1;
    os->wanted.sctp_partial_delivery_event = 1;
    /* Associations tell of their ids by it, and of why they did not come up. */
    if (slot->style == SCTPX_ONE_TO_MANY)
        os->single.sctp_association_event = 1;
    problem = events_apply(slot);
    return problem == 0 ? 0 : -error_of(SCTPX_CALL_OPEN, problem);
}

void os_inherit(struct slot *slot, const struct slot *parent)
{
    native_of(slot)->os.wanted = native_of(parent)->os.wanted;
    (void)events_apply(slot);
}

static int event_check(struct slot *slot, const struct sctpx_option *option, uint8_t **byte)
{
    struct os_state *os = &native_of(slot)->os;
    int own = slot->style == SCTPX_ONE_TO_MANY && option->association != 0;

    *byte = byte_of(own ? &os->single : &os->wanted, option->fields[0]);
    if (*byte == NULL)
        return -SCTPX_EUNSUPPORTED;
    if (own && (!is_id(option->association) ||
                association_standing(slot, option->association) == STANDING_NONE))
        return -SCTPX_ENOTCONN;
    return 0;
}

int event_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size)
{
    uint8_t *byte;
    int result = event_check(slot, option, &byte);

    (void)list;
    (void)list_size;
    if (result < 0)
        return result;
    option->fields[1] = *byte != 0 || *byte_of(&native_of(slot)->os.wanted, option->fields[0]) != 0;
    option->given = 3;
    return 0;
}

int event_set(struct slot *slot, const struct sctpx_option *option, const void *list,
              uint32_t list_size)
{
    uint8_t before, *byte;
    int problem, result = event_check(slot, option, &byte);

    (void)list;
    (void)list_size;
    if (result < 0)
        return result;
    /* Others of the socket's associations may have asked for it too. */
    if (option->fields[1] == 0 && option->association != 0 && slot->style == SCTPX_ONE_TO_MANY)
        return 0;
    before = *byte;
    *byte = option->fields[1] != 0 || option->fields[0] == SCTPX_EVENT_PARTIAL_DELIVERY;
    problem = events_tell(slot);
    if (problem != 0)
        *byte = before;
    return problem == 0 ? 0 : -error_of(SCTPX_CALL_OPTION, problem);
}
