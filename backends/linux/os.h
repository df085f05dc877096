/* SPDX-License-Identifier: MIT */
/* Linux, for backends/posix/kernel: the meanings are in os_hooks.h there. */
#ifndef SCTPX_LINUX_OS_H
#define SCTPX_LINUX_OS_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "linux/compat.h"

#define OS_KEEPS_STATE 0
/* 0 to 2 are FUTURE, CURRENT and ALL. */
#define OS_FIRST_ASSOCIATION 3
#define OS_PEELED_IS_MANY 1
#define OS_CONNECTING_SHOWS 0
#define OS_ABORTS_ONE_TO_ONE 0
#define OS_ABORT_WANTS_ROOM 0
#define OS_FINDS_BY_SEARCH 0
#define OS_MANY_IS_NOT_CONNECTED 0
#define OS_NO_PORT EAGAIN
#define OS_PORT_OF_FIRST 0
#define OS_ACCEPT4 1

#define OS_RFC6458 1
#define OS_EXPLICIT_EOR 0
#define OS_BATCHES 1
#define OS_ABORTED_LOOKS_WHOLE 0
#define OS_SEND_FLAGS (MSG_NOSIGNAL | MSG_DONTWAIT)
#define OS_RECEIVE_FLAGS (MSG_NOSIGNAL | MSG_DONTWAIT)
#define OS_UNORDERED SCTP_UNORDERED
#define OS_ADDR_OVER SCTP_ADDR_OVER
#define OS_SACK_NOW SCTP_SACK_IMMEDIATELY
#define OS_SEND_ALL SCTP_SENDALL
#define OS_EOF SCTP_EOF
#define OS_ABORT SCTP_ABORT
#define OS_POLICY_BITS (SCTP_PR_SCTP_TTL | SCTP_PR_SCTP_RTX | SCTP_PR_SCTP_PRIO)
#define OS_NEXT_COMPLETE 0
#define OS_NEXT_NOTIFICATION SCTP_NOTIFICATION

#define OS_CAUSE(x) ntohs(x)
#define OS_INDICATION(x) (x)
#define OS_ASSOC_CHANGE_SIZE offsetof(struct sctp_assoc_change, sac_info)
#define OS_REMOTE_ERROR_SIZE ((uint32_t)offsetof(struct sctp_remote_error, sre_data))
#define OS_REMOTE_ERROR_HEADERS 0u
#define OS_PATH_EVENTS                                                                             \
    {SCTPX_PATH_EVENT_AVAILABLE, SCTP_ADDR_AVAILABLE},                                             \
        {SCTPX_PATH_EVENT_UNREACHABLE, SCTP_ADDR_UNREACHABLE},                                     \
        {SCTPX_PATH_EVENT_REMOVED, SCTP_ADDR_REMOVED}, {SCTPX_PATH_EVENT_ADDED, SCTP_ADDR_ADDED},  \
        {SCTPX_PATH_EVENT_MADE_PRIMARY, SCTP_ADDR_MADE_PRIM},                                      \
        {SCTPX_PATH_EVENT_CONFIRMED, SCTP_ADDR_CONFIRMED},                                         \
    {                                                                                              \
        SCTPX_PATH_EVENT_POTENTIALLY_FAILED, SCTP_ADDR_POTENTIALLY_FAILED                          \
    }
#define OS_PARTIAL_NAMES_STREAM 1
#define OS_FAILED(member) ssf_##member
#define OS_FAILED_CAUSE(x) ntohs((uint16_t)(x))
#define OS_FAILED_UNORDERED(chunk) (chunk)
#define OS_FAILED_IS_WHOLE 0
#define OS_AUTHENTICATION_EVENT SCTP_AUTHENTICATION_INDICATION

#define OS_ASSOCIATION_STATES                                                                      \
    {SCTPX_STATE_CLOSED, SCTP_EMPTY}, {SCTPX_STATE_CLOSED, SCTP_CLOSED},                           \
        {SCTPX_STATE_COOKIE_WAIT, SCTP_COOKIE_WAIT},                                               \
        {SCTPX_STATE_COOKIE_ECHOED, SCTP_COOKIE_ECHOED},                                           \
        {SCTPX_STATE_ESTABLISHED, SCTP_ESTABLISHED},                                               \
        {SCTPX_STATE_SHUTDOWN_PENDING, SCTP_SHUTDOWN_PENDING},                                     \
        {SCTPX_STATE_SHUTDOWN_SENT, SCTP_SHUTDOWN_SENT},                                           \
        {SCTPX_STATE_SHUTDOWN_RECEIVED, SCTP_SHUTDOWN_RECEIVED},                                   \
    {                                                                                              \
        SCTPX_STATE_SHUTDOWN_ACK_SENT, SCTP_SHUTDOWN_ACK_SENT                                      \
    }
#define OS_PRIMARY_FLAGS (OPTION_GET | OPTION_SET)
#define OS_FAMILY_ALWAYS 0
#define OS_PATH_FLAGS 1
#define OS_DISCOVERY_ENDS_WITH_MTU 0
#define OS_HEARTBEAT_NAMES_PATH 0
#define OS_SEGMENTS_ARE_WORDS 0
#define OS_BUFFERS_ARE_DOUBLED 1
#define OS_EVENTS_TOGETHER 0
#define OS_INTERLEAVE_SET .set = interleave_set

#endif
