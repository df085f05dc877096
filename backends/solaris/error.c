/* SPDX-License-Identifier: MIT */
#include "posix/error.h"

#include <errno.h>

/* This kernel's words for what others call otherwise. */
const struct error_row error_rows[] = {
    /* Binding is a part of these, and EAGAIN there is never "would block". */
    {SCTPX_CALL_BIND, EAGAIN, SCTPX_ENOPORT},
    {SCTPX_CALL_LISTEN, EAGAIN, SCTPX_ENOPORT},
    {SCTPX_CALL_CONNECT, EAGAIN, SCTPX_ENOPORT},
    /* Listening, and no longer able to connect. */
    {SCTPX_CALL_CONNECT, EOPNOTSUPP, SCTPX_EISCONN},
    /* An association that has ended. */
    {SCTPX_CALL_SEND, ESHUTDOWN, SCTPX_EPIPE},
    {SCTPX_CALL_ADDRESSES, ESHUTDOWN, SCTPX_ENOTCONN},
    {SCTPX_CALL_PEELOFF, EINVAL, SCTPX_ENOTCONN},
    {SCTPX_CALL_PEELOFF, ESHUTDOWN, SCTPX_ENOTCONN},
    {SCTPX_CALL_SHUTDOWN, EINVAL, SCTPX_ENOTCONN},
    {SCTPX_CALL_SHUTDOWN, ESHUTDOWN, SCTPX_ENOTCONN},
    {SCTPX_CALL_SHUTDOWN, EPIPE, SCTPX_ENOTCONN},
};
const size_t error_row_count = sizeof error_rows / sizeof error_rows[0];
