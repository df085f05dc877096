/* SPDX-License-Identifier: MIT */
#include "posix/option.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#include "linux/linux.h"
#include "posix/error.h"

#define MS 1000u
#define SECOND 1000000u
#define STATUS_PRIMARY(index, member, unit, flags)                                                 \
    {                                                                                              \
        index, OPTION_SIZE(struct sctp_paddrinfo, member), flags,                                  \
            offsetof(struct sctp_status, sstat_primary) + offsetof(struct sctp_paddrinfo, member), \
            unit, NULL, 0                                                                          \
    }

static int stack_get(struct slot *slot, int level, int name, void *value, uint32_t *size)
{
    socklen_t length = *size;

    if (getsockopt(native_of(slot)->descriptor, level, name, value, &length) < 0)
        return errno;
    *size = length;
    return 0;
}

static int stack_set(struct slot *slot, int level, int name, const void *value, uint32_t size)
{
    return setsockopt(native_of(slot)->descriptor, level, name, value, size) < 0 ? errno : 0;
}

static int stack_has_association(struct slot *slot, int64_t association)
{
    struct sctp_status status;

    return status_read(slot, association, &status) == 0;
}

/* ---- associations and the socket ---------------------------------------- */

static const struct option_member rto_members[] = {
    OPTION_MEMBER(0, struct sctp_rtoinfo, srto_initial, MS, OPTION_POSITIVE),
    OPTION_MEMBER(1, struct sctp_rtoinfo, srto_min, MS, OPTION_POSITIVE),
    OPTION_MEMBER(2, struct sctp_rtoinfo, srto_max, MS, OPTION_POSITIVE),
};

/* An initial value that was not asked for keeps inside the new limits. */
static int rto_encode(struct slot *slot, const struct sctpx_option *option, void *native)
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

static const struct option_member association_members[] = {
    OPTION_MEMBER(0, struct sctp_assocparams, sasoc_asocmaxrxt, 0, OPTION_POSITIVE),
    OPTION_MEMBER(1, struct sctp_assocparams, sasoc_cookie_life, MS, OPTION_POSITIVE),
    OPTION_MEMBER(2, struct sctp_assocparams, sasoc_number_peer_destinations, 0, OPTION_READ_ONLY),
    OPTION_MEMBER(3, struct sctp_assocparams, sasoc_peer_rwnd, 0, OPTION_READ_ONLY),
    OPTION_MEMBER(4, struct sctp_assocparams, sasoc_local_rwnd, 0, OPTION_READ_ONLY),
};

static const struct option_member init_members[] = {
    OPTION_MEMBER(0, struct sctp_initmsg, sinit_num_ostreams, 0, OPTION_POSITIVE),
    OPTION_MEMBER(1, struct sctp_initmsg, sinit_max_instreams, 0, OPTION_POSITIVE),
    OPTION_MEMBER(2, struct sctp_initmsg, sinit_max_attempts, 0, OPTION_POSITIVE),
    OPTION_MEMBER(3, struct sctp_initmsg, sinit_max_init_timeo, MS, OPTION_POSITIVE),
};

static const struct option_member linger_members[] = {
    OPTION_MEMBER(0, struct linger, l_onoff, 0, OPTION_SIGNED | OPTION_BOOLEAN),
    OPTION_MEMBER(1, struct linger, l_linger, SECOND, OPTION_SIGNED),
};

static const struct option_member on_members[] = {OPTION_INT(0, OPTION_SIGNED | OPTION_BOOLEAN)};

static const struct option_member bytes_members[] = {OPTION_INT(0, 0)};

static const struct option_member auto_close_members[] = {
    {0, sizeof(int), 0, 0, SECOND, NULL, 0},
};

static const struct option_member segment_members[] = {
    OPTION_MEMBER(0, struct sctp_assoc_value, assoc_value, 0, 0),
};

