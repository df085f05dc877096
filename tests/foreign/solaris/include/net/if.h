/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_NET_IF_H
#define SOLARIS_NET_IF_H

#include <sys/types.h>

#define IF_NAMESIZE 32

extern unsigned int if_nametoindex(const char *);
extern char *if_indextoname(unsigned int, char *);

#endif
