/* SPDX-License-Identifier: MIT */
#include "userland/path_mtu.h"

#include <string.h>

#include "userland/endpoint.h"

/* usrsctp drops a packet of more than 32 mbufs, again at each retransmission. The worst messages
 * take 2 a KiB: at 32000 one of 5000 bytes behind five others never arrives, and at 9000 none can
 * come near the limit. */
#define LOOPBACK_MTU 9000

static int is_loopback(const struct sctpx_address *address)
{
    static const uint8_t six[16] = {[15] = 1};
    static const uint8_t mapped[13] = {[10] = 0xff, [11] = 0xff, [12] = 127};

    if (address->family == SCTPX_FAMILY_IPV4)
        return address->bytes[0] == 127;
    return memcmp(address->bytes, six, sizeof six) == 0 ||
           memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

static int all_loopback(const struct sctpx_address *list, uint32_t count)
{
    uint32_t i;

    for (i = 0; i < count; i++)
        if (!is_loopback(&list[i]))
            return 0;
    return 1;
}

/* 0: discovery, as it was. */
static void set_default(struct slot *slot, uint32_t mtu)
{
    struct sctp_paddrparams parameters;

    memset(&parameters, 0, sizeof parameters);
    parameters.spp_address.ss_family = (sa_family_t)native_family(slot);
    parameters.spp_pathmtu = mtu;
    parameters.spp_flags = mtu != 0 ? SPP_PMTUD_DISABLE : SPP_PMTUD_ENABLE;
    (void)usrsctp_setsockopt(endpoint_of(slot)->so, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS,
                             &parameters, sizeof parameters);
}

void path_mtu_bound(struct slot *slot, const struct sctpx_address *list, uint32_t count)
{
    struct endpoint *endpoint = endpoint_of(slot);

    if (!atomic_load(&endpoint->own_mtu) && all_loopback(list, count)) {
        atomic_store(&endpoint->local_only, 1);
        set_default(slot, LOOPBACK_MTU);
    }
}

int path_mtu_connecting(struct slot *slot, const struct sctpx_address *list, uint32_t count)
{
    struct endpoint *endpoint = endpoint_of(slot);

    if (atomic_load(&endpoint->own_mtu) || atomic_load(&endpoint->local_only) ||
        !all_loopback(list, count))
        return 0;
    set_default(slot, LOOPBACK_MTU);
    return !is_one_to_one(slot);
}

void path_mtu_connected(struct slot *slot)
{
    set_default(slot, 0);
}
