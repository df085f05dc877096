/* SPDX-License-Identifier: MIT */
/* PATH_PARAMETERS where the struct has no flags: of an interval, 0 is no
 * heartbeats, and the highest number one heartbeat now. */
#include "posix/kernel/rows.h"

#include <string.h>

#include "posix/error.h"

#define HEARTBEAT_NOW UINT32_MAX
/* What turning heartbeats on without an interval means (RFC 9260 §16). */
#define USUAL_INTERVAL 30000u

static const struct option_member members[] = {
    OPTION_MEMBER(PATH_RETRANSMISSIONS, struct sctp_paddrparams, spp_pathmaxrxt, 0,
                  OPTION_POSITIVE),
};

static int is_given(const struct sctpx_option *option, uint32_t field)
{
    return (option->given >> field & 1u) != 0;
}

static int path_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    struct sctp_paddrparams parameters;

    (void)slot;
    memcpy(&parameters, native, sizeof parameters);
    option->fields[PATH_HEARTBEAT] = parameters.spp_hbinterval != 0;
    option->fields[PATH_INTERVAL] = (int64_t)parameters.spp_hbinterval * 1000;
    option->given |= 1u << PATH_HEARTBEAT | 1u << PATH_INTERVAL;
    return 0;
}

/* The whole struct was read: what is not given stays. */
static int path_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    struct sctp_paddrparams parameters;
    int64_t interval;

    (void)slot;
    memcpy(&parameters, native, sizeof parameters);
    interval = parameters.spp_hbinterval;
    if (is_given(option, PATH_INTERVAL))
        interval = option->fields[PATH_INTERVAL] / 1000 +
                   (option->fields[PATH_INTERVAL] % 1000 > 0 ? 1 : 0);
    if (interval < 0 || interval >= HEARTBEAT_NOW)
        return -SCTPX_EINVAL;
    if (is_given(option, PATH_HEARTBEAT) && option->fields[PATH_HEARTBEAT] == 0)
        interval = 0;
    else if (is_given(option, PATH_HEARTBEAT) && interval == 0)
        interval = USUAL_INTERVAL;
    parameters.spp_hbinterval = (uint32_t)interval;
    memcpy(native, &parameters, sizeof parameters);
    return 0;
}

static const struct option_row row = {
    .option = SCTPX_OPT_PATH_PARAMETERS,
    .level = IPPROTO_SCTP,
    .name = SCTP_PEER_ADDR_PARAMS,
    .size = sizeof(struct sctp_paddrparams),
    .association = offsetof(struct sctp_paddrparams, spp_assoc_id),
    .address = offsetof(struct sctp_paddrparams, spp_address),
    .flags = OPTION_GET | OPTION_SET | OPTION_CHECK_ASSOCIATION | OPTION_MODIFY,
    .members = members,
    .member_count = OPTION_COUNT(members),
    .encode = path_encode,
    .decode = path_decode,
};

int path_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size)
{
    (void)list;
    (void)list_size;
    return option_fetch(slot, &row, option);
}

static int heartbeat_now(struct slot *slot, const struct sctpx_option *option)
{
    struct sctp_paddrparams parameters;
    int problem, result = option_read(slot, &row, option, &parameters);

    if (result < 0)
        return result;
    parameters.spp_hbinterval = HEARTBEAT_NOW;
    problem = stack_set(slot, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &parameters, sizeof parameters);
    return problem == 0 ? 0 : -error_of(SCTPX_CALL_OPTION, problem);
}

int path_set(struct slot *slot, const struct sctpx_option *option, const void *list,
             uint32_t list_size)
{
    const uint32_t known = 1u << PATH_HEARTBEAT | 1u << PATH_INTERVAL | 1u << PATH_RETRANSMISSIONS;
    int result = 0;

    (void)list;
    (void)list_size;
    if ((option->given & ~(known | 1u << PATH_HEARTBEAT_NOW)) != 0)
        return -SCTPX_EUNSUPPORTED;
    if ((option->given & known) != 0)
        result = option_apply(slot, &row, option);
    if (result == 0 && is_given(option, PATH_HEARTBEAT_NOW) &&
        option->fields[PATH_HEARTBEAT_NOW] != 0)
        result = heartbeat_now(slot, option);
    return result;
}
