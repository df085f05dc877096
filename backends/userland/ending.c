/* SPDX-License-Identifier: MIT */
#include "userland/ending.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "userland/endpoint.h"
#include "userland/pieces.h"

#define ROUNDS 64 /* of a drain: nobody else is served meanwhile */

static ssize_t next(struct socket *so, void *bytes, size_t size, struct sctp_rcvinfo *info,
                    int *flags)
{
    socklen_t length = sizeof *info;
    unsigned kind = 0;

    memset(info, 0, sizeof *info);
    return usrsctp_recvv(so, bytes, size, NULL, NULL, info, &length, &kind, flags);
}

int ending_unread(struct socket *so)
{
    char bytes[8192];
    struct sctp_rcvinfo info;

    for (;;) {
        int flags = MSG_PEEK;

        if (next(so, bytes, sizeof bytes, &info, &flags) <= 0)
            return 0;
        if ((flags & MSG_NOTIFICATION) == 0)
            return 1;
        flags = 0;
        if (next(so, bytes, sizeof bytes, &info, &flags) <= 0)
            return 0;
    }
}

/* How much of what was looked at may be taken: see pieces.c. */
static size_t takeable(struct socket *so, int one_to_one, const struct sctp_rcvinfo *info,
                       int flags, ssize_t there)
{
    if ((flags & MSG_NOTIFICATION) != 0)
        return (size_t)there;
    if ((flags & MSG_EOR) == 0)
        return (size_t)there - 1;
    return piece_may_end(so, one_to_one, info->rcv_assoc_id) ? (size_t)there : 0;
}

void ending_drain(struct socket *so, int one_to_one)
{
    char bytes[8192];
    struct sctp_rcvinfo info;
    size_t size;
    int i;

    for (i = 0; i < ROUNDS; i++) {
        int flags = MSG_PEEK;
        ssize_t there = next(so, bytes, sizeof bytes, &info, &flags);

        size = there > 0 ? takeable(so, one_to_one, &info, flags, there) : 0;
        flags = 0;
        if (size == 0 || next(so, bytes, size, &info, &flags) <= 0)
            return;
    }
}

uint32_t ending_left(struct socket *so, int one_to_one)
{
    struct sctp_status status;
    uint32_t count = 0;
    socklen_t length = sizeof count;

    if (one_to_one)
        return association_status(so, 0, &status) ? 1 : 0;
    if (usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_GET_ASSOC_NUMBER, &count, &length) < 0)
        return 0;
    return count;
}

/* All of them, for free(); none of a one-to-one, whose own is known as 0.  How
 * many, or an error. */
static int associations(struct socket *so, int one_to_one, struct sctp_assoc_ids **list)
{
    *list = NULL;
    return one_to_one ? (int)ending_left(so, 1) : association_list(so, list);
}

static sctp_assoc_t id_of(const struct sctp_assoc_ids *list, int i)
{
    return list != NULL ? list->gaids_assoc_id[i] : 0;
}

int ending_before_up(struct socket *so, int one_to_one)
{
    struct sctp_assoc_ids *list;
    struct sctp_status status;
    int i, count = associations(so, one_to_one, &list), before = count > 0;

    for (i = 0; i < count; i++)
        if (association_status(so, id_of(list, i), &status) &&
            status.sstat_state != SCTP_COOKIE_WAIT && status.sstat_state != SCTP_COOKIE_ECHOED)
            before = 0;
    free(list);
    return before;
}

int ending_tell(struct socket *so, int one_to_one, uint16_t how)
{
    struct sctp_assoc_ids *list;
    int i, count = associations(so, one_to_one, &list), again = count < 0;

    for (i = 0; i < count; i++)
        if (association_tell(so, id_of(list, i), how, NULL, 0) == EWOULDBLOCK)
            again = 1;
    free(list);
    return again;
}

void ending_force(struct socket *so)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};

    usrsctp_setsockopt(so, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    usrsctp_close(so);
}
