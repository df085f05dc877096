/* SPDX-License-Identifier: MIT */
/*
 * Sending a message in parts, where the stack has explicit ends of records: it
 * then takes in as much of a part as there is room for.  How far is kept, and
 * the same part, tried again, goes on from there.
 */
#ifndef SCTPX_POSIX_PART_H
#define SCTPX_POSIX_PART_H

#include <stdint.h>
#include <sys/types.h>

struct part {
    int64_t association;
    uint16_t stream;
    uint32_t length;
    uint32_t sent; /* 0: none */
};

/* Sends some of it; its length, or -1 and an errno. */
typedef ssize_t part_sender(void *context, const uint8_t *data, uint32_t length);

/* `length` when all of it has gone; else -1 and an errno, EWOULDBLOCK where the
 * rest is to be tried again. */
ssize_t part_send(struct part *part, int64_t association, uint16_t stream, const uint8_t *data,
                  uint32_t length, part_sender *sender, void *context);

#endif
