/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_FEATURE_TESTS_H
#define SOLARIS_FEATURE_TESTS_H

/*
 * Which interfaces a program has asked for.  SOLARIS_ILLUMOS, SOLARIS_ORACLE or SOLARIS_5_10 is defined by who
 * compiles; nothing of that kind is on the real systems, where the headers themselves differ.
 */
#if defined(_XOPEN_SOURCE) && _XOPEN_SOURCE - 0 >= 500
#define _XPG4_2
#if _XOPEN_SOURCE - 0 >= 600
#define _XPG5
#define _XPG6
#endif
#endif

/* A standard was asked for and nothing beyond it. */
#if defined(_XOPEN_SOURCE) && !defined(__EXTENSIONS__)
#define _STRICT_SYMBOLS
#endif

#if !defined(SOLARIS_ILLUMOS) && !defined(SOLARIS_ORACLE) && !defined(SOLARIS_5_10)
#error "which Solaris?"
#endif

#endif
