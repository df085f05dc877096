/* SPDX-License-Identifier: MIT */
/* Sending's ancillary data: SNDINFO and what may stand beside it (RFC 6458
 * §5.3.4, §5.3.7, §5.3.8), or SNDRCV, which is older (§5.3.2). */
#include "posix/kernel/envelope.h"

#include <string.h>

static void control_add(struct envelope *envelope, int type, const void *data, size_t size)
{
    struct cmsghdr header = {.cmsg_len = (socklen_t)CMSG_LEN(size)};
    uint8_t *place = envelope->control + envelope->control_length;

    header.cmsg_level = IPPROTO_SCTP;
    header.cmsg_type = type;
    memset(place, 0, CMSG_SPACE(size));
    memcpy(place, &header, sizeof header);
    memcpy(place + CMSG_LEN(0), data, size);
    envelope->control_length += CMSG_SPACE(size);
}

#if OS_RFC6458

void parcel_encode(const struct parcel *parcel, struct envelope *envelope)
{
    struct sctp_authinfo key = {.auth_keynumber = parcel->key};

    envelope->control_length = 0;
    if (parcel->has_info)
        control_add(envelope, SCTP_SNDINFO, &parcel->info, sizeof parcel->info);
    if (parcel->has_policy)
        control_add(envelope, SCTP_PRINFO, &parcel->policy, sizeof parcel->policy);
    if (parcel->has_key)
        control_add(envelope, SCTP_AUTHINFO, &key, sizeof key);
}

#else

void parcel_encode(const struct parcel *parcel, struct envelope *envelope)
{
    struct sctp_sndrcvinfo all;

    envelope->control_length = 0;
    if (!parcel->has_info && !parcel->has_policy)
        return;
    memset(&all, 0, sizeof all);
    all.sinfo_stream = parcel->info.snd_sid;
    all.sinfo_flags = parcel->info.snd_flags;
    all.sinfo_ppid = parcel->info.snd_ppid;
    all.sinfo_context = parcel->info.snd_context;
    all.sinfo_assoc_id = parcel->info.snd_assoc_id;
    if (parcel->has_policy) {
        all.sinfo_flags |= parcel->policy.pr_policy;
        all.sinfo_timetolive = parcel->policy.pr_value;
    }
    control_add(envelope, SCTP_SNDRCV, &all, sizeof all);
}

#endif
