/* SPDX-License-Identifier: MIT */
/* What usrsctp has once a process: its threads, its UDP port, its sockets. */
#ifndef SCTPX_USERLAND_PROCESS_H
#define SCTPX_USERLAND_PROCESS_H

#include <stdint.h>

/* 0 when sockets can be made; -SCTPX_EFORKED in a fork, -SCTPX_EPROTONOSUPPORT
 * before sctpx_start and after sctpx_exit. */
int process_usable(void);

/* No further sockets; the ticker has stopped. */
void process_end(void);

uint16_t process_peer_port(void);

/* What the UDP sockets were granted: an SCTP receive buffer above it makes the
 * peer send faster than they hold, and every loss costs a second. */
uint32_t process_receive_limit(void);

/* Starts a thread that no signal is delivered to.  0 or an errno. */
int process_thread(void *(*body)(void *));

#endif
