/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_NETINET_SCTP_H
#define SOLARIS_NETINET_SCTP_H

#include <sys/socket.h>
#include <sys/types.h>
#ifdef _STRICT_SYMBOLS
#include <netinet/in.h>
#endif

typedef int sctp_assoc_t;

/* Options */
#define SCTP_RTOINFO 1
#define SCTP_ASSOCINFO 2
#define SCTP_INITMSG 3
#define SCTP_NODELAY 4
#define SCTP_AUTOCLOSE 5
#define SCTP_SET_PEER_PRIMARY_ADDR 6
#define SCTP_PRIMARY_ADDR 7
#define SCTP_ADAPTATION_LAYER 8
#define SCTP_DISABLE_FRAGMENTS 9
#define SCTP_PEER_ADDR_PARAMS 10
#define SCTP_DEFAULT_SEND_PARAM 11
#define SCTP_EVENTS 12
#define SCTP_I_WANT_MAPPED_V4_ADDR 13
#define SCTP_MAXSEG 14
#define SCTP_STATUS 15
#define SCTP_GET_PEER_ADDR_INFO 16
#define SCTP_PRSCTP 23
#ifdef SOLARIS_ILLUMOS
#define SCTP_GET_ASSOC_STATS 24
#endif

/* Ancillary data */
#define SCTP_SNDRCV 0x100
#define SCTP_INIT 0x101

/* Flags of sinfo_flags */
#define MSG_UNORDERED 0x1
#define MSG_ABORT 0x2
#define MSG_EOF 0x4
#define MSG_ADDR_OVER 0x8
#define MSG_PR_SCTP 0x10

#define SCTP_BINDX_ADD_ADDR 1
#define SCTP_BINDX_REM_ADDR 2

/* States of an association; of a path */
#define SCTP_CLOSED (-5)
#define SCTP_BOUND (-4)
#define SCTP_LISTEN (-3)
#define SCTP_COOKIE_WAIT (-2)
#define SCTP_COOKIE_ECHOED (-1)
#define SCTP_ESTABLISHED 0
#define SCTP_SHUTDOWN_PENDING 1
#define SCTP_SHUTDOWN_SENT 2
#define SCTP_SHUTDOWN_RECEIVED 3
#define SCTP_SHUTDOWN_ACK_SENT 4
#define SCTP_INACTIVE 1
#define SCTP_ACTIVE 2

/* Notifications and what they tell */
#define SCTP_ASSOC_CHANGE 1
#define SCTP_PEER_ADDR_CHANGE 2
#define SCTP_REMOTE_ERROR 3
#define SCTP_SEND_FAILED 4
#define SCTP_SHUTDOWN_EVENT 5
#define SCTP_ADAPTATION_INDICATION 6
#define SCTP_PARTIAL_DELIVERY_EVENT 7
#define SCTP_COMM_UP 0
#define SCTP_COMM_LOST 1
#define SCTP_RESTART 2
#define SCTP_SHUTDOWN_COMP 3
#define SCTP_CANT_STR_ASSOC 4
#define SCTP_PRSCTP_CAPABLE 1
#define SCTP_ADDR_AVAILABLE 0
#define SCTP_ADDR_UNREACHABLE 1
#define SCTP_ADDR_REMOVED 2
#define SCTP_ADDR_ADDED 3
#define SCTP_ADDR_MADE_PRIM 4
#define SCTP_DATA_UNSENT 1
#define SCTP_DATA_SENT 2
#define SCTP_PARTIAL_DELIVERY_ABORTED 1

struct sctp_rtoinfo {
    sctp_assoc_t srto_assoc_id;
    uint32_t srto_initial;
    uint32_t srto_max;
    uint32_t srto_min;
};

struct sctp_assocparams {
    sctp_assoc_t sasoc_assoc_id;
    uint16_t sasoc_asocmaxrxt;
    uint16_t sasoc_number_peer_destinations;
    uint32_t sasoc_peer_rwnd;
    uint32_t sasoc_local_rwnd;
    uint32_t sasoc_cookie_life;
};

struct sctp_initmsg {
    uint16_t sinit_num_ostreams;
    uint16_t sinit_max_instreams;
    uint16_t sinit_max_attempts;
    uint16_t sinit_max_init_timeo;
};

struct sctp_setadaptation {
    uint32_t ssb_adaptation_ind;
};

struct sctp_sndrcvinfo {
    uint16_t sinfo_stream;
    uint16_t sinfo_ssn;
    uint16_t sinfo_flags;
    uint32_t sinfo_ppid;
    uint32_t sinfo_context;
    uint32_t sinfo_timetolive;
    uint32_t sinfo_tsn;
    uint32_t sinfo_cumtsn;
    sctp_assoc_t sinfo_assoc_id;
};

struct sctp_event_subscribe {
    uint8_t sctp_data_io_event;
    uint8_t sctp_association_event;
    uint8_t sctp_address_event;
    uint8_t sctp_send_failure_event;
    uint8_t sctp_peer_error_event;
    uint8_t sctp_shutdown_event;
    uint8_t sctp_partial_delivery_event;
    uint8_t sctp_adaptation_layer_event;
};

/* Storage is aligned to 8 on SPARC, and to 4 in these structs on x86. */
#ifndef __sparc
#pragma pack(push, 4)
#endif

