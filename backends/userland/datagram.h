/* SPDX-License-Identifier: MIT */
/* The UDP sockets under usrsctp: their port, and the care they need. */
#ifndef SCTPX_USERLAND_DATAGRAM_H
#define SCTPX_USERLAND_DATAGRAM_H

#include <stdint.h>

/* A UDP port that is free in both families: `wanted`, or any for 0.  `sockets`
 * tells how many there will be.  The port, or an error. */
int datagram_port(uint16_t wanted, int *sockets);

/* usrsctp tells nobody that it could not open its sockets: whether so many, and
 * the list of them, can be had now.  0 or an errno. */
int datagram_affordable(int sockets);

/* Finds those that usrsctp has bound to `port`: no exec inherits them, their
 * buffers grow.  How many there are. */
int datagram_adopt(uint16_t port);

/* What each can hold at least. */
uint32_t datagram_room(void);

/* In a fork: lets go of the port. */
void datagram_close(void);

#endif
