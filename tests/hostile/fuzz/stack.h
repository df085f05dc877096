/* SPDX-License-Identifier: MIT */
/*
 * The stack under the shim, which answers whatever the input says: any values, any errno, any
 * length that the interface to it allows.
 */
#ifndef STACK_H
#define STACK_H

#include <stdint.h>

#define STACK_KINDS 4u

/* A handle of one of the four kinds (family, style) as if it were new; the same for the whole
 * process. */
int64_t stack_handle(unsigned kind);

/* The parsers that only this backend has. */
void stack_parse(unsigned which);

#endif
