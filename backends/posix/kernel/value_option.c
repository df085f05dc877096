/* SPDX-License-Identifier: MIT */
/* Values that the kernel must not be given as they are. */
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

#if OS_RFC6458

/* Rounded down to whole words, a shorter one would be none. */
int segment_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    const struct sctp_assoc_value *limit = native;

    (void)slot;
    (void)option;
    return OS_SEGMENTS_ARE_WORDS && limit->assoc_value != 0 && limit->assoc_value < sizeof(uint32_t)
               ? -SCTPX_EINVAL
               : 0;
}

#endif
