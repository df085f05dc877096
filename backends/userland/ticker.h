/* SPDX-License-Identifier: MIT */
/* The one thread of ours.  usrsctp makes upcalls at the end of packets only,
 * so what its timers do is found by looking; and the reaper needs someone. */
#ifndef SCTPX_USERLAND_TICKER_H
#define SCTPX_USERLAND_TICKER_H

/* 0 or an errno. */
int ticker_start(void);

/* Ends the thread, and waits for that. */
void ticker_stop(void);

/* One descriptor or waiter more (1) or less (-1) to look after. */
void ticker_arm(int change);

/* Someone waits whom no upcall may wake: the next tick comes soon. */
void ticker_hurry(void);

/* There is something for the reaper. */
void ticker_wake(void);

#endif
