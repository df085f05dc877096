/* SPDX-License-Identifier: MIT */
/* What a system says of its SCTP as a whole: texts, and the table of features. */
#ifndef SCTPX_POSIX_KERNEL_BACKEND_H
#define SCTPX_POSIX_KERNEL_BACKEND_H

#include <stddef.h>
#include <stdint.h>

#include "posix/text.h"

/* How the running kernel is asked whether it has a feature. */
enum probe_kind {
    PROBE_ALWAYS,
    PROBE_NEVER,
    PROBE_OPTION, /* it can be read; on where its value is not 0, else to be had by setting it */
    PROBE_THERE,  /* it can be read: nothing more is needed */
    PROBE_SYSCTL  /* the same, but only with the sysctl on */
};

struct feature {
    uint32_t feature;
    enum probe_kind kind;
    int option;
    const char *sysctl;
    const char *reason; /* why never */
};

/* Each system defines these. */
extern const struct feature os_features[];
extern const size_t os_feature_count;

struct os_words {
    const char *remedy;  /* how to get SCTP at all */
    const char *load;    /* the same as a command */
    const char *sysctls; /* their prefix */
    const char *set;     /* the command that sets one, with a blank behind it */
};
extern const struct os_words os_words;

/* A number among the sysctls; -1: nobody tells. */
long os_sysctl(const char *name);

/* "name=value" lines. */
void os_versions(struct text *text);
void os_sysctls(struct text *text);
void os_counters(struct text *text);

#endif
