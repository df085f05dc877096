/* SPDX-License-Identifier: MIT */
/* What the rows of the path options cannot say. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "linux/compat.h"
#include "linux/linux.h"
#include "linux/option.h"

int path_decode(struct slot *slot, const void *native, struct sctpx_option *option)
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
    /* The kernel takes an interval only together with "on". */
    if (is_given(option, PATH_INTERVAL) && !wanted) {
        struct sctp_paddrparams first = *parameters;

        first.spp_flags |= SPP_HB_ENABLE;
        problem = stack_set(slot, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &first, sizeof first);
    }
    if (is_given(option, PATH_INTERVAL) || is_given(option, PATH_HEARTBEAT))
        parameters->spp_flags |= wanted ? SPP_HB_ENABLE : SPP_HB_DISABLE;
    if (is_given(option, PATH_HEARTBEAT_NOW) && option->fields[PATH_HEARTBEAT_NOW] != 0)
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

int path_encode(struct slot *slot, const struct sctpx_option *option, void *native)
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

static uint64_t namespace_of(int descriptor)
{
    uint64_t cookie = 0;
    socklen_t size = sizeof cookie;

    /* Linux 5.14; before it all are taken for one. */
    if (getsockopt(descriptor, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) < 0)
        return 0;
    return cookie;
}

/* What this thread reads of net.sctp need not be true of the socket. */
static int is_elsewhere(const struct slot *slot)
{
    int here = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), differs;

    if (here < 0)
        return 1;
    differs = namespace_of(here) != namespace_of(native_of(slot)->descriptor);
    close(here);
    return differs;
}

/* Without a UDP port of its own the kernel takes a peer's, and goes on to send plain SCTP. */
int encapsulation_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    (void)native;
    if (option->fields[0] != 0 && sysctl_read("udp_port") == 0 && !is_elsewhere(slot))
        return -SCTPX_EUNSUPPORTED;
    return 0;
}

/* The smoothed round-trip time is in ticks of the kernel's clock, whose length
 * shows as the resolution of the coarse one. */
static int64_t ticks_to_us(int64_t ticks)
{
    struct timespec tick;

    if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) < 0)
        return 0;
    return ticks * (tick.tv_nsec / 1000);
}

int status_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    struct sctp_status status;

    (void)slot;
    memcpy(&status, native, sizeof status);
    option->association = status.sstat_assoc_id;
    option->fields[9] = ticks_to_us(option->fields[9]);
    return 0;
}

int path_info_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    (void)slot;
    (void)native;
    option->fields[2] = ticks_to_us(option->fields[2]);
    return 0;
}
