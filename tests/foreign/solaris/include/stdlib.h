/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_STDLIB_H
#define SOLARIS_STDLIB_H

#include <stddef.h>

extern void abort(void) __attribute__((noreturn));
extern void *calloc(size_t, size_t);
extern void exit(int) __attribute__((noreturn));
extern void free(void *);
extern char *getenv(const char *);
extern void *malloc(size_t);
extern void *realloc(void *, size_t);
extern long strtol(const char *restrict, char **restrict, int);
extern unsigned long strtoul(const char *restrict, char **restrict, int);
extern void qsort(void *, size_t, size_t, int (*)(const void *, const void *));

#endif