struct sctp_setprim {
    sctp_assoc_t ssp_assoc_id;
    struct sockaddr_storage ssp_addr;
};

struct sctp_setpeerprim {
    sctp_assoc_t sspp_assoc_id;
    struct sockaddr_storage sspp_addr;
};

struct sctp_paddrparams {
    sctp_assoc_t spp_assoc_id;
    struct sockaddr_storage spp_address;
    uint32_t spp_hbinterval;
    uint16_t spp_pathmaxrxt;
};

struct sctp_paddrinfo {
    sctp_assoc_t spinfo_assoc_id;
    struct sockaddr_storage spinfo_address;
    int32_t spinfo_state;
    uint32_t spinfo_cwnd;
    uint32_t spinfo_srtt;
    uint32_t spinfo_rto;
    uint32_t spinfo_mtu;
};

struct sctp_status {
    sctp_assoc_t sstat_assoc_id;
    int32_t sstat_state;
    uint32_t sstat_rwnd;
    uint16_t sstat_unackdata;
    uint16_t sstat_penddata;
    uint16_t sstat_instrms;
    uint16_t sstat_outstrms;
    uint32_t sstat_fragmentation_point;
    struct sctp_paddrinfo sstat_primary;
};

struct sctp_paddr_change {
    uint16_t spc_type;
    uint16_t spc_flags;
    uint32_t spc_length;
    struct sockaddr_storage spc_aaddr;
    int spc_state;
    int spc_error;
    sctp_assoc_t spc_assoc_id;
};

#ifndef __sparc
#pragma pack(pop)
#endif

struct sctp_assoc_change {
    uint16_t sac_type;
    uint16_t sac_flags;
    uint32_t sac_length;
    uint16_t sac_state;
    uint16_t sac_error;
    uint16_t sac_outbound_streams;
    uint16_t sac_inbound_streams;
    sctp_assoc_t sac_assoc_id;
};

struct sctp_remote_error {
    uint16_t sre_type;
    uint16_t sre_flags;
    uint32_t sre_length;
    uint16_t sre_error;
    sctp_assoc_t sre_assoc_id;
};

struct sctp_send_failed {
    uint16_t ssf_type;
    uint16_t ssf_flags;
    uint32_t ssf_length;
    uint32_t ssf_error;
    struct sctp_sndrcvinfo ssf_info;
    sctp_assoc_t ssf_assoc_id;
};

struct sctp_shutdown_event {
    uint16_t sse_type;
    uint16_t sse_flags;
    uint16_t sse_length;
    sctp_assoc_t sse_assoc_id;
};

struct sctp_adaptation_event {
    uint16_t sai_type;
    uint16_t sai_flags;
    uint32_t sai_length;
    uint32_t sai_adaptation_ind;
    sctp_assoc_t sai_assoc_id;
};

struct sctp_pdapi_event {
    uint16_t pdapi_type;
    uint16_t pdapi_flags;
    uint32_t pdapi_length;
    uint32_t pdapi_indication;
    sctp_assoc_t pdapi_assoc_id;
};

union sctp_notification {
    struct {
        uint16_t sn_type;
        uint16_t sn_flags;
        uint32_t sn_length;
    } sn_header;
    struct sctp_assoc_change sn_assoc_change;
    struct sctp_paddr_change sn_paddr_change;
    struct sctp_remote_error sn_remote_error;
    struct sctp_send_failed sn_send_failed;
    struct sctp_shutdown_event sn_shutdown_event;
    struct sctp_adaptation_event sn_adaptation_event;
    struct sctp_pdapi_event sn_pdapi_event;
};

/* The manual page of SunOS 5.10 names its parameters and says void ** too. */
#ifdef SOLARIS_5_10
extern int sctp_getpaddrs(int sock, sctp_assoc_t id, void **addrs);
extern void sctp_freepaddrs(void *addrs);
#else
extern int sctp_getpaddrs(int, sctp_assoc_t, void **);
extern void sctp_freepaddrs(void *);
#endif
extern int sctp_bindx(int, void *, int, int);
extern int sctp_getladdrs(int, sctp_assoc_t, void **);
extern void sctp_freeladdrs(void *);
extern int sctp_opt_info(int, sctp_assoc_t, int, void *, socklen_t *);
extern int sctp_peeloff(int, sctp_assoc_t);
extern ssize_t sctp_recvmsg(int, void *, size_t, struct sockaddr *, socklen_t *, struct sctp_sndrcvinfo *, int *);
extern ssize_t sctp_send(int, const void *, size_t, const struct sctp_sndrcvinfo *, int);
extern ssize_t sctp_sendmsg(int, const void *, size_t, const struct sockaddr *, socklen_t, uint32_t, uint32_t,
                            uint16_t, uint32_t, uint32_t);

#ifdef SOLARIS_ORACLE
/* Named in its manual; their numbers are in no document, and nothing here shows them. */
extern int sctp_connectx(int, struct sockaddr *, int, sctp_assoc_t *);
extern ssize_t sctp_sendv(int, const struct iovec *, int, struct sockaddr *, int, void *, socklen_t, unsigned int, int);
extern ssize_t sctp_recvv(int, const struct iovec *, int, struct sockaddr *, socklen_t *, void *, socklen_t *,
                          unsigned int *, int *);
#endif

#endif
