/* SPDX-License-Identifier: MIT */
/* Options of the socket that fit no row. */
#include "linux/option.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "linux/linux.h"
#include "posix/error.h"
#include "posix/notification.h"

/* An initial value that was not asked for keeps inside the new limits. */
int rto_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    struct sctp_rtoinfo *info = native;

    (void)slot;
    if ((option->given & 1u) == 0 && info->srto_min <= info->srto_max) {
        if (info->srto_initial < info->srto_min)
            info->srto_initial = info->srto_min;
        if (info->srto_initial > info->srto_max)
            info->srto_initial = info->srto_max;
    }
    return 0;
}

/* Kept as on or off: 2 would pass for 1. */
int interleave_set(struct slot *slot, const struct sctpx_option *option, const void *list,
                   uint32_t list_size)
{
    int64_t level = option->fields[0];

    (void)list;
    (void)list_size;
    if ((option->given & 1u) == 0)
        return 0;
    if (level == 2)
        return -SCTPX_EUNSUPPORTED;
    if (level < 0 || level > 2)
        return -SCTPX_EINVAL;
    return option_set_int(slot, IPPROTO_SCTP, SCTP_FRAGMENT_INTERLEAVE, (int)level);
}

/* The kernel doubles what is asked, to pay for its own structures, and reports
 * the double. */
int buffer_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size)
{
    int bytes = 0;
    int name = option->option == SCTPX_OPT_SEND_BUFFER ? SO_SNDBUF : SO_RCVBUF;
    int result = option_get_int(slot, SOL_SOCKET, name, &bytes);

    (void)list;
    (void)list_size;
    option->fields[0] = bytes / 2;
    option->given = 1;
    return result;
}

/* Above net.core.[rw]mem_max the plain option is cut without a word; the other
 * one is for CAP_NET_ADMIN. */
int buffer_set(struct slot *slot, const struct sctpx_option *option, const void *list,
               uint32_t list_size)
{
    int sending = option->option == SCTPX_OPT_SEND_BUFFER;
    int result, bytes = 0;
    int64_t wanted = option->fields[0];

    (void)list;
    (void)list_size;
    if ((option->given & 1u) == 0)
        return 0;
    if (wanted <= 0 || wanted > INT32_MAX / 2)
        return -SCTPX_EINVAL;
    result = option_set_int(slot, SOL_SOCKET, sending ? SO_SNDBUF : SO_RCVBUF, (int)wanted);
    if (result == 0)
        result = option_get_int(slot, SOL_SOCKET, sending ? SO_SNDBUF : SO_RCVBUF, &bytes);
    if (result == 0 && bytes / 2 < wanted)
        (void)option_set_int(slot, SOL_SOCKET, sending ? SO_SNDBUFFORCE : SO_RCVBUFFORCE,
                             (int)wanted);
    return result;
}

static const struct option_member send_members[] = {
    OPTION_MEMBER(0, struct sctp_sndinfo, snd_sid, 0, 0),
    OPTION_MEMBER(1, struct sctp_sndinfo, snd_ppid, 0, OPTION_NETWORK),
    OPTION_MEMBER(3, struct sctp_sndinfo, snd_context, 0, 0),
};

static int send_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    const struct sctp_sndinfo *info = native;

    (void)slot;
    option->fields[2] = (info->snd_flags & SCTP_UNORDERED) != 0;
    option->given |= 1u << 2;
    return 0;
}

/* The kernel reports its default policy among the flags and refuses it there. */
static int send_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    struct sctp_sndinfo *info = native;

    if ((option->given & 1u << 2) != 0)
        info->snd_flags = option->fields[2] != 0 ? SCTP_UNORDERED : 0;
    info->snd_flags &= SCTP_UNORDERED;
    atomic_store(&native_of(slot)->defaults, 1);
    return 0;
}

static const struct option_row send_row = {
    .option = SCTPX_OPT_DEFAULT_SEND,
    .level = IPPROTO_SCTP,
    .name = SCTP_DEFAULT_SNDINFO,
    .size = sizeof(struct sctp_sndinfo),
    .association = offsetof(struct sctp_sndinfo, snd_assoc_id),
    .address = -1,
    .flags = OPTION_GET | OPTION_SET | OPTION_MODIFY,
    .members = send_members,
    .member_count = OPTION_COUNT(send_members),
    .encode = send_encode,
    .decode = send_decode,
};

int send_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size)
{
    (void)list;
    (void)list_size;
    return option_fetch(slot, &send_row, option);
}

/* Setting these wipes the default policy. */
int send_set(struct slot *slot, const struct sctpx_option *option, const void *list,
             uint32_t list_size)
{
    struct sctp_default_prinfo policy = {.pr_assoc_id = (sctp_assoc_t)option->association};
    uint32_t size = sizeof policy;
    int result, had;

    (void)list;
    (void)list_size;
    had = stack_get(slot, IPPROTO_SCTP, SCTP_DEFAULT_PRINFO, &policy, &size) == 0;
    result = option_apply(slot, &send_row, option);
    if (result == 0 && had && policy.pr_policy != SCTP_PR_SCTP_NONE)
        (void)stack_set(slot, IPPROTO_SCTP, SCTP_DEFAULT_PRINFO, &policy, sizeof policy);
    return result;
}

/* 0 and the kernel's record for the event that the option names. */
static int event_prepare(const struct sctpx_option *option, struct sctp_event *event)
{
    int type = event_native(option->fields[0]);

    if (type < 0)
        return -SCTPX_EUNSUPPORTED;
    if (option->association < 0 || option->association > INT32_MAX)
        return -SCTPX_EINVAL;
    if (option->association != 0 && option->association < OPTION_FIRST_ASSOCIATION)
        return -SCTPX_ENOTCONN;
    memset(event, 0, sizeof *event);
    event->se_assoc_id = (sctp_assoc_t)option->association;
    event->se_type = (uint16_t)type;
    return 0;
}

/* EINVAL is said of a stale id and of an event younger than the kernel. */
static int event_result(const struct sctpx_option *option, int problem)
{
    if (problem == EINVAL)
        return option->association != 0 ? -SCTPX_ENOTCONN : -SCTPX_EUNSUPPORTED;
    if (problem == ENOPROTOOPT)
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
