/* SPDX-License-Identifier: MIT */
#include "posix/option.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "posix/address.h"
#include "posix/error.h"
#include "userland/endpoint.h"
#include "userland/event_option.h"
#include "userland/path_option.h"
#include "userland/process.h"
#include "userland/reserve.h"

#define MEMBERS(array) (array), OPTION_COUNT(array)

static const struct option_member rto_info[] = {
    OPTION_MEMBER(0, struct sctp_rtoinfo, srto_initial, 1000, OPTION_POSITIVE),
    OPTION_MEMBER(1, struct sctp_rtoinfo, srto_min, 1000, OPTION_POSITIVE),
    OPTION_MEMBER(2, struct sctp_rtoinfo, srto_max, 1000, OPTION_POSITIVE),
};

static const struct option_member association_info[] = {
    OPTION_MEMBER(0, struct sctp_assocparams, sasoc_asocmaxrxt, 0, OPTION_POSITIVE),
    OPTION_MEMBER(1, struct sctp_assocparams, sasoc_cookie_life, 1000, OPTION_POSITIVE),
    OPTION_MEMBER(2, struct sctp_assocparams, sasoc_number_peer_destinations, 0, OPTION_READ_ONLY),
    OPTION_MEMBER(3, struct sctp_assocparams, sasoc_peer_rwnd, 0, OPTION_READ_ONLY),
    OPTION_MEMBER(4, struct sctp_assocparams, sasoc_local_rwnd, 0, OPTION_READ_ONLY),
};

static const struct option_member init_message[] = {
    OPTION_MEMBER(0, struct sctp_initmsg, sinit_num_ostreams, 0, OPTION_POSITIVE),
    OPTION_MEMBER(1, struct sctp_initmsg, sinit_max_instreams, 0, OPTION_POSITIVE),
    OPTION_MEMBER(2, struct sctp_initmsg, sinit_max_attempts, 0, OPTION_POSITIVE),
    OPTION_MEMBER(3, struct sctp_initmsg, sinit_max_init_timeo, 1000, OPTION_POSITIVE),
};

static const struct option_member on_off[] = {OPTION_INT(0, OPTION_BOOLEAN)};
static const struct option_member number[] = {OPTION_INT(0, 0)};
static const struct option_member bytes[] = {OPTION_INT(0, OPTION_SIGNED | OPTION_POSITIVE)};

static const struct option_member auto_close[] = {
    {0, sizeof(uint32_t), 0, 0, 1000000, NULL, 0},
};

static const struct option_member max_segment[] = {
    OPTION_MEMBER(0, struct sctp_assoc_value, assoc_value, 0, 0),
};

static const struct option_member delayed_sack[] = {
    OPTION_MEMBER(0, struct sctp_sack_info, sack_delay, 1000, OPTION_POSITIVE),
    OPTION_MEMBER(1, struct sctp_sack_info, sack_freq, 0, OPTION_POSITIVE),
};

static const struct option_member default_send[] = {
    OPTION_MEMBER(0, struct sctp_sndinfo, snd_sid, 0, 0),
    OPTION_MEMBER(1, struct sctp_sndinfo, snd_ppid, 0, OPTION_NETWORK),
    OPTION_MEMBER(3, struct sctp_sndinfo, snd_context, 0, 0),
};

static const struct option_value association_states[] = {
    {SCTPX_STATE_CLOSED, SCTP_CLOSED},
    {SCTPX_STATE_BOUND, SCTP_BOUND},
    {SCTPX_STATE_LISTEN, SCTP_LISTEN},
    {SCTPX_STATE_COOKIE_WAIT, SCTP_COOKIE_WAIT},
    {SCTPX_STATE_COOKIE_ECHOED, SCTP_COOKIE_ECHOED},
    {SCTPX_STATE_ESTABLISHED, SCTP_ESTABLISHED},
    {SCTPX_STATE_SHUTDOWN_PENDING, SCTP_SHUTDOWN_PENDING},
    {SCTPX_STATE_SHUTDOWN_SENT, SCTP_SHUTDOWN_SENT},
    {SCTPX_STATE_SHUTDOWN_RECEIVED, SCTP_SHUTDOWN_RECEIVED},
    {SCTPX_STATE_SHUTDOWN_ACK_SENT, SCTP_SHUTDOWN_ACK_SENT},
};