static const struct option_member sack_members[] = {
    OPTION_MEMBER(0, struct sctp_sack_info, sack_delay, MS, OPTION_POSITIVE),
    OPTION_MEMBER(1, struct sctp_sack_info, sack_freq, 0, OPTION_POSITIVE),
};

static const struct option_member encapsulation_members[] = {
    OPTION_MEMBER(0, struct sctp_udpencaps, sue_port, 0, OPTION_NETWORK),
};

/* Kept as on or off: 2 would pass for 1. */
static int interleave_set(struct slot *slot, const struct sctpx_option *option, const void *list,
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

/* ---- buffers -------------------------------------------------------------- */

/* The kernel doubles what is asked, to pay for its own structures, and reports
 * the double. */
static int buffer_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size)
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
static int buffer_set(struct slot *slot, const struct sctpx_option *option, const void *list,
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
        (void)option_set_int(slot, SOL_SOCKET, sending ? SO_SNDBUFFORCE : SO_RCVBUFFORCE, (int)wanted);
    return result;
}

/* ---- defaults for sending --------------------------------------------------- */

static const struct option_member send_members[] = {
    OPTION_MEMBER(0, struct sctp_sndinfo, snd_sid, 0, 0),
    OPTION_MEMBER(1, struct sctp_sndinfo, snd_ppid, 0, OPTION_NETWORK),
    OPTION_MEMBER(3, struct sctp_sndinfo, snd_context, 0, 0),
};

static const struct option_row send_row = {
    .option = SCTPX_OPT_DEFAULT_SEND,
    .level = IPPROTO_SCTP,
    .name = SCTP_DEFAULT_SNDINFO,
    .size = sizeof(struct sctp_sndinfo),
    .association = offsetof(struct sctp_sndinfo, snd_assoc_id),
    .address = -1,
    .flags = OPTION_GET | OPTION_SET,
    .members = send_members,
    .member_count = OPTION_COUNT(send_members),
};

static int send_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    const struct sctp_sndinfo *info = native;

    (void)slot;
    option->fields[2] = (info->snd_flags & SCTP_UNORDERED) != 0;
    option->given |= 1u << 2;
    return 0;
}

/* The kernel reports its default policy among the flags and refuses it there;
 * setting the rest wipes it. */
static int send_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    struct sctp_sndinfo *info = native;

    if ((option->given & 1u << 2) != 0)
        info->snd_flags = option->fields[2] != 0 ? SCTP_UNORDERED : 0;
    info->snd_flags &= SCTP_UNORDERED;
    atomic_store(&native_of(slot)->defaults, 1);
    return 0;
}

static int send_set(struct slot *slot, const struct sctpx_option *option, const void *list,
                    uint32_t list_size);

/* ---- paths ------------------------------------------------------------------ */

enum path_field {
    PATH_HEARTBEAT,
    PATH_INTERVAL,
    PATH_RETRANSMISSIONS,
    PATH_DISCOVERY,
    PATH_MTU,
    PATH_DSCP,
    PATH_FLOW_LABEL,
    PATH_HEARTBEAT_NOW
};

static const struct option_member path_members[] = {
    OPTION_MEMBER(PATH_INTERVAL, struct sctp_paddrparams, spp_hbinterval, MS, 0),
    OPTION_MEMBER(PATH_RETRANSMISSIONS, struct sctp_paddrparams, spp_pathmaxrxt, 0, OPTION_POSITIVE),
    OPTION_MEMBER(PATH_MTU, struct sctp_paddrparams, spp_pathmtu, 0, OPTION_POSITIVE),
    OPTION_MEMBER(PATH_FLOW_LABEL, struct sctp_paddrparams, spp_ipv6_flowlabel, 0, 0),
};

static int path_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    struct sctp_paddrparams parameters;

    (void)slot;
    memcpy(&parameters, native, sizeof parameters);
    option->fields[PATH_HEARTBEAT] = (parameters.spp_flags & SPP_HB_ENABLE) != 0;
    option->fields[PATH_DISCOVERY] = (parameters.spp_flags & SPP_PMTUD_ENABLE) != 0;
    /* The six bits of the DSCP lie above the two of ECN. */
    option->fields[PATH_DSCP] = parameters.spp_dscp >> 2;
    option->fields[PATH_FLOW_LABEL] &= 0xfffff;
    option->given |= 1u << PATH_HEARTBEAT | 1u << PATH_DISCOVERY | 1u << PATH_DSCP;
    return 0;
}

