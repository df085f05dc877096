/* SPDX-License-Identifier: MIT */
/* usrsctp takes every path for an Ethernet.  Over the loopback interface a
 * larger packet moves three times as much. */
#ifndef SCTPX_USERLAND_PATH_MTU_H
#define SCTPX_USERLAND_PATH_MTU_H

#include <stdint.h>

#include "posix/slot.h"

/* An association takes the endpoint's value when it begins and never raises
 * it again: so it is decided where an endpoint can only have peers on this
 * host, when it is bound, and by the list of peers before connecting. */
void path_mtu_bound(struct slot *slot, const struct sctpx_address *list, uint32_t count);

/* 1 if path_mtu_connected must put the endpoint's value back. */
int path_mtu_connecting(struct slot *slot, const struct sctpx_address *list, uint32_t count);
void path_mtu_connected(struct slot *slot);

#endif