static const struct option_member status[] = {
    OPTION_MAPPED(0, struct sctp_status, sstat_state, OPTION_SIGNED, association_states),
    OPTION_MEMBER(1, struct sctp_status, sstat_rwnd, 0, 0),
    OPTION_MEMBER(2, struct sctp_status, sstat_unackdata, 0, 0),
    OPTION_MEMBER(3, struct sctp_status, sstat_penddata, 0, 0),
    OPTION_MEMBER(4, struct sctp_status, sstat_instrms, 0, 0),
    OPTION_MEMBER(5, struct sctp_status, sstat_outstrms, 0, 0),
    OPTION_MEMBER(6, struct sctp_status, sstat_fragmentation_point, 0, 0),
    OPTION_MEMBER(8, struct sctp_status, sstat_primary.spinfo_cwnd, 0, 0),
    OPTION_MEMBER(9, struct sctp_status, sstat_primary.spinfo_srtt, 1000, 0),
    OPTION_MEMBER(10, struct sctp_status, sstat_primary.spinfo_rto, 1000, 0),
    OPTION_MEMBER(11, struct sctp_status, sstat_primary.spinfo_mtu, 0, 0),
};

static const struct option_member path_info[] = {
    OPTION_MEMBER(1, struct sctp_paddrinfo, spinfo_cwnd, 0, 0),
    OPTION_MEMBER(2, struct sctp_paddrinfo, spinfo_srtt, 1000, 0),
    OPTION_MEMBER(3, struct sctp_paddrinfo, spinfo_rto, 1000, 0),
    OPTION_MEMBER(4, struct sctp_paddrinfo, spinfo_mtu, 0, 0),
};

static const struct option_member udp_port[] = {
    OPTION_MEMBER(0, struct sctp_udpencaps, sue_port, 0, OPTION_NETWORK),
};

/* Bits, of which several may be set. */
static int64_t path_state(int32_t native)
{
    if ((native & SCTP_UNCONFIRMED) != 0)
        return SCTPX_PATH_UNCONFIRMED;
    if ((native & SCTP_ACTIVE) != 0)
        return SCTPX_PATH_ACTIVE;
    return (native & SCTP_INACTIVE) != 0 ? SCTPX_PATH_INACTIVE : SCTPX_PATH_UNKNOWN;
}

static int status_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    struct sctp_status read;

    (void)slot;
    memcpy(&read, native, sizeof read);
    option->association = read.sstat_assoc_id;
    option->fields[7] = path_state(read.sstat_primary.spinfo_state);
    option->given |= 1u << 7;
    return 0;
}

static int path_info_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    struct sctp_paddrinfo read;

    (void)slot;
    memcpy(&read, native, sizeof read);
    option->fields[0] = path_state(read.spinfo_state);
    option->given |= 1u;
    return 0;
}

static int default_send_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    struct sctp_sndinfo *info = native;

    if ((option->given & 4u) != 0) {
        info->snd_flags = (uint16_t)(info->snd_flags & ~SCTP_UNORDERED);
        if (option->fields[2] != 0)
            info->snd_flags |= SCTP_UNORDERED;
    }
    atomic_store(&endpoint_of(slot)->has_defaults, 1);
    return 0;
}

static int default_send_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    struct sctp_sndinfo read;

    (void)slot;
    memcpy(&read, native, sizeof read);
    option->fields[2] = (read.snd_flags & SCTP_UNORDERED) != 0;
    option->given |= 4u;
    return 0;
}

/* More than the UDP sockets hold would only be lost. */
static int receive_buffer_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    int *size = native;

    (void)option;
    if (*size > 0 && (uint32_t)*size > process_receive_limit())
        *size = (int)process_receive_limit();
    *size = reserve_added(slot, *size);
    return 0;
}

static int receive_buffer_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    int size;

    memcpy(&size, native, sizeof size);
    option->fields[0] = reserve_taken(slot, size);
    return 0;
}

static int whole_only_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    const int *on = native;

    (void)option;
    atomic_store(&endpoint_of(slot)->whole_only, *on);
    return 0;
}

/* usrsctp rounds down to whole words, and with none of them sends nothing for ever. */
static int max_segment_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    const struct sctp_assoc_value *limit = native;

    (void)slot;
    (void)option;
    return limit->assoc_value != 0 && limit->assoc_value < sizeof(uint32_t) ? -SCTPX_EINVAL : 0;
}

