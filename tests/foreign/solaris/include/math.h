/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_MATH_H
#define SOLARIS_MATH_H

#define HUGE_VAL __builtin_huge_val()

#endif
