/* SPDX-License-Identifier: MIT */
/*
 * Closing.  usrsctp_close under traffic frees a socket twice, and answers an
 * unread notification with an ABORT.  So a closed socket goes to a list; its
 * associations are shut down, or aborted where user data was left unread, as
 * kernels do; and only when they are gone is the socket closed.
 */
#ifndef SCTPX_USERLAND_REAPER_H
#define SCTPX_USERLAND_REAPER_H

#include <stdint.h>

#include "posix/slot.h"

struct grave;
struct socket;

/* Made together with the socket.  NULL: no memory. */
struct grave *reaper_grave(void);
void reaper_grave_free(struct grave *grave);

/* Takes the socket over from the slot, which is being released. */
void reaper_bury(struct grave *grave, struct socket *so, const struct slot *slot);

/* Before closing: the caller wants to wait, and after `patience` ns what is
 * left is aborted.  Afterwards: waits until it is done; -SCTPX_EINTR when a
 * signal came, or may have.  The grave is then nobody's, and its handle the
 * way to wait on: 0, -SCTPX_EINTR, or -SCTPX_ECLOSED when it is gone. */
void reaper_watch(struct grave *grave, int64_t handle, int64_t patience);
int reaper_linger(struct grave *grave);
int reaper_linger_on(int64_t handle);

/* A millisecond, or until a signal. */
void reaper_pause(void);

/* One round; 1 while there is more to do. */
int reaper_work(void);

/* A moment for what was closed before the first call and is only waiting to be
 * freed, but holds ports; by and by also for what was aborted.  0: it is no use
 * to wait longer.  All 0 at first. */
struct settling {
    int64_t began;
    uint64_t last;
    int hastened;
};
int reaper_settle(struct settling *settling);

/* Waits until everything is delivered or the deadline passes; aborts the rest.
 * The number of associations aborted. */
int reaper_finish(int64_t deadline);

#endif
