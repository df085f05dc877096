/* SPDX-License-Identifier: MIT */
/* illumos and Oracle's Solaris, for backends/posix/kernel: the meanings are in
 * os_hooks.h there.  In what they differ is found when they are built
 * (SCTPX_HAVE_..., build_ffi.py), or by a macro of their headers. */
#ifndef SCTPX_SOLARIS_OS_H
#define SCTPX_SOLARIS_OS_H

/* Without these struct msghdr is the one of old, which has no ancillary data. */
#if defined(_SYS_FEATURE_TESTS_H) && !defined(_XPG4_2)
#error "os.h comes before the system's headers"
#endif
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 600
#endif
#ifndef __EXTENSIONS__
#define __EXTENSIONS__ 1
#endif

#include <sys/types.h>

#include <netinet/in.h>
#include <netinet/sctp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "solaris/compat.h"

struct attempts;

struct os_state {
    struct sctp_event_subscribe wanted; /* of the socket */
    struct sctp_event_subscribe single; /* of some association of it */
    _Atomic sctp_assoc_t highest;       /* id that was seen */
    struct attempts *attempts;          /* connecting, to each address in turn */
    int spent;                          /* a connect() was tried */
    void *locals;                       /* where it was bound before that */
    uint32_t local_count;
};

#define OS_KEEPS_STATE 1
#define OS_FIRST_ASSOCIATION 1
#define OS_PEELED_IS_MANY 0
#define OS_CONNECTING_SHOWS 1
/* The manual says no, the kernel does it: no is what can be relied on. */
#define OS_ABORTS_ONE_TO_ONE 0
#define OS_ABORT_WANTS_ROOM 0
#define OS_FINDS_BY_SEARCH 1
#define OS_MANY_IS_NOT_CONNECTED 1
#define OS_NO_PORT EADDRINUSE
#define OS_PORT_OF_FIRST 1
#ifdef SCTPX_HAVE_ACCEPT4
#define OS_ACCEPT4 1
#else
#define OS_ACCEPT4 0
#endif

#ifdef SCTPX_HAVE_RFC6458_CMSGS
#define OS_RFC6458 1
#else
#define OS_RFC6458 0
#endif
#define OS_EXPLICIT_EOR 0
#define OS_BATCHES 0
#define OS_ABORTED_LOOKS_WHOLE 0
#ifdef MSG_NOSIGNAL
#define OS_SEND_FLAGS (MSG_NOSIGNAL | MSG_DONTWAIT)
#else
#define OS_SEND_FLAGS MSG_DONTWAIT
#endif
#define OS_RECEIVE_FLAGS MSG_DONTWAIT

#ifdef MSG_UNORDERED
#define OS_UNORDERED MSG_UNORDERED
#define OS_ADDR_OVER MSG_ADDR_OVER
#define OS_EOF MSG_EOF
#define OS_ABORT MSG_ABORT
#else
#define OS_UNORDERED SCTP_UNORDERED
#define OS_ADDR_OVER SCTP_ADDR_OVER
#define OS_EOF SCTP_EOF
#define OS_ABORT SCTP_ABORT
#endif
#ifdef SCTP_SACK_IMMEDIATELY
#define OS_SACK_NOW SCTP_SACK_IMMEDIATELY
#else
#define OS_SACK_NOW 0
#endif
#ifdef SCTP_SENDALL
#define OS_SEND_ALL SCTP_SENDALL
#else
#define OS_SEND_ALL 0
#endif
/* Policies stand beside the flags, or there is but the one of lifetimes. */
#if OS_RFC6458 || !defined(MSG_PR_SCTP)
#define OS_POLICY_BITS 0
#else
#define OS_POLICY_BITS MSG_PR_SCTP
#endif
#ifdef SCTP_COMPLETE
#define OS_NEXT_COMPLETE SCTP_COMPLETE
#else
#define OS_NEXT_COMPLETE 0
#endif
#ifdef SCTP_NOTIFICATION
#define OS_NEXT_NOTIFICATION SCTP_NOTIFICATION
#else
#define OS_NEXT_NOTIFICATION 0
#endif

#define OS_CAUSE(x) (x)
#define OS_INDICATION(x) ntohl(x)
#define OS_ASSOC_CHANGE_SIZE sizeof(struct sctp_assoc_change)
#define OS_REMOTE_ERROR_SIZE ((uint32_t)sizeof(struct sctp_remote_error))
#define OS_REMOTE_ERROR_HEADERS 0u
#ifdef SCTP_ADDR_CONFIRMED
#define OS_PATH_CONFIRMED                                                                          \
    ,                                                                                              \
    {                                                                                              \
        SCTPX_PATH_EVENT_CONFIRMED, SCTP_ADDR_CONFIRMED                                            \
    }
#else
#define OS_PATH_CONFIRMED
#endif
/* clang-format off */
#define OS_PATH_EVENTS                                                                             \
    {SCTPX_PATH_EVENT_AVAILABLE, SCTP_ADDR_AVAILABLE},                                             \
    {SCTPX_PATH_EVENT_UNREACHABLE, SCTP_ADDR_UNREACHABLE},                                         \
    {SCTPX_PATH_EVENT_REMOVED, SCTP_ADDR_REMOVED},                                                 \
    {SCTPX_PATH_EVENT_ADDED, SCTP_ADDR_ADDED},                                                     \
    {SCTPX_PATH_EVENT_MADE_PRIMARY, SCTP_ADDR_MADE_PRIM} OS_PATH_CONFIRMED
/* clang-format on */
#define OS_PARTIAL_NAMES_STREAM 0
#define OS_FAILED(member) ssfe_##member
#define OS_FAILED_CAUSE(x) (x)
#define OS_FAILED_UNORDERED(chunk) OS_UNORDERED
#define OS_FAILED_IS_WHOLE 1
#ifdef SCTP_AUTHENTICATION_EVENT
#define OS_AUTHENTICATION_EVENT SCTP_AUTHENTICATION_EVENT
#endif

/* Below zero until it is up. */
/* clang-format off */
#define OS_ASSOCIATION_STATES                                                                      \
    {SCTPX_STATE_CLOSED, SCTP_CLOSED}, {SCTPX_STATE_BOUND, SCTP_BOUND},                            \
    {SCTPX_STATE_LISTEN, SCTP_LISTEN}, {SCTPX_STATE_COOKIE_WAIT, SCTP_COOKIE_WAIT},                \
    {SCTPX_STATE_COOKIE_ECHOED, SCTP_COOKIE_ECHOED},                                               \
    {SCTPX_STATE_ESTABLISHED, SCTP_ESTABLISHED},                                                   \
    {SCTPX_STATE_SHUTDOWN_PENDING, SCTP_SHUTDOWN_PENDING},                                         \
    {SCTPX_STATE_SHUTDOWN_SENT, SCTP_SHUTDOWN_SENT},                                               \
    {SCTPX_STATE_SHUTDOWN_RECEIVED, SCTP_SHUTDOWN_RECEIVED},                                       \
    {SCTPX_STATE_SHUTDOWN_ACK_SENT, SCTP_SHUTDOWN_ACK_SENT}
/* clang-format on */
#define OS_PRIMARY_FLAGS OPTION_SET
#define OS_FAMILY_ALWAYS 0
#define OS_PATH_FLAGS 0
#define OS_SEGMENTS_ARE_WORDS 0
#define OS_BUFFERS_ARE_DOUBLED 0
#define OS_INTERLEAVE_SET .set = NULL
#define OS_EVENTS_TOGETHER 1

#endif
