/* SPDX-License-Identifier: MIT */
/* A peer that came back on its addresses within the association. */
#ifndef SCTPX_USERLAND_RESTART_H
#define SCTPX_USERLAND_RESTART_H

#include <stddef.h>

#include "posix/slot.h"

/* To be shown each notification that came in. */
void restart_look(struct slot *slot, const void *notification, size_t length);

#endif