static int is_given(const struct sctpx_option *option, uint32_t field)
{
    return (option->given >> field & 1u) != 0;
}

/* An MTU holds only without discovery. */
static int path_mtu_encode(const struct sctpx_option *option, const struct sctp_paddrparams *before,
                           struct sctp_paddrparams *parameters)
{
    int discovery = (before->spp_flags & SPP_PMTUD_ENABLE) != 0;

    if (is_given(option, PATH_DISCOVERY))
        discovery = option->fields[PATH_DISCOVERY] != 0;
    if (is_given(option, PATH_MTU) && discovery)
        return -SCTPX_EINVAL;
    if (is_given(option, PATH_DISCOVERY) || is_given(option, PATH_MTU))
        parameters->spp_flags |= discovery ? SPP_PMTUD_ENABLE : SPP_PMTUD_DISABLE;
    return 0;
}

/* The kernel takes an interval only while heartbeats are being turned on;
 * path_set turns them off again. */
static void path_heartbeat_encode(const struct sctpx_option *option, struct sctp_paddrparams *parameters)
{
    if (is_given(option, PATH_INTERVAL)) {
        parameters->spp_flags |= SPP_HB_ENABLE;
        if (parameters->spp_hbinterval == 0)
            parameters->spp_flags |= SPP_HB_TIME_IS_ZERO;
    } else if (is_given(option, PATH_HEARTBEAT)) {
        parameters->spp_flags |= option->fields[PATH_HEARTBEAT] != 0 ? SPP_HB_ENABLE : SPP_HB_DISABLE;
    }
    if (is_given(option, PATH_HEARTBEAT_NOW) && option->fields[PATH_HEARTBEAT_NOW] != 0)
        parameters->spp_flags |= SPP_HB_DEMAND;
}

static int path_codepoint_encode(const struct sctpx_option *option, struct sctp_paddrparams *parameters)
{
    if (is_given(option, PATH_DSCP)) {
        if (option->fields[PATH_DSCP] < 0 || option->fields[PATH_DSCP] > 63)
            return -SCTPX_EINVAL;
        parameters->spp_flags |= SPP_DSCP;
        parameters->spp_dscp = (uint8_t)(option->fields[PATH_DSCP] << 2);
    }
    if (is_given(option, PATH_FLOW_LABEL)) {
        if (option->fields[PATH_FLOW_LABEL] > 0xfffff)
            return -SCTPX_EINVAL;
        parameters->spp_flags |= SPP_IPV6_FLOWLABEL;
    }
    return 0;
}

static const struct option_row path_row;

static int path_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    struct sctp_paddrparams before, *parameters = native;
    int result = option_read(slot, &path_row, option, &before);

    if (result == 0)
        result = path_mtu_encode(option, &before, parameters);
    if (result == 0)
        result = path_codepoint_encode(option, parameters);
    path_heartbeat_encode(option, parameters);
    return result;
}

static int path_set(struct slot *slot, const struct sctpx_option *option, const void *list,
                    uint32_t list_size);

static const struct option_row path_row = {
    .option = SCTPX_OPT_PATH_PARAMETERS,
    .level = IPPROTO_SCTP,
    .name = SCTP_PEER_ADDR_PARAMS,
    .size = sizeof(struct sctp_paddrparams),
    .association = offsetof(struct sctp_paddrparams, spp_assoc_id),
    .address = offsetof(struct sctp_paddrparams, spp_address),
    .flags = OPTION_GET | OPTION_SET,
    .members = path_members,
    .member_count = OPTION_COUNT(path_members),
    .encode = path_encode,
    .decode = path_decode,
};
