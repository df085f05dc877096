/* SPDX-License-Identifier: MIT */
/* Where this kernel keeps something else than what it was told. */
#include "posix/kernel/rows.h"

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
