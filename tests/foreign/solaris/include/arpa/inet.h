/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_ARPA_INET_H
#define SOLARIS_ARPA_INET_H

#include <netinet/in.h>

extern const char *inet_ntop(int, const void *restrict, char *restrict, socklen_t);
extern int inet_pton(int, const char *restrict, void *restrict);

#endif
