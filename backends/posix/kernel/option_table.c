/* SPDX-License-Identifier: MIT */
/* The table of options: how it is read is said in posix/option.h. */
#include "posix/kernel/rows.h"

#define MS 1000u
#define SECOND 1000000u

static const struct option_member rto_members[] = {
    OPTION_MEMBER(0, struct sctp_rtoinfo, srto_initial, MS, OPTION_POSITIVE),
    OPTION_MEMBER(1, struct sctp_rtoinfo, srto_min, MS, OPTION_POSITIVE),
    OPTION_MEMBER(2, struct sctp_rtoinfo, srto_max, MS, OPTION_POSITIVE),
};

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

#ifdef SCTP_FRAGMENT_INTERLEAVE
static const struct option_member bytes_members[] = {OPTION_INT(0, 0)};
#endif

#if !OS_BUFFERS_ARE_DOUBLED
static const struct option_member buffer_members[] = {
    OPTION_INT(0, OPTION_SIGNED | OPTION_POSITIVE),
};
#endif

static const struct option_member auto_close_members[] = {
    {0, sizeof(int), 0, 0, SECOND, NULL, 0},
};

#if OS_RFC6458
static const struct option_member segment_members[] = {
    OPTION_MEMBER(0, struct sctp_assoc_value, assoc_value, 0, 0),
};
#endif

#ifdef SCTP_DELAYED_SACK
static const struct option_member sack_members[] = {
    OPTION_MEMBER(0, struct sctp_sack_info, sack_delay, MS, OPTION_POSITIVE),
    OPTION_MEMBER(1, struct sctp_sack_info, sack_freq, 0, OPTION_POSITIVE),
};
#endif

#ifdef SCTP_REMOTE_UDP_ENCAPS_PORT
static const struct option_member encapsulation_members[] = {
    OPTION_MEMBER(0, struct sctp_udpencaps, sue_port, 0, OPTION_NETWORK),
};
#endif

static const struct option_value association_states[] = {OS_ASSOCIATION_STATES};

static const struct option_member status_members[] = {
    OPTION_MAPPED(0, struct sctp_status, sstat_state, OPTION_SIGNED, association_states),
    OPTION_MEMBER(1, struct sctp_status, sstat_rwnd, 0, 0),
    OPTION_MEMBER(2, struct sctp_status, sstat_unackdata, 0, 0),
    OPTION_MEMBER(3, struct sctp_status, sstat_penddata, 0, 0),
    OPTION_MEMBER(4, struct sctp_status, sstat_instrms, 0, 0),
    OPTION_MEMBER(5, struct sctp_status, sstat_outstrms, 0, 0),
    OPTION_MEMBER(6, struct sctp_status, sstat_fragmentation_point, 0, 0),
    OPTION_MEMBER(8, struct sctp_status, sstat_primary.spinfo_cwnd, 0, 0),
    OPTION_MEMBER(9, struct sctp_status, sstat_primary.spinfo_srtt, 0, 0),
    OPTION_MEMBER(10, struct sctp_status, sstat_primary.spinfo_rto, 0, 0),
    OPTION_MEMBER(11, struct sctp_status, sstat_primary.spinfo_mtu, 0, 0),
};

static const struct option_member path_info_members[] = {
    OPTION_MEMBER(1, struct sctp_paddrinfo, spinfo_cwnd, 0, 0),
    OPTION_MEMBER(2, struct sctp_paddrinfo, spinfo_srtt, 0, 0),
    OPTION_MEMBER(3, struct sctp_paddrinfo, spinfo_rto, MS, 0),
    OPTION_MEMBER(4, struct sctp_paddrinfo, spinfo_mtu, 0, 0),
};

#define STRUCT(type, id)                                                                           \
    .level = IPPROTO_SCTP, .size = sizeof(struct type), .association = id, .address = -1
#define WITH_ADDRESS(type, id, place)                                                              \
    .level = IPPROTO_SCTP, .size = sizeof(struct type), .association = offsetof(struct type, id),  \
    .address = offsetof(struct type, place)
