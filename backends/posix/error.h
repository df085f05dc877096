/* SPDX-License-Identifier: MIT */
/* Native errnos into sctpx's symbols. */
#ifndef SCTPX_POSIX_ERROR_H
#define SCTPX_POSIX_ERROR_H

#include <stddef.h>
#include <stdint.h>

#include "sctpx.h"

/* Where a call gives an errno another meaning than its usual one. */
struct error_row {
    uint32_t call; /* enum sctpx_call */
    int native;
    int symbol;
};

/* The backend's own table. */
extern const struct error_row error_rows[];
extern const size_t error_row_count;

/* The positive symbol. */
int error_of(uint32_t call, int native);

/* Minus the symbol of the present errno, as functions of the border answer. */
int error_now(uint32_t call);

#endif
