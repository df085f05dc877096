/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_WCHAR_H
#define SOLARIS_WCHAR_H

#include <stddef.h>

typedef struct {
    long __filler[4];
} mbstate_t;

#endif