#define PLAIN(at) .level = at, .size = sizeof(int), .association = -1, .address = -1
#define MEMBERS(list) .members = list, .member_count = OPTION_COUNT(list)
#define GET_SET (OPTION_GET | OPTION_SET)

static const struct option_row rows[] = {
    {.option = SCTPX_OPT_RTO_INFO,
     .name = SCTP_RTOINFO,
     .flags = GET_SET | OPTION_MODIFY,
     STRUCT(sctp_rtoinfo, offsetof(struct sctp_rtoinfo, srto_assoc_id)),
     MEMBERS(rto_members),
     .encode = rto_encode},
    /* 0 leaves a value alone; one read and set again may be refused. */
    {.option = SCTPX_OPT_ASSOCIATION_INFO,
     .name = SCTP_ASSOCINFO,
     .flags = GET_SET,
     STRUCT(sctp_assocparams, offsetof(struct sctp_assocparams, sasoc_assoc_id)),
     MEMBERS(association_members)},
    {.option = SCTPX_OPT_INIT_MESSAGE,
     .name = SCTP_INITMSG,
     .flags = GET_SET,
     STRUCT(sctp_initmsg, -1),
     MEMBERS(init_members)},
    {.option = SCTPX_OPT_LINGER,
     .name = SO_LINGER,
     .flags = GET_SET | OPTION_MODIFY,
     .level = SOL_SOCKET,
     .size = sizeof(struct linger),
     .association = -1,
     .address = -1,
     MEMBERS(linger_members)},
    {.option = SCTPX_OPT_NO_DELAY,
     .name = SCTP_NODELAY,
     .flags = GET_SET,
     PLAIN(IPPROTO_SCTP),
     MEMBERS(on_members)},
#if OS_BUFFERS_ARE_DOUBLED
    {.option = SCTPX_OPT_RECEIVE_BUFFER, .flags = GET_SET, .get = buffer_get, .set = buffer_set},
    {.option = SCTPX_OPT_SEND_BUFFER, .flags = GET_SET, .get = buffer_get, .set = buffer_set},
#else
    {.option = SCTPX_OPT_RECEIVE_BUFFER,
     .name = SO_RCVBUF,
     .flags = GET_SET,
     PLAIN(SOL_SOCKET),
     MEMBERS(buffer_members)},
    {.option = SCTPX_OPT_SEND_BUFFER,
     .name = SO_SNDBUF,
     .flags = GET_SET,
     PLAIN(SOL_SOCKET),
     MEMBERS(buffer_members)},
#endif
    {.option = SCTPX_OPT_AUTO_CLOSE,
     .name = SCTP_AUTOCLOSE,
     .flags = GET_SET | OPTION_ONLY_ONE_TO_MANY,
     PLAIN(IPPROTO_SCTP),
     MEMBERS(auto_close_members)},
    {.option = SCTPX_OPT_PRIMARY,
     .name = SCTP_PRIMARY_ADDR,
     .flags = OS_PRIMARY_FLAGS | OPTION_NEEDS_ASSOCIATION | OPTION_CHECK_ASSOCIATION,
     WITH_ADDRESS(sctp_setprim, ssp_assoc_id, ssp_addr),
     .encode = primary_encode},
    {.option = SCTPX_OPT_DISABLE_FRAGMENTS,
     .name = SCTP_DISABLE_FRAGMENTS,
     .flags = GET_SET,
     PLAIN(IPPROTO_SCTP),
     MEMBERS(on_members)},
    {.option = SCTPX_OPT_PATH_PARAMETERS,
     .name = SCTP_PEER_ADDR_PARAMS,
     .flags = GET_SET,
     WITH_ADDRESS(sctp_paddrparams, spp_assoc_id, spp_address),
     .get = path_get,
     .set = path_set},
#if OS_RFC6458
    {.option = SCTPX_OPT_MAX_SEGMENT,
     .name = SCTP_MAXSEG,
     .flags = GET_SET,
     STRUCT(sctp_assoc_value, offsetof(struct sctp_assoc_value, assoc_id)),
     MEMBERS(segment_members),
     .encode = segment_encode},
#endif
#ifdef SCTP_DELAYED_SACK
    {.option = SCTPX_OPT_DELAYED_SACK,
     .name = SCTP_DELAYED_SACK,
     .flags = GET_SET,
     STRUCT(sctp_sack_info, offsetof(struct sctp_sack_info, sack_assoc_id)),
     MEMBERS(sack_members)},
#endif
#ifdef SCTP_FRAGMENT_INTERLEAVE
    {.option = SCTPX_OPT_FRAGMENT_INTERLEAVE,
     .name = SCTP_FRAGMENT_INTERLEAVE,
     .flags = GET_SET,
     PLAIN(IPPROTO_SCTP),
     MEMBERS(bytes_members),
     OS_INTERLEAVE_SET},
#endif
#ifdef SCTP_FRAGMENT_INTERLEAVE
    {.option = SCTPX_OPT_PARTIAL_DELIVERY_POINT,
     .name = SCTP_PARTIAL_DELIVERY_POINT,
     .flags = GET_SET,
     PLAIN(IPPROTO_SCTP),
     MEMBERS(bytes_members)},
#endif
    {.option = SCTPX_OPT_DEFAULT_SEND,
#if OS_RFC6458
     .name = SCTP_DEFAULT_SNDINFO,
     STRUCT(sctp_sndinfo, offsetof(struct sctp_sndinfo, snd_assoc_id)),
#else
     .name = SCTP_DEFAULT_SEND_PARAM,
     STRUCT(sctp_sndrcvinfo, offsetof(struct sctp_sndrcvinfo, sinfo_assoc_id)),
#endif
     .flags = GET_SET,
     .get = send_get,
     .set = send_set},
    {.option = SCTPX_OPT_STATUS,
     .name = SCTP_STATUS,
     .flags = OPTION_GET | OPTION_NEEDS_ASSOCIATION,
     .level = IPPROTO_SCTP,
     .size = sizeof(struct sctp_status),
     .association = offsetof(struct sctp_status, sstat_assoc_id),
     .address = offsetof(struct sctp_status, sstat_primary) +
                offsetof(struct sctp_paddrinfo, spinfo_address),
     MEMBERS(status_members),
     .decode = status_decode},
    {.option = SCTPX_OPT_PATH_INFO,
     .name = SCTP_GET_PEER_ADDR_INFO,
     .flags =
         OPTION_GET | OPTION_NEEDS_ASSOCIATION | OPTION_NEEDS_ADDRESS | OPTION_CHECK_ASSOCIATION,
     WITH_ADDRESS(sctp_paddrinfo, spinfo_assoc_id, spinfo_address),
     MEMBERS(path_info_members),
     .decode = path_info_decode},
#ifdef SCTP_REMOTE_UDP_ENCAPS_PORT
    {.option = SCTPX_OPT_UDP_ENCAPSULATION,
     .name = SCTP_REMOTE_UDP_ENCAPS_PORT,
     .flags = GET_SET | OPTION_CHECK_ASSOCIATION | OPTION_FAMILY,
     WITH_ADDRESS(sctp_udpencaps, sue_assoc_id, sue_address),
     MEMBERS(encapsulation_members),
     .encode = encapsulation_encode},
#endif
    {.option = SCTPX_OPT_EVENT, .flags = GET_SET, .get = event_get, .set = event_set},
    {.option = SCTPX_OPT_REUSE_ADDRESS,
     .name = SO_REUSEADDR,
     .flags = GET_SET,
     PLAIN(SOL_SOCKET),
     MEMBERS(on_members)},
    {.option = SCTPX_OPT_V6_ONLY,
     .name = IPV6_V6ONLY,
     .flags = GET_SET,
     PLAIN(IPPROTO_IPV6),
     MEMBERS(on_members)},
};

const struct option_stack option_stack = {.rows = rows,
                                          .row_count = OPTION_COUNT(rows),
                                          .get = stack_get,
                                          .set = stack_set,
                                          .has_association = stack_has_association,
                                          .first_association = OS_FIRST_ASSOCIATION,
                                          .last_association = (uint32_t)LAST_ASSOCIATION,
                                          .family_always = OS_FAMILY_ALWAYS};
