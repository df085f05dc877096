/* SPDX-License-Identifier: MIT */
#include "posix/part.h"

#include <errno.h>

ssize_t part_send(struct part *part, int64_t association, uint16_t stream, const uint8_t *data,
                  uint32_t length, part_sender *sender, void *context)
{
    ssize_t sent;

    if (part->association != association || part->stream != stream || part->length != length)
        part->sent = 0;
    part->association = association;
    part->stream = stream;
    part->length = length;
    sent = sender(context, data + part->sent, length - part->sent);
    if (sent > 0)
        part->sent += (uint32_t)sent;
    if (sent > 0 && part->sent < length) {
        errno = EWOULDBLOCK;
        return -1;
    }
    if (sent < 0 && errno == EWOULDBLOCK)
        return -1;
    part->sent = 0;
    return sent > 0 ? (ssize_t)length : -1;
}
