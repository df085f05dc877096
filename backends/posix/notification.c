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

static const struct notification_kind *kind_of(uint16_t type)
{
    size_t i;

    for (i = 0; i < notification_kind_count; i++)
        if (notification_kinds[i].native == type)
            return &notification_kinds[i];
    return NULL;
}

/* Where it is a 16-bit number, what follows it is no part of it. */
static uint32_t length_of(const struct notification_kind *kind, const uint8_t *raw)
{
    uint16_t half;
    uint32_t word;

    if (kind != NULL && kind->length_bytes == sizeof half) {
        memcpy(&half, raw + offsetof(struct notification_header, length), sizeof half);
        return half;
    }
    memcpy(&word, raw + offsetof(struct notification_header, length), sizeof word);
    return word;
}

/* Of a type, or with a value in it, that is younger than the backend. */
static int decode_unknown(uint16_t type, uint32_t length, struct sctpx_notification *out)
{
    memset(out, 0, sizeof *out);
    out->event = SCTPX_EVENT_UNKNOWN;
    out->native_type = type;
    notification_data(out, sizeof(struct notification_header), length);
    return 0;
}

int sctpx_notification_decode(const void *raw, uint32_t length, struct sctpx_notification *out)
{
    const struct notification_kind *kind;
    uint16_t type;
    uint32_t said;

    if (raw == NULL || out == NULL || length < sizeof(struct notification_header))
        return -SCTPX_EINVAL;
    memcpy(&type, raw, sizeof type);
    kind = kind_of(type);
    said = length_of(kind, raw);
    if (said < sizeof(struct notification_header) || said > length)
        return -SCTPX_EINVAL;
    if (kind == NULL)
        return decode_unknown(type, said, out);
    if (said < kind->size)
        return -SCTPX_EINVAL;
    memset(out, 0, sizeof *out);
    out->event = kind->event;
    out->native_type = type;
    return kind->decode(raw, said, out) < 0 ? decode_unknown(type, said, out) : 0;
}

void notification_unend(const void *raw, uint32_t length, struct sctpx_received *before)
{
    struct sctpx_notification news;

    if (sctpx_notification_decode(raw, length, &news) == 0 &&
        news.event == SCTPX_EVENT_PARTIAL_DELIVERY && news.association == before->association &&
        news.stream == before->stream)
        before->flags &= ~(uint32_t)SCTPX_RECEIVE_END;
}
