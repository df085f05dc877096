/* SPDX-License-Identifier: MIT */
#include "userland/path_option.h"

#include <errno.h>
#include <string.h>

#include "posix/address.h"
#include "posix/error.h"
#include "userland/endpoint.h"

#define PEERS_MAX 64

enum field {
    HEARTBEAT,
    INTERVAL,
    RETRANSMISSIONS,
    DISCOVERY,
    MTU,
    DSCP,
    FLOW_LABEL,
    HEARTBEAT_NOW
};

static int is_given(const struct sctpx_option *option, enum field field)
{
    return (option->given >> field & 1u) != 0;
}

static int fill(struct slot *slot, const struct sctpx_option *option,
                struct sctp_paddrparams *native)
{
    union address_native address;
    int length;

    memset(native, 0, sizeof *native);
    if (option->association < 0 || option->association > UINT32_MAX ||
        (option->association != 0 && option->association <= SCTP_ALL_ASSOC))
        return -SCTPX_ENOTCONN;
    native->spp_assoc_id = (sctp_assoc_t)option->association;
    /* Without an address a family is wanted all the same. */
    native->spp_address.ss_family = (sa_family_t)native_family(slot);
    if (option->address.family == SCTPX_FAMILY_NONE)
        return 0;
    length = address_to_native(&option->address, slot->family, &address);
    if (length < 0)
        return length;
    memcpy(&native->spp_address, &address, (size_t)length);
    return 0;
}

static int failure(struct slot *slot, const struct sctpx_option *option)
{
    struct sctp_status status;
    int problem = errno;

    if (option->association != 0 &&
        !association_status(endpoint_of(slot)->so, option->association, &status))
        return -SCTPX_ENOTCONN;
    return -error_of(SCTPX_CALL_OPTION, problem);
}

static int read_now(struct slot *slot, const struct sctpx_option *option,
                    struct sctp_paddrparams *native)
{
    socklen_t length = sizeof *native;
    int result = fill(slot, option, native);

    if (result < 0)
        return result;
    if (usrsctp_getsockopt(endpoint_of(slot)->so, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, native,
                           &length) < 0)
        return failure(slot, option);
    return 0;
}

int path_option_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t size)
{
    struct sctp_paddrparams native;
    int result = read_now(slot, option, &native);

    (void)list;
    (void)size;
    if (result < 0)
        return result;
    option->fields[HEARTBEAT] = (native.spp_flags & SPP_HB_ENABLE) != 0;
    option->fields[INTERVAL] = (int64_t)native.spp_hbinterval * 1000;
    option->fields[RETRANSMISSIONS] = native.spp_pathmaxrxt;
    option->fields[DISCOVERY] = (native.spp_flags & SPP_PMTUD_ENABLE) != 0;
    option->fields[MTU] = native.spp_pathmtu;
    /* The six bits of the DSCP lie above the two of ECN. */
    option->fields[DSCP] = (native.spp_flags & SPP_DSCP) != 0 ? native.spp_dscp >> 2 : 0;
    option->fields[FLOW_LABEL] =
        (native.spp_flags & SPP_IPV6_FLOWLABEL) != 0 ? native.spp_ipv6_flowlabel : 0;
    option->given = (1u << HEARTBEAT_NOW) - 1;
    return 0;
}

static int number(const struct sctpx_option *option, enum field field, int64_t least, int64_t most,
                  int64_t *value)
{
    *value = option->fields[field];
    return *value < least || *value > most ? -SCTPX_EINVAL : 0;
}

/* An interval alone would turn heartbeats on. */
static int encode_heartbeat(const struct sctpx_option *option, const struct sctp_paddrparams *now,
                            struct sctp_paddrparams *native, uint32_t *afterwards)
{
    int64_t interval;

    *afterwards = 0;
    if (is_given(option, HEARTBEAT))
        native->spp_flags |= option->fields[HEARTBEAT] != 0 ? SPP_HB_ENABLE : SPP_HB_DISABLE;
    if (!is_given(option, INTERVAL))
        return 0;
    if (number(option, INTERVAL, 0, (int64_t)UINT32_MAX * 1000, &interval) < 0)
        return -SCTPX_EINVAL;
    native->spp_hbinterval = (uint32_t)(interval / 1000 + (interval % 1000 > 0));
    if (interval == 0)
        native->spp_flags |= SPP_HB_TIME_IS_ZERO;
    if ((native->spp_flags & SPP_HB_DISABLE) != 0 ||
        (!is_given(option, HEARTBEAT) && (now->spp_flags & SPP_HB_DISABLE) != 0))
        *afterwards = SPP_HB_DISABLE;
    native->spp_flags = (native->spp_flags & ~(uint32_t)SPP_HB_DISABLE) | SPP_HB_ENABLE;
    return 0;
}

