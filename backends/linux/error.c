/* SPDX-License-Identifier: MIT */
#include "posix/error.h"

#include <errno.h>

const struct error_row error_rows[] = {
    /* Binding is a part of both, and EAGAIN says that no port was free. */
    {SCTPX_CALL_BIND, EAGAIN, SCTPX_ENOPORT},
    {SCTPX_CALL_LISTEN, EAGAIN, SCTPX_ENOPORT},
    {SCTPX_CALL_CONNECT, EAGAIN, SCTPX_ENOPORT},
    /* An association that has ended. */
    {SCTPX_CALL_PEELOFF, EINVAL, SCTPX_ENOTCONN},
    {SCTPX_CALL_SHUTDOWN, EINVAL, SCTPX_ENOTCONN},
    {SCTPX_CALL_SHUTDOWN, EPIPE, SCTPX_ENOTCONN},
    /* The peer has begun to shut down, and has not acknowledged everything. */
    {SCTPX_CALL_SEND, ESHUTDOWN, SCTPX_EPIPE},
};
const size_t error_row_count = sizeof error_rows / sizeof error_rows[0];