static int primary_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    (void)slot;
    (void)native;
    return option->address.family == SCTPX_FAMILY_NONE ? -SCTPX_EINVAL : 0;
}

/* Without a port there is plain SCTP, which is not to be had here. */
static int udp_port_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    (void)slot;
    (void)native;
    if ((option->given & 1u) == 0)
        return -SCTPX_EINVAL;
    return option->fields[0] == 0 ? -SCTPX_EUNSUPPORTED : 0;
}

/* usrsctp ignores the time; closing goes by what is kept here. */
static int linger_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t size)
{
    const struct endpoint *endpoint = endpoint_of(slot);

    (void)list;
    (void)size;
    option->fields[0] = atomic_load(&endpoint->lingers);
    option->fields[1] = atomic_load(&endpoint->linger);
    option->given = 3;
    return 0;
}

static int linger_set(struct slot *slot, const struct sctpx_option *option, const void *list,
                      uint32_t size)
{
    struct endpoint *endpoint = endpoint_of(slot);

    (void)list;
    (void)size;
    if ((option->given & 2u) != 0 && option->fields[1] < 0)
        return -SCTPX_EINVAL;
    if ((option->given & 2u) != 0)
        atomic_store(&endpoint->linger, option->fields[1]);
    if ((option->given & 1u) != 0)
        atomic_store(&endpoint->lingers, option->fields[0] != 0);
    atomic_store(&endpoint->aborts,
                 atomic_load(&endpoint->lingers) && atomic_load(&endpoint->linger) == 0);
    return 0;
}

#define BOTH (OPTION_GET | OPTION_SET)
#define SCTP(number_of) .level = IPPROTO_SCTP, .name = (number_of)
#define STRUCT(type, id, where)                                                                    \
    .size = sizeof(type), .association = offsetof(type, id), .address = (where)
#define PLAIN(type) .size = sizeof(type), .association = -1, .address = -1

