/* SPDX-License-Identifier: MIT */
/* Steps of binding, for the systems' own os_bindx. */
#ifndef SCTPX_POSIX_KERNEL_BIND_H
#define SCTPX_POSIX_KERNEL_BIND_H

#include "posix/slot.h"

/* The port that a descriptor is bound to, 0: none; or minus a symbol. */
int bind_port(const struct slot *slot, int descriptor);

/* bind() to the first of a packed list; 0 or minus a symbol. */
int bind_one(const struct slot *slot, int descriptor, const void *packed);

#endif
