/* SPDX-License-Identifier: MIT */
/* EVENT: one subscription, of a socket or of one association. */
#ifndef SCTPX_USERLAND_EVENT_OPTION_H
#define SCTPX_USERLAND_EVENT_OPTION_H

#include <stdint.h>

#include "posix/slot.h"
#include "sctpx.h"

int event_option_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t size);
int event_option_set(struct slot *slot, const struct sctpx_option *option, const void *list,
                     uint32_t size);

#endif
