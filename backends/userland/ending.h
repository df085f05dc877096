/* SPDX-License-Identifier: MIT */
/* What the reaper asks and tells the stack of a closed socket's associations. */
#ifndef SCTPX_USERLAND_ENDING_H
#define SCTPX_USERLAND_ENDING_H

#include <stdint.h>

struct socket;

/* Whether there is user data to be read; drops notifications before it. */
int ending_unread(struct socket *so);

/* Drops what is there to read, as far as that is safe, and not without end. */
void ending_drain(struct socket *so, int one_to_one);

/* How many associations there still are. */
uint32_t ending_left(struct socket *so, int one_to_one);

/* Whether there are any, and none of them is up yet. */
int ending_before_up(struct socket *so, int one_to_one);

/* Tells all of them SCTP_EOF or SCTP_ABORT; 1 when it is to be told again. */
int ending_tell(struct socket *so, int one_to_one, uint16_t how);

/* Closes it with an ABORT for what is left.  usrsctp frees the socket twice
 * when a packet for that comes in at this very moment: nothing is closed so
 * that can be aborted. */
void ending_force(struct socket *so);

#endif