static const struct option_row rows[] = {
    {SCTPX_OPT_RTO_INFO, SCTP(SCTP_RTOINFO), STRUCT(struct sctp_rtoinfo, srto_assoc_id, -1),
     .flags = BOTH, MEMBERS(rto_info)},
    {SCTPX_OPT_ASSOCIATION_INFO, SCTP(SCTP_ASSOCINFO),
     STRUCT(struct sctp_assocparams, sasoc_assoc_id, -1), .flags = BOTH, MEMBERS(association_info)},
    {SCTPX_OPT_INIT_MESSAGE, SCTP(SCTP_INITMSG), PLAIN(struct sctp_initmsg), .flags = BOTH,
     MEMBERS(init_message)},
    {SCTPX_OPT_LINGER, .flags = BOTH, .get = linger_get, .set = linger_set},
    {SCTPX_OPT_NO_DELAY, SCTP(SCTP_NODELAY), PLAIN(int), .flags = BOTH, MEMBERS(on_off)},
    {SCTPX_OPT_RECEIVE_BUFFER, .level = SOL_SOCKET, .name = SO_RCVBUF, PLAIN(int), .flags = BOTH,
     MEMBERS(bytes), .encode = receive_buffer_encode, .decode = receive_buffer_decode},
    {SCTPX_OPT_SEND_BUFFER, .level = SOL_SOCKET, .name = SO_SNDBUF, PLAIN(int), .flags = BOTH,
     MEMBERS(bytes)},
    {SCTPX_OPT_AUTO_CLOSE, SCTP(SCTP_AUTOCLOSE), PLAIN(uint32_t),
     .flags = BOTH | OPTION_ONLY_ONE_TO_MANY, MEMBERS(auto_close)},
    {SCTPX_OPT_PRIMARY, SCTP(SCTP_PRIMARY_ADDR),
     STRUCT(struct sctp_setprim, ssp_assoc_id, offsetof(struct sctp_setprim, ssp_addr)),
     .flags = BOTH | OPTION_NEEDS_ASSOCIATION, .encode = primary_encode},
    {SCTPX_OPT_DISABLE_FRAGMENTS, SCTP(SCTP_DISABLE_FRAGMENTS), PLAIN(int), .flags = BOTH,
     MEMBERS(on_off), .encode = whole_only_encode},
    {SCTPX_OPT_PATH_PARAMETERS, .flags = BOTH, .get = path_option_get, .set = path_option_set},
    {SCTPX_OPT_MAX_SEGMENT, SCTP(SCTP_MAXSEG), STRUCT(struct sctp_assoc_value, assoc_id, -1),
     .flags = BOTH, MEMBERS(max_segment), .encode = max_segment_encode},
    {SCTPX_OPT_DELAYED_SACK, SCTP(SCTP_DELAYED_SACK),
     STRUCT(struct sctp_sack_info, sack_assoc_id, -1), .flags = BOTH, MEMBERS(delayed_sack)},
    {SCTPX_OPT_FRAGMENT_INTERLEAVE, SCTP(SCTP_FRAGMENT_INTERLEAVE), PLAIN(int), .flags = BOTH,
     MEMBERS(number)},
    {SCTPX_OPT_PARTIAL_DELIVERY_POINT, SCTP(SCTP_PARTIAL_DELIVERY_POINT), PLAIN(int), .flags = BOTH,
     MEMBERS(number)},
    {SCTPX_OPT_DEFAULT_SEND, SCTP(SCTP_DEFAULT_SNDINFO),
     STRUCT(struct sctp_sndinfo, snd_assoc_id, -1), .flags = BOTH | OPTION_MODIFY,
     MEMBERS(default_send), .encode = default_send_encode, .decode = default_send_decode},
    {SCTPX_OPT_STATUS, SCTP(SCTP_STATUS),
     STRUCT(struct sctp_status, sstat_assoc_id,
            offsetof(struct sctp_status, sstat_primary.spinfo_address)),
     .flags = OPTION_GET | OPTION_NEEDS_ASSOCIATION, MEMBERS(status), .decode = status_decode},
    {SCTPX_OPT_PATH_INFO, SCTP(SCTP_GET_PEER_ADDR_INFO),
     STRUCT(struct sctp_paddrinfo, spinfo_assoc_id,
            offsetof(struct sctp_paddrinfo, spinfo_address)),
     .flags = OPTION_GET | OPTION_NEEDS_ASSOCIATION | OPTION_NEEDS_ADDRESS, MEMBERS(path_info),
     .decode = path_info_decode},
    {SCTPX_OPT_UDP_ENCAPSULATION, SCTP(SCTP_REMOTE_UDP_ENCAPS_PORT),
     STRUCT(struct sctp_udpencaps, sue_assoc_id, offsetof(struct sctp_udpencaps, sue_address)),
     .flags = BOTH, MEMBERS(udp_port), .encode = udp_port_encode},
    {SCTPX_OPT_EVENT, .flags = BOTH, .get = event_option_get, .set = event_option_set},
};

/* usrsctp wants a family even where there is no address. */
static sa_family_t *family_at(int level, int name, void *value)
{
    if (level != IPPROTO_SCTP || name != SCTP_REMOTE_UDP_ENCAPS_PORT)
        return NULL;
    return &((struct sctp_udpencaps *)value)->sue_address.ss_family;
}

static int stack_get(struct slot *slot, int level, int name, void *value, uint32_t *size)
{
    sa_family_t *family = family_at(level, name, value);
    int invented = family != NULL && *family == 0;
    socklen_t length = *size;

    if (invented)
        *family = (sa_family_t)native_family(slot);
    if (usrsctp_getsockopt(endpoint_of(slot)->so, level, name, value, &length) < 0)
        return errno;
    if (invented)
        *family = 0;
    *size = length;
    return 0;
}

static int stack_set(struct slot *slot, int level, int name, const void *value, uint32_t size)
{
    _Alignas(16) uint8_t copy[OPTION_NATIVE_MAX];
    sa_family_t *family;

    if (size > sizeof copy)
        return EINVAL;
    memcpy(copy, value, size);
    family = family_at(level, name, copy);
    if (family != NULL && *family == 0)
        *family = (sa_family_t)native_family(slot);
    if (usrsctp_setsockopt(endpoint_of(slot)->so, level, name, copy, size) < 0)
        return errno;
    return 0;
}

static int stack_has_association(struct slot *slot, int64_t association)
{
    struct sctp_status read;

    return association_status(endpoint_of(slot)->so, association, &read);
}

const struct option_stack option_stack = {
    .rows = rows,
    .row_count = OPTION_COUNT(rows),
    .get = stack_get,
    .set = stack_set,
    .has_association = stack_has_association,
    .first_association = SCTP_ALL_ASSOC + 1,
    .last_association = UINT32_MAX,
};
