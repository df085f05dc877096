/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_STRING_H
#define SOLARIS_STRING_H

#include <stddef.h>

extern void *memchr(const void *, int, size_t);
extern int memcmp(const void *, const void *, size_t);
extern void *memcpy(void *restrict, const void *restrict, size_t);
extern void *memmove(void *, const void *, size_t);
extern void *memset(void *, int, size_t);
extern char *strchr(const char *, int);
extern int strcmp(const char *, const char *);
extern char *strcpy(char *restrict, const char *restrict);
extern char *strerror(int);
extern size_t strlen(const char *);
extern int strncmp(const char *, const char *, size_t);
extern char *strncpy(char *restrict, const char *restrict, size_t);
extern char *strrchr(const char *, int);

#endif
