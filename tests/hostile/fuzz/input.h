/* SPDX-License-Identifier: MIT */
/* The bytes of one attempt, taken from the front; when they are used up, zeros. */
#ifndef INPUT_H
#define INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct input {
    const uint8_t *bytes;
    size_t left;
};

/* What the attempt calls with, and behind it what the stack answers. */
extern struct input input;

/* Up to `size` bytes; how many there were. */
static inline size_t take(void *to, size_t size)
{
    size_t taken = size < input.left ? size : input.left;

    if (taken > 0)
        memcpy(to, input.bytes, taken);
    memset((uint8_t *)to + taken, 0, size - taken);
    input.bytes += taken;
    input.left -= taken;
    return taken;
}

static inline uint8_t take_8(void)
{
    uint8_t value;

    (void)take(&value, sizeof value);
    return value;
}

static inline uint16_t take_16(void)
{
    uint16_t value;

    (void)take(&value, sizeof value);
    return value;
}

static inline uint32_t take_32(void)
{
    uint32_t value;

    (void)take(&value, sizeof value);
    return value;
}

/* Memory of this size and not a byte more, so that ASan sees what is touched beyond it. */
static inline void *exactly(size_t size)
{
    void *memory = malloc(size);

    if (memory == NULL && size > 0)
        abort();
    return memory;
}

/* All that is left, in such memory. */
static inline uint8_t *take_rest(size_t *size)
{
    uint8_t *memory = exactly(input.left);

    *size = input.left;
    (void)take(memory, input.left);
    return memory;
}

#endif
