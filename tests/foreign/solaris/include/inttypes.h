/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_INTTYPES_H
#define SOLARIS_INTTYPES_H

#include <stdint.h>

#define PRId64 "ld"
#define PRIu64 "lu"
#define PRIx64 "lx"
#define PRIu32 "u"
#define PRId32 "d"

#endif