static int encode_mtu(const struct sctpx_option *option, const struct sctp_paddrparams *now,
                      struct sctp_paddrparams *native)
{
    int64_t mtu = now->spp_pathmtu;

    if (is_given(option, DISCOVERY) && option->fields[DISCOVERY] != 0) {
        native->spp_flags |= SPP_PMTUD_ENABLE;
        return is_given(option, MTU) ? -SCTPX_EINVAL : 0;
    }
    if (!is_given(option, DISCOVERY) && !is_given(option, MTU))
        return 0;
    if (is_given(option, MTU) && number(option, MTU, 1, UINT32_MAX, &mtu) < 0)
        return -SCTPX_EINVAL;
    native->spp_flags |= SPP_PMTUD_DISABLE;
    native->spp_pathmtu = (uint32_t)mtu;
    return 0;
}

static int encode_rest(const struct sctpx_option *option, struct sctp_paddrparams *native)
{
    int64_t value;

    if (is_given(option, RETRANSMISSIONS)) {
        if (number(option, RETRANSMISSIONS, 1, UINT16_MAX, &value) < 0)
            return -SCTPX_EINVAL;
        native->spp_pathmaxrxt = (uint16_t)value;
    }
    if (is_given(option, DSCP)) {
        if (number(option, DSCP, 0, 63, &value) < 0)
            return -SCTPX_EINVAL;
        native->spp_flags |= SPP_DSCP;
        native->spp_dscp = (uint8_t)(value << 2);
    }
    if (is_given(option, FLOW_LABEL)) {
        if (number(option, FLOW_LABEL, 0, 0xfffff, &value) < 0)
            return -SCTPX_EINVAL;
        native->spp_flags |= SPP_IPV6_FLOWLABEL;
        native->spp_ipv6_flowlabel = (uint32_t)value;
    }
    return 0;
}

static int write_now(struct slot *slot, const struct sctpx_option *option,
                     const struct sctp_paddrparams *native)
{
    if (usrsctp_setsockopt(endpoint_of(slot)->so, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, native,
                           sizeof *native) < 0)
        return failure(slot, option);
    return 0;
}

static int flags_now(struct slot *slot, const struct sctpx_option *option, uint32_t flags)
{
    struct sctp_paddrparams native;
    int result = fill(slot, option, &native);

    native.spp_flags = flags;
    return result < 0 ? result : write_now(slot, option, &native);
}

/* usrsctp sends one only to an address that is named. */
static int heartbeat_now(struct slot *slot, const struct sctpx_option *option)
{
    struct sctpx_option one = *option;
    struct sockaddr *packed = NULL;
    struct sctpx_address peers[PEERS_MAX];
    int i, count, result = 0;

    if (option->address.family != SCTPX_FAMILY_NONE)
        return flags_now(slot, option, SPP_HB_DEMAND);
    count = usrsctp_getpaddrs(endpoint_of(slot)->so, (sctp_assoc_t)option->association, &packed);
    if (count > PEERS_MAX)
        count = PEERS_MAX;
    if (count > 0)
        count = address_list_unpack(packed, (size_t)count * sizeof(struct sockaddr_in6),
                                    (uint32_t)count, slot->family, peers, PEERS_MAX);
    if (packed != NULL)
        usrsctp_freepaddrs(packed);
    if (count <= 0)
        return -SCTPX_ENOTCONN;
    for (i = 0; i < count && result == 0; i++) {
        one.address = peers[i];
        result = flags_now(slot, &one, SPP_HB_DEMAND);
    }
    return result;
}

int path_option_set(struct slot *slot, const struct sctpx_option *option, const void *list,
                    uint32_t size)
{
    struct sctp_paddrparams now, native;
    uint32_t afterwards = 0;
    int result = read_now(slot, option, &now);

    (void)list;
    (void)size;
    if (result == 0)
        result = fill(slot, option, &native);
    if (result == 0)
        result = encode_heartbeat(option, &now, &native, &afterwards);
    if (result == 0)
        result = encode_mtu(option, &now, &native);
    if (result == 0)
        result = encode_rest(option, &native);
    if (result == 0)
        result = write_now(slot, option, &native);
    if (result == 0 && (is_given(option, MTU) || is_given(option, DISCOVERY)))
        atomic_store(&endpoint_of(slot)->own_mtu, 1);
    if (result == 0 && afterwards != 0)
        result = flags_now(slot, option, afterwards);
    if (result == 0 && is_given(option, HEARTBEAT_NOW) && option->fields[HEARTBEAT_NOW] != 0)
        result = heartbeat_now(slot, option);
    return result;
}
