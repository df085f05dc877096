/* SPDX-License-Identifier: MIT */
/* FreeBSD, for backends/posix/kernel: the meanings are in os_hooks.h there. */
#ifndef SCTPX_FREEBSD_OS_H
#define SCTPX_FREEBSD_OS_H

#include <sys/types.h>

#include <sys/socket.h>
#include <sys/uio.h>

#include <netinet/in.h>
#include <netinet/sctp.h>

#define OS_KEEPS_STATE 0
/* 0 to 2 are FUTURE, CURRENT and ALL. */
#define OS_FIRST_ASSOCIATION 3
#define OS_PEELED_IS_MANY 0
#define OS_CONNECTING_SHOWS 1
#define OS_ABORTS_ONE_TO_ONE 1
#define OS_ABORT_WANTS_ROOM 1
#define OS_FINDS_BY_SEARCH 0
#define OS_MANY_IS_NOT_CONNECTED 0
#define OS_NO_PORT EADDRINUSE
#define OS_PORT_OF_FIRST 1
#define OS_ACCEPT4 1

#define OS_RFC6458 1
#define OS_EXPLICIT_EOR 1
/* The C library's sendmmsg is a loop, and so is the shim's. */
#define OS_BATCHES 0
#define OS_ABORTED_LOOKS_WHOLE 1
#define OS_SEND_FLAGS (MSG_NOSIGNAL | MSG_DONTWAIT)
#define OS_RECEIVE_FLAGS MSG_DONTWAIT
#define OS_UNORDERED SCTP_UNORDERED
#define OS_ADDR_OVER SCTP_ADDR_OVER
#define OS_SACK_NOW SCTP_SACK_IMMEDIATELY
#define OS_SEND_ALL SCTP_SENDALL
#define OS_EOF SCTP_EOF
#define OS_ABORT SCTP_ABORT
#define OS_POLICY_BITS 0xfu
#define OS_NEXT_COMPLETE SCTP_COMPLETE
#define OS_NEXT_NOTIFICATION SCTP_NOTIFICATION

#define OS_CAUSE(x) (x)
#define OS_INDICATION(x) (x)
#define OS_ASSOC_CHANGE_SIZE offsetof(struct sctp_assoc_change, sac_info)
#define OS_REMOTE_ERROR_SIZE ((uint32_t)offsetof(struct sctp_remote_error, sre_data))
/* The headers of chunk and cause, which other stacks leave out. */
#define OS_REMOTE_ERROR_HEADERS 8u
#define OS_PATH_EVENTS                                                                             \
    {SCTPX_PATH_EVENT_AVAILABLE, SCTP_ADDR_AVAILABLE},                                             \
        {SCTPX_PATH_EVENT_UNREACHABLE, SCTP_ADDR_UNREACHABLE},                                     \
        {SCTPX_PATH_EVENT_REMOVED, SCTP_ADDR_REMOVED}, {SCTPX_PATH_EVENT_ADDED, SCTP_ADDR_ADDED},  \
        {SCTPX_PATH_EVENT_MADE_PRIMARY, SCTP_ADDR_MADE_PRIM},                                      \
    {                                                                                              \
        SCTPX_PATH_EVENT_CONFIRMED, SCTP_ADDR_CONFIRMED                                            \
    }
#define OS_PARTIAL_NAMES_STREAM 1
#define OS_FAILED(member) ssfe_##member
#define OS_FAILED_CAUSE(x) (x)
/* Of what was sent the flags are the chunk's, else the send's own; the two
 * share no bits. */
#define OS_FAILED_UNORDERED(chunk) (SCTP_UNORDERED | (chunk))
#define OS_FAILED_IS_WHOLE 0
#define OS_AUTHENTICATION_EVENT SCTP_AUTHENTICATION_EVENT

#define OS_ASSOCIATION_STATES                                                                      \
    {SCTPX_STATE_CLOSED, SCTP_CLOSED}, {SCTPX_STATE_BOUND, SCTP_BOUND},                            \
        {SCTPX_STATE_LISTEN, SCTP_LISTEN}, {SCTPX_STATE_COOKIE_WAIT, SCTP_COOKIE_WAIT},            \
        {SCTPX_STATE_COOKIE_ECHOED, SCTP_COOKIE_ECHOED},                                           \
        {SCTPX_STATE_ESTABLISHED, SCTP_ESTABLISHED},                                               \
        {SCTPX_STATE_SHUTDOWN_PENDING, SCTP_SHUTDOWN_PENDING},                                     \
        {SCTPX_STATE_SHUTDOWN_SENT, SCTP_SHUTDOWN_SENT},                                           \
        {SCTPX_STATE_SHUTDOWN_RECEIVED, SCTP_SHUTDOWN_RECEIVED},                                   \
    {                                                                                              \
        SCTPX_STATE_SHUTDOWN_ACK_SENT, SCTP_SHUTDOWN_ACK_SENT                                      \
    }
#define OS_PRIMARY_FLAGS (OPTION_GET | OPTION_SET)
#define OS_FAMILY_ALWAYS 1
#define OS_PATH_FLAGS 1
#define OS_DISCOVERY_ENDS_WITH_MTU 1
#define OS_HEARTBEAT_NAMES_PATH 1
#define OS_SEGMENTS_ARE_WORDS 1
#define OS_BUFFERS_ARE_DOUBLED 0
#define OS_EVENTS_TOGETHER 0
#define OS_INTERLEAVE_SET .set = NULL

#endif
