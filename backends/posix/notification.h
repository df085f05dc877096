/* SPDX-License-Identifier: MIT */
/*
 * Notifications out of a table: the stacks share their head and the way to
 * find what one is; numbers, structs and values are each backend's own.
 */
#ifndef SCTPX_POSIX_NOTIFICATION_H
#define SCTPX_POSIX_NOTIFICATION_H

#include <stddef.h>
#include <stdint.h>

#include "sctpx.h"

struct notification_header {
    uint16_t type;
    uint16_t flags;
    uint32_t length;
};

/* Decodes `length` bytes at `raw`, whose header holds and which are at least
 * as long as the kind's size; below zero when a member has a value unknown
 * here. */
typedef int notification_decode(const uint8_t *raw, uint32_t length,
                                struct sctpx_notification *out);

struct notification_kind {
    uint16_t native;
    uint32_t event; /* enum sctpx_event; its first row is the one to subscribe to */
    size_t size;    /* of the part that must be there */
    notification_decode *decode;
    uint8_t length_bytes; /* of its own length; 0: 4 */
};

/* Each backend defines these. */
extern const struct notification_kind notification_kinds[];
extern const size_t notification_kind_count;

/* The stack's number of an enum sctpx_event, or -1. */
int event_native(int64_t event);

/* Of a stream reconfiguration, by the flags that all stacks give it. */
uint32_t notification_outcome(uint16_t flags);

/*
 * Some stacks mark what is there of a message as its end when its association
 * is aborted, and put the news that its delivery was aborted (to which every
 * socket is subscribed) right behind it.  If `raw` is that news, the piece
 * before it has no end.
 */
void notification_unend(const void *raw, uint32_t length, struct sctpx_received *before);

static inline void notification_data(struct sctpx_notification *out, size_t offset, uint32_t length)
{
    out->data_offset = (uint32_t)offset;
    out->data_length = length - (uint32_t)offset;
}

#endif
