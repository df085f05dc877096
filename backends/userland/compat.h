/* SPDX-License-Identifier: MIT */
/*
 * usrsctp.h and what it lacks or has wrong.  The library is built from the
 * same sources as FreeBSD's kernel SCTP and accepts more than its public
 * header names.
 */
#ifndef SCTPX_USERLAND_COMPAT_H
#define SCTPX_USERLAND_COMPAT_H

#include <stdint.h>
#include <sys/types.h>

#include <usrsctp.h>

/* The header says two uint32_t before the id; the library fills this. */
struct partial_delivery_event {
    uint16_t type;
    uint16_t flags;
    uint32_t length;
    uint32_t indication;
    uint16_t stream;
    uint16_t ssn;
    sctp_assoc_t association;
};

/* Absent from the header; the library has always known it. */
#ifndef SCTP_GET_SNDBUF_USE
#define SCTP_GET_SNDBUF_USE 0x1101
struct sctp_sockstat {
    sctp_assoc_t ss_assoc_id;
    uint32_t ss_total_sndbuf;
    uint32_t ss_total_recv_buf;
};
#endif

/* The same. */
#ifndef SCTP_PCB_STATUS
#define SCTP_PCB_STATUS 0x1104
struct sctp_pcbinfo {
    uint32_t counts[8];
};
#endif

#ifndef SCTP_PLUGGABLE_CC
#define SCTP_PLUGGABLE_CC 0x1202
#endif

/* SCTP_SEND_FAILED, deprecated and absent from the header: the message's
 * extended receive information lies between the error and the id. */
#ifndef SCTP_SEND_FAILED_INFO_SIZE
#define SCTP_SEND_FAILED_INFO_SIZE 128
#endif

struct old_send_failed_event {
    uint16_t type;
    uint16_t flags;
    uint32_t length;
    uint32_t error;
    uint16_t stream;
    uint16_t ssn;
    uint16_t info_flags;
    uint32_t ppid;
    uint32_t context;
    uint8_t rest[SCTP_SEND_FAILED_INFO_SIZE - 16];
    sctp_assoc_t association;
};

/* Linux only; elsewhere the sockets of the pair cannot raise it. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

#endif
