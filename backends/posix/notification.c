/* SPDX-License-Identifier: MIT */
#include "posix/notification.h"

#include <string.h>

#define DENIED 4u
#define FAILED 8u

int event_native(int64_t event)
{
    size_t i;

    for (i = 0; i < notification_kind_count; i++)
        if (notification_kinds[i].event == event)
            return notification_kinds[i].native;
    return -1;
}

uint32_t notification_outcome(uint16_t flags)
{
    if ((flags & DENIED) != 0)
        return SCTPX_OUTCOME_DENIED;
    return (flags & FAILED) != 0 ? SCTPX_OUTCOME_FAILED : SCTPX_OUTCOME_DONE;
}

/* Of a type, or with a value in it, that is younger than the backend. */
static int decode_unknown(const struct notification_header *header, struct sctpx_notification *out)
{
    memset(out, 0, sizeof *out);
    out->event = SCTPX_EVENT_UNKNOWN;
    out->native_type = header->type;
    notification_data(out, sizeof *header, header->length);
    return 0;
}

int sctpx_notification_decode(const void *raw, uint32_t length, struct sctpx_notification *out)
{
    const struct notification_kind *kind = notification_kinds;
    const struct notification_kind *end = kind + notification_kind_count;
    struct notification_header header;

    if (raw == NULL || out == NULL || length < sizeof header)
        return -SCTPX_EINVAL;
    memcpy(&header, raw, sizeof header);
    if (header.length < sizeof header || header.length > length)
        return -SCTPX_EINVAL;
    while (kind < end && kind->native != header.type)
        kind++;
    if (kind == end)
        return decode_unknown(&header, out);
    if (header.length < kind->size)
        return -SCTPX_EINVAL;
    memset(out, 0, sizeof *out);
    out->event = kind->event;
    out->native_type = header.type;
    return kind->decode(raw, header.length, out) < 0 ? decode_unknown(&header, out) : 0;
}
