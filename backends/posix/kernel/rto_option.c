/* SPDX-License-Identifier: MIT */
/* Options of the socket that fit no row. */
#include "posix/kernel/rows.h"

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
