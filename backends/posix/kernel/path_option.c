/* SPDX-License-Identifier: MIT */
/* PATH_PARAMETERS, where the kernel's struct has flags: all but illumos' */
#include "posix/kernel/rows.h"

#include <errno.h>
#include <string.h>

#include "posix/address.h"
#include "posix/error.h"

#if OS_PATH_FLAGS

#define PEERS_MAX 64

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
    if (OS_DISCOVERY_ENDS_WITH_MTU && !discovery && !is_given(option, PATH_MTU))
        parameters->spp_pathmtu = before->spp_pathmtu;
    return 0;
}

static int path_heartbeat_encode(struct slot *slot, const struct sctpx_option *option,
                                 const struct sctp_paddrparams *before,
                                 struct sctp_paddrparams *parameters)
{
    int wanted = (before->spp_flags & SPP_HB_ENABLE) != 0;
    int problem = 0;

    if (is_given(option, PATH_HEARTBEAT))
        wanted = option->fields[PATH_HEARTBEAT] != 0;
    if (is_given(option, PATH_INTERVAL) && parameters->spp_hbinterval == 0)
        parameters->spp_flags |= SPP_HB_TIME_IS_ZERO;
    /* Kernels take an interval only together with "on". */
    if (is_given(option, PATH_INTERVAL) && !wanted) {
        struct sctp_paddrparams first = *parameters;

        first.spp_flags |= SPP_HB_ENABLE;
        problem = stack_set(slot, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &first, sizeof first);
    }
    if (is_given(option, PATH_INTERVAL) || is_given(option, PATH_HEARTBEAT))
        parameters->spp_flags |= wanted ? SPP_HB_ENABLE : SPP_HB_DISABLE;
    if (!OS_HEARTBEAT_NAMES_PATH && is_given(option, PATH_HEARTBEAT_NOW) &&
        option->fields[PATH_HEARTBEAT_NOW] != 0)
        parameters->spp_flags |= SPP_HB_DEMAND;
    return problem;
}

static int path_codepoint_encode(const struct sctpx_option *option,
                                 struct sctp_paddrparams *parameters)
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

static int path_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    struct sctp_paddrparams before, *parameters = native;
    uint32_t size = sizeof before;
    int result;

    before = *parameters;
    result = stack_get(slot, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &before, &size);
    if (result == 0)
        result = path_mtu_encode(option, &before, parameters);
    if (result == 0)
        result = path_codepoint_encode(option, parameters);
    if (result == 0)
        result = path_heartbeat_encode(slot, option, &before, parameters);
    return result;
}

static const struct option_member members[] = {
    OPTION_MEMBER(PATH_INTERVAL, struct sctp_paddrparams, spp_hbinterval, 1000, 0),
    OPTION_MEMBER(PATH_RETRANSMISSIONS, struct sctp_paddrparams, spp_pathmaxrxt, 0,
                  OPTION_POSITIVE),
    OPTION_MEMBER(PATH_MTU, struct sctp_paddrparams, spp_pathmtu, 0, OPTION_POSITIVE),
    OPTION_MEMBER(PATH_FLOW_LABEL, struct sctp_paddrparams, spp_ipv6_flowlabel, 0, 0),
};

static const struct option_row row = {
    .option = SCTPX_OPT_PATH_PARAMETERS,
    .level = IPPROTO_SCTP,
    .name = SCTP_PEER_ADDR_PARAMS,
    .size = sizeof(struct sctp_paddrparams),
    .association = offsetof(struct sctp_paddrparams, spp_assoc_id),
    .address = offsetof(struct sctp_paddrparams, spp_address),
    .flags = OPTION_GET | OPTION_SET | OPTION_CHECK_ASSOCIATION | OPTION_FAMILY,
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

static int demand(struct slot *slot, const struct sctpx_option *option,
                  const struct sctpx_address *path)
{
    struct sctp_paddrparams parameters;
    union address_native address;
    int length = address_to_native(path, slot->family, &address);

    if (length < 0)
        return length;
    memset(&parameters, 0, sizeof parameters);
    parameters.spp_assoc_id = (sctp_assoc_t)option->association;
    parameters.spp_flags = SPP_HB_DEMAND;
    memcpy((uint8_t *)&parameters + row.address, &address, (size_t)length);
    length = stack_set(slot, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &parameters, sizeof parameters);
    return length == 0 ? 0 : -error_of(SCTPX_CALL_OPTION, length);
}

/* Where each path must be named. */
static int demand_all(struct slot *slot, const struct sctpx_option *option)
{
    struct sctpx_address peers[PEERS_MAX];
    void *packed = NULL;
    int i, result = 0;
    int count =
        os_getpaddrs(native_of(slot)->descriptor, (sctp_assoc_t)option->association, &packed);

    if (count > PEERS_MAX)
        count = PEERS_MAX;
    if (count > 0)
        count = address_list_unpack(packed, (size_t)count * sizeof(struct sockaddr_in6),
                                    (uint32_t)count, slot->family, peers, PEERS_MAX);
    if (packed != NULL)
        os_freepaddrs(packed);
    if (count <= 0)
        return -SCTPX_ENOTCONN;
    for (i = 0; i < count && result == 0; i++)
        result = demand(slot, option, &peers[i]);
    return result;
}

int path_set(struct slot *slot, const struct sctpx_option *option, const void *list,
             uint32_t list_size)
{
    int result = option_apply(slot, &row, option);

    (void)list;
    (void)list_size;
    if (result < 0 || !OS_HEARTBEAT_NAMES_PATH || !is_given(option, PATH_HEARTBEAT_NOW) ||
        option->fields[PATH_HEARTBEAT_NOW] == 0)
        return result;
    if (option->address.family != SCTPX_FAMILY_NONE)
        return demand(slot, option, &option->address);
    return demand_all(slot, option);
}

#endif
