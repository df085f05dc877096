/* SPDX-License-Identifier: MIT */
/*
 * usrsctp opens raw SCTP sockets wherever it may, UDP port or not, and would
 * then answer the packets of a kernel's SCTP.  It may not here.
 */
#ifndef SCTPX_USERLAND_PRIVILEGE_H
#define SCTPX_USERLAND_PRIVILEGE_H

#include <stdint.h>

struct privilege {
    uint32_t effective[2];
    int dropped;
};

/* Takes the right to open raw sockets from the calling thread, and from those
 * that it makes.  0, or an errno when that cannot be done here. */
int privilege_drop(struct privilege *privilege);
void privilege_restore(const struct privilege *privilege);

#endif
