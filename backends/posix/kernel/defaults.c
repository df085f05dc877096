/* SPDX-License-Identifier: MIT */
#include "posix/kernel/defaults.h"

#include <string.h>

#if OS_RFC6458

static int fetch(const struct slot *slot, struct sctp_sndinfo *info)
{
    socklen_t size = sizeof *info;

    return os_option_get(native_of(slot)->descriptor, info->snd_assoc_id, SCTP_DEFAULT_SNDINFO,
                         info, &size);
}

#else

static int fetch(const struct slot *slot, struct sctp_sndinfo *info)
{
    struct sctp_sndrcvinfo all;
    socklen_t size = sizeof all;

    memset(&all, 0, sizeof all);
    all.sinfo_assoc_id = info->snd_assoc_id;
    if (os_option_get(native_of(slot)->descriptor, info->snd_assoc_id, SCTP_DEFAULT_SEND_PARAM,
                      &all, &size) < 0)
        return -1;
    info->snd_sid = all.sinfo_stream;
    info->snd_flags = all.sinfo_flags;
    info->snd_ppid = all.sinfo_ppid;
    info->snd_context = all.sinfo_context;
    return 0;
}

#endif

/* What goes with a message replaces all of its fields, so those not given must
 * be what DEFAULT_SEND made them; where it was never used that is 0. */
void defaults_read(const struct slot *slot, struct sctp_sndinfo *info)
{
    sctp_assoc_t id = info->snd_assoc_id;

    if (!atomic_load(&native_of(slot)->defaults))
        return;
    if (fetch(slot, info) < 0)
        memset(info, 0, sizeof *info);
    info->snd_flags &= OS_UNORDERED | OS_POLICY_BITS;
    info->snd_assoc_id = id;
}
