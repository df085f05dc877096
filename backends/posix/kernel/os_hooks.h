/* SPDX-License-Identifier: MIT */
/*
 * What every operating system must say for itself: these functions, and in its
 * os.h the headers and the following macros.
 *
 *   associations and sockets
 *   OS_KEEPS_STATE         1: there is a struct os_state, all 0 at first, in each slot
 *   OS_FIRST_ASSOCIATION   the lowest number that is an association's id
 *   OS_PEELED_IS_MANY      1: what was peeled off is one-to-many to the kernel
 *   OS_CONNECTING_SHOWS    1: a one-to-one association has a status while it comes up
 *   OS_ABORTS_ONE_TO_ONE   1: ABORT can be sent on one-to-one sockets
 *   OS_ABORT_WANTS_ROOM    1: ABORT is refused like a message when there is no room
 *   OS_FINDS_BY_SEARCH     1: an address alone does not find its association
 *   OS_MANY_IS_NOT_CONNECTED  1: receiving on a one-to-many socket without
 *                          associations is ENOTCONN, where others would block
 *   OS_NO_PORT             the errno of bind() when no port is free
 *   OS_PORT_OF_FIRST       1: addresses bound later need the first one's port
 *   OS_ACCEPT4             1: there is accept4
 *
 *   messages
 *   OS_RFC6458             1: SNDINFO, RCVINFO and their like; 0: SNDRCV alone
 *   OS_EXPLICIT_EOR        1: a message may be sent in parts
 *   OS_BATCHES             1: sendmmsg and recvmmsg are system calls
 *   OS_SEND_FLAGS, OS_RECEIVE_FLAGS   of every sendmsg and recvmsg
 *   OS_ABORTED_LOOKS_WHOLE 1: a message cut short by its association's end has an end too
 *   OS_UNORDERED, OS_ADDR_OVER, OS_SACK_NOW, OS_SEND_ALL, OS_EOF, OS_ABORT,
 *   OS_POLICY_BITS, OS_NEXT_COMPLETE, OS_NEXT_NOTIFICATION
 *                          bits of a message's flags; 0: there is none
 *
 *   notifications
 *   OS_CAUSE(x)            host order of a 16-bit error cause
 *   OS_INDICATION(x)       the same of an adaptation indication
 *   OS_ASSOC_CHANGE_SIZE, OS_REMOTE_ERROR_SIZE   up to what varies in length
 *   OS_REMOTE_ERROR_HEADERS   bytes of headers in front of the cause's own
 *   OS_PATH_EVENTS         rows of struct option_value: enum sctpx_path_event, native
 *   OS_PARTIAL_NAMES_STREAM   1: partial delivery tells stream and number
 *   OS_FAILED(x)           a member of struct sctp_send_failed_event
 *   OS_FAILED_CAUSE(x)     host order of a failed send's error
 *   OS_FAILED_UNORDERED(chunk)   its bits for "unordered", those of a chunk given
 *   OS_FAILED_IS_WHOLE     1: it tells of whole messages alone
 *   OS_AUTHENTICATION_EVENT   the type of authentication events; not defined where there are none
 *
 *   options
 *   OS_ASSOCIATION_STATES  rows of struct option_value: enum sctpx_association_state, native
 *   OS_PRIMARY_FLAGS       OPTION_GET, OPTION_SET
 *   OS_FAMILY_ALWAYS       1: some want a family even where there is no address
 *   OS_PATH_FLAGS          1: struct sctp_paddrparams has spp_flags
 *   OS_DISCOVERY_ENDS_WITH_MTU  1: only an MTU turns path MTU discovery off
 *   OS_HEARTBEAT_NAMES_PATH     1: a heartbeat now needs an address
 *   OS_SEGMENTS_ARE_WORDS       1: with a MAXSEG of less than a word nothing is ever sent
 *   OS_BUFFERS_ARE_DOUBLED      1: what is read of SO_SNDBUF is twice what was set
 *   OS_EVENTS_TOGETHER          1: subscriptions are one struct of the whole socket
 *   OS_INTERLEAVE_SET      what FRAGMENT_INTERLEAVE's row has besides, or nothing
 */
