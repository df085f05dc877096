/* SPDX-License-Identifier: MIT */
#ifndef SCTPX_USERLAND_NOTIFICATION_H
#define SCTPX_USERLAND_NOTIFICATION_H

#include <stdint.h>

/* usrsctp's number of an enum sctpx_event, or -1. */
int event_native(int64_t event);

#endif
