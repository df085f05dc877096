/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_SYS_TYPES_H
#define SOLARIS_SYS_TYPES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/feature_tests.h>

typedef unsigned char uchar_t;
typedef unsigned short ushort_t;
typedef unsigned int uint_t;
typedef unsigned long ulong_t;
typedef char *caddr_t;
typedef long ssize_t;
typedef long off_t;
typedef long time_t;
typedef long suseconds_t;
typedef long clock_t;
typedef int clockid_t;
typedef int pid_t;
typedef uint_t uid_t;
typedef uint_t gid_t;
typedef uint_t id_t;
typedef uint_t mode_t;
typedef uint_t nlink_t;
typedef ulong_t ino_t;
typedef ulong_t dev_t;
typedef long blkcnt_t;
typedef int blksize_t;
typedef uint32_t ipaddr_t;

typedef uint_t pthread_t;
typedef uint_t pthread_key_t;
typedef struct { uint64_t __pthread_mutex[3]; } pthread_mutex_t;
typedef struct { uint64_t __pthread_cond[2]; } pthread_cond_t;
typedef struct { uint64_t __pthread_once[4]; } pthread_once_t;
typedef struct { void *__pthread_attrp; } pthread_attr_t;
typedef struct { void *__pthread_mutexattrp; } pthread_mutexattr_t;
typedef struct { void *__pthread_condattrp; } pthread_condattr_t;

#ifndef _STRICT_SYMBOLS
typedef uint_t u_int;
typedef ushort_t u_short;
typedef uchar_t u_char;
typedef ulong_t u_long;
#endif

#endif
