/* SPDX-License-Identifier: MIT */
/* Subscriptions of a whole socket. */
#ifndef SCTPX_SOLARIS_EVENTS_H
#define SCTPX_SOLARIS_EVENTS_H

#include "posix/slot.h"

/* Tells the descriptor what the slot has subscribed to; 0 or an errno. */
int events_apply(const struct slot *slot);

#endif
