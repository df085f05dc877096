/* SPDX-License-Identifier: MIT */
/* A text that grows in what the caller of sctpx_describe gave. */
#ifndef SCTPX_POSIX_TEXT_H
#define SCTPX_POSIX_TEXT_H

#include <stddef.h>

struct text {
    char *bytes;
    size_t size;
    size_t length; /* of the whole, whether it fitted or not */
};

/* An empty one in `size` bytes. */
struct text text_begin(char *bytes, size_t size);

void text_add(struct text *text, const char *bytes, size_t length);
void text_put(struct text *text, const char *words);

#endif