#ifndef SCTPX_POSIX_KERNEL_OS_HOOKS_H
#define SCTPX_POSIX_KERNEL_OS_HOOKS_H

#include "os.h"

#include <stdint.h>

#include "posix/slot.h"
#include "sctpx.h"

/* 0 and what kind of SCTP socket a descriptor is, or minus a symbol. */
int os_inspect(int descriptor, int *domain, int *type);

/* Turns on what the shim itself lives by; 0 or minus a symbol. */
int os_prepare(struct slot *slot);

/* Adds or removes all of a list, packed as address_list_pack does, or nothing;
 * 0 or minus a symbol. */
int os_bindx(struct slot *slot, int descriptor, void *packed, uint32_t count, int add);

/* Begins an association; 0 or -1 and an errno, EINPROGRESS among them. */
int os_connectx(struct slot *slot, void *packed, uint32_t count, sctp_assoc_t *id);

/* sctp_getpaddrs and its like, whatever the types are here. */
int os_getpaddrs(int descriptor, sctp_assoc_t id, void **packed);
int os_getladdrs(int descriptor, sctp_assoc_t id, void **packed);
void os_freepaddrs(void *packed);
void os_freeladdrs(void *packed);

/* Reads an option of level IPPROTO_SCTP; 0, or -1 and an errno. */
int os_option_get(int descriptor, sctp_assoc_t id, int name, void *value, socklen_t *size);

/* enum standing of sstat_state; enum sctpx_path_state of spinfo_state. */
int os_standing(int32_t state);
int os_path_state(int32_t state);

/* Microseconds of the numbers that STATUS and PATH_INFO report. */
int64_t os_status_srtt(int64_t native);
int64_t os_status_rto(int64_t native);
int64_t os_path_srtt(int64_t native);

/* The native number of an enum sctpx_policy, or minus a symbol. */
int os_policy(uint32_t policy);

/* What else must be done when a message is sent by a path of its own. */
int os_path_chosen(const struct slot *slot, int64_t association);

/* ABORT's bytes or extensions out of an association's notification. */
void os_association_info(const uint8_t *raw, uint32_t length, struct sctpx_notification *out);

/* sendmsg, which raises no SIGPIPE. */
ssize_t os_sendmsg(int descriptor, const struct msghdr *message, int flags);

/* A new descriptor, close-on-exec and non-blocking; -1 and an errno. */
int os_peeloff(int descriptor, sctp_assoc_t id);

/* What the kernel forgets to do to a descriptor that it accepted. */
void os_accepted(int descriptor);

/* The same where an association of a one-to-one socket has ended, and some call
 * has learned of it. */
void os_ended(int descriptor);

#if OS_KEEPS_STATE

/* What a new one-to-one socket has of the one it came out of. */
void os_inherit(struct slot *slot, const struct slot *parent);

/* An association's id has turned up. */
void os_seen(struct slot *slot, int64_t association);

/* Connecting has failed: 0 when another attempt is under way, else the errno
 * to tell. */
int os_next_attempt(struct slot *slot, int problem);

/* Makes a one-to-one socket that is connecting a fresh one; 0, or -1. */
int os_abandon(struct slot *slot);

/* The last user has left. */
void os_release(struct slot *slot);

#else

static inline void os_inherit(struct slot *slot, const struct slot *parent)
{
    (void)slot;
    (void)parent;
}

static inline void os_seen(struct slot *slot, int64_t association)
{
    (void)slot;
    (void)association;
}

static inline int os_next_attempt(struct slot *slot, int problem)
{
    (void)slot;
    return problem;
}

static inline int os_abandon(struct slot *slot)
{
    (void)slot;
    return -1;
}

static inline void os_release(struct slot *slot)
{
    (void)slot;
}

#endif

#endif
