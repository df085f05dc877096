/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_STDIO_H
#define SOLARIS_STDIO_H

#include <stdarg.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct {
    char __opaque[128];
} FILE;
extern FILE __iob[];
#define stderr (&__iob[2])

extern int fprintf(FILE *restrict, const char *restrict, ...) __attribute__((format(printf, 2, 3)));
extern int snprintf(char *restrict, size_t, const char *restrict, ...) __attribute__((format(printf, 3, 4)));
extern int vsnprintf(char *restrict, size_t, const char *restrict, va_list);

#endif
