/* SPDX-License-Identifier: MIT */
/* Option DEFAULT_SEND, in the kernel's own struct. */
#include "posix/kernel/rows.h"

#if OS_RFC6458

static const struct option_member send_members[] = {
    OPTION_MEMBER(0, struct sctp_sndinfo, snd_sid, 0, 0),
    OPTION_MEMBER(1, struct sctp_sndinfo, snd_ppid, 0, OPTION_NETWORK),
    OPTION_MEMBER(3, struct sctp_sndinfo, snd_context, 0, 0),
};

static int send_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    const struct sctp_sndinfo *info = native;

    (void)slot;
    option->fields[2] = (info->snd_flags & OS_UNORDERED) != 0;
    option->given |= 1u << 2;
    return 0;
}

/* The kernel reports its default policy among the flags and refuses it there. */
static int send_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    struct sctp_sndinfo *info = native;

    if ((option->given & 1u << 2) != 0)
        info->snd_flags = option->fields[2] != 0 ? OS_UNORDERED : 0;
    info->snd_flags &= OS_UNORDERED;
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

/* In some kernels setting these wipes the default policy. */
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

#else

static const struct option_member members[] = {
    OPTION_MEMBER(0, struct sctp_sndrcvinfo, sinfo_stream, 0, 0),
    OPTION_MEMBER(1, struct sctp_sndrcvinfo, sinfo_ppid, 0, OPTION_NETWORK),
    OPTION_MEMBER(3, struct sctp_sndrcvinfo, sinfo_context, 0, 0),
};

static int send_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    const struct sctp_sndrcvinfo *info = native;

    (void)slot;
    option->fields[2] = (info->sinfo_flags & OS_UNORDERED) != 0;
    option->given |= 1u << 2;
    return 0;
}

static int send_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    struct sctp_sndrcvinfo *info = native;

    if ((option->given & 1u << 2) != 0) {
        info->sinfo_flags &= (uint16_t)~OS_UNORDERED;
        if (option->fields[2] != 0)
            info->sinfo_flags |= OS_UNORDERED;
    }
    atomic_store(&native_of(slot)->defaults, 1);
    return 0;
}

static const struct option_row row = {
    .option = SCTPX_OPT_DEFAULT_SEND,
    .level = IPPROTO_SCTP,
    .name = SCTP_DEFAULT_SEND_PARAM,
    .size = sizeof(struct sctp_sndrcvinfo),
    .association = offsetof(struct sctp_sndrcvinfo, sinfo_assoc_id),
    .address = -1,
    .flags = OPTION_GET | OPTION_SET | OPTION_MODIFY,
    .members = members,
    .member_count = OPTION_COUNT(members),
    .encode = send_encode,
    .decode = send_decode,
};

int send_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size)
{
    (void)list;
    (void)list_size;
    return option_fetch(slot, &row, option);
}

int send_set(struct slot *slot, const struct sctpx_option *option, const void *list,
             uint32_t list_size)
{
    (void)list;
    (void)list_size;
    return option_apply(slot, &row, option);
}

#endif
