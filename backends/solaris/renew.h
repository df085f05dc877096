/* SPDX-License-Identifier: MIT */
/* A new one-to-one socket in the place of one that cannot connect any more. */
#ifndef SCTPX_SOLARIS_RENEW_H
#define SCTPX_SOLARIS_RENEW_H

#include "posix/kernel/kernel.h"

/* Before the first connect(): keeps where the socket is bound, if it is. */
void renew_remember(struct slot *slot);
void renew_forget(struct slot *slot);

/* The descriptor's number stays; 0, or -1 and an errno. */
int renew(struct slot *slot);

#endif
