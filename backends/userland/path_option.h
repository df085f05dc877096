/* SPDX-License-Identifier: MIT */
/* PATH_PARAMETERS: one struct, of which flags say what is meant. */
#ifndef SCTPX_USERLAND_PATH_OPTION_H
#define SCTPX_USERLAND_PATH_OPTION_H

#include <stdint.h>

#include "posix/slot.h"
#include "sctpx.h"

int path_option_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t size);
int path_option_set(struct slot *slot, const struct sctpx_option *option, const void *list,
                    uint32_t size);

#endif
