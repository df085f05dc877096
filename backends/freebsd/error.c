/* SPDX-License-Identifier: MIT */
#include "posix/error.h"

#include <errno.h>

/* This kernel's words for what others call otherwise. */
const struct error_row error_rows[] = {
    /* Binding is a part of these, and EAGAIN there is never "would block". */
    {SCTPX_CALL_BIND, EAGAIN, SCTPX_ENOPORT},
    {SCTPX_CALL_LISTEN, EAGAIN, SCTPX_ENOPORT},
    {SCTPX_CALL_CONNECT, EAGAIN, SCTPX_ENOPORT},
    /* Of one-to-one sockets it is known that they are not connected. */
    {SCTPX_CALL_CONNECT, EADDRINUSE, SCTPX_ENOPORT},
    {SCTPX_CALL_SEND, ENOENT, SCTPX_EPIPE},
    {SCTPX_CALL_SEND, ECONNRESET, SCTPX_EPIPE},
    {SCTPX_CALL_SEND, EBUSY, SCTPX_EAGAIN},
    /* An association that has ended. */
    {SCTPX_CALL_RECEIVE, ECONNABORTED, SCTPX_ETIMEDOUT},
    {SCTPX_CALL_ADDRESSES, ENOENT, SCTPX_ENOTCONN},
    {SCTPX_CALL_PEELOFF, ENOENT, SCTPX_ENOTCONN},
    {SCTPX_CALL_PEELOFF, EINVAL, SCTPX_ENOTCONN},
    {SCTPX_CALL_SHUTDOWN, ENOENT, SCTPX_ENOTCONN},
    {SCTPX_CALL_SHUTDOWN, EPIPE, SCTPX_ENOTCONN},
};
const size_t error_row_count = sizeof error_rows / sizeof error_rows[0];
