/* SPDX-License-Identifier: MIT */
#include "posix/text.h"

#include <string.h>

struct text text_begin(char *bytes, size_t size)
{
    struct text text = {bytes, bytes != NULL ? size : 0, 0};

    if (text.size > 0)
        bytes[0] = '\0';
    return text;
}

void text_add(struct text *text, const char *bytes, size_t length)
{
    if (text->size > 0 && text->length < text->size - 1) {
        size_t room = text->size - 1 - text->length;
        size_t taken = length < room ? length : room;

        memcpy(text->bytes + text->length, bytes, taken);
        text->bytes[text->length + taken] = '\0';
    }
    text->length += length;
}

void text_put(struct text *text, const char *words)
{
    text_add(text, words, strlen(words));
}
