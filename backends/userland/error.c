/* SPDX-License-Identifier: MIT */
#include "posix/error.h"

#include <errno.h>

/* usrsctp's words for what kernels call otherwise. */
const struct error_row error_rows[] = {
    /* Binding is a part of these, and EAGAIN there is never "would block". */
    {SCTPX_CALL_BIND, EAGAIN, SCTPX_ENOPORT},
    {SCTPX_CALL_LISTEN, EAGAIN, SCTPX_ENOPORT},
    {SCTPX_CALL_CONNECT, EAGAIN, SCTPX_ENOPORT},
    {SCTPX_CALL_CONNECT, EADDRINUSE, SCTPX_EISCONN},
    {SCTPX_CALL_SEND, ENOENT, SCTPX_EPIPE},
    {SCTPX_CALL_SEND, ECONNRESET, SCTPX_EPIPE},
    {SCTPX_CALL_SEND, EBUSY, SCTPX_EAGAIN},
    {SCTPX_CALL_RECEIVE, ECONNABORTED, SCTPX_ETIMEDOUT},
    {SCTPX_CALL_ADDRESSES, ENOENT, SCTPX_ENOTCONN},
    {SCTPX_CALL_PEELOFF, ENOENT, SCTPX_ENOTCONN},
};
const size_t error_row_count = sizeof error_rows / sizeof error_rows[0];
