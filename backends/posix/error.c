/* SPDX-License-Identifier: MIT */
#include "posix/error.h"

#include <errno.h>

struct error_name {
    int native;
    int symbol;
};

static const struct error_name names[] = {
    {EPERM, SCTPX_EPERM},
    {EINTR, SCTPX_EINTR},
    {EBADF, SCTPX_EBADF},
    {EAGAIN, SCTPX_EAGAIN},
    {EWOULDBLOCK, SCTPX_EAGAIN},
    {ENOMEM, SCTPX_ENOMEM},
    {EACCES, SCTPX_EACCES},
    {EFAULT, SCTPX_EFAULT},
    {EINVAL, SCTPX_EINVAL},
    {ENFILE, SCTPX_ENFILE},
    {EMFILE, SCTPX_EMFILE},
    {EPIPE, SCTPX_EPIPE},
    {E2BIG, SCTPX_E2BIG},
    {ENOTSOCK, SCTPX_ENOTSOCK},
    {EMSGSIZE, SCTPX_EMSGSIZE},
    {ENOPROTOOPT, SCTPX_ENOPROTOOPT},
    {EPROTONOSUPPORT, SCTPX_EPROTONOSUPPORT},
    {ESOCKTNOSUPPORT, SCTPX_ESOCKTNOSUPPORT},
    {EOPNOTSUPP, SCTPX_EOPNOTSUPP},
    {ENOTSUP, SCTPX_EOPNOTSUPP},
    {EAFNOSUPPORT, SCTPX_EAFNOSUPPORT},
    {EADDRINUSE, SCTPX_EADDRINUSE},
    {EADDRNOTAVAIL, SCTPX_EADDRNOTAVAIL},
    {ENETDOWN, SCTPX_ENETDOWN},
    {ENETUNREACH, SCTPX_ENETUNREACH},
    {EHOSTUNREACH, SCTPX_EHOSTUNREACH},
    {ECONNABORTED, SCTPX_ECONNABORTED},
    {ECONNRESET, SCTPX_ECONNRESET},
    {ENOBUFS, SCTPX_ENOBUFS},
    {EISCONN, SCTPX_EISCONN},
    {ENOTCONN, SCTPX_ENOTCONN},
    {ETIMEDOUT, SCTPX_ETIMEDOUT},
    {ECONNREFUSED, SCTPX_ECONNREFUSED},
    {EALREADY, SCTPX_EALREADY},
    {EINPROGRESS, SCTPX_EINPROGRESS},
    {EBUSY, SCTPX_EBUSY},
    {ENOENT, SCTPX_ENOENT},
    {EPROTO, SCTPX_EPROTO},
    {EIO, SCTPX_EIO},
};

int error_of(uint32_t call, int native)
{
    size_t i;

    for (i = 0; i < error_row_count; i++)
        if (error_rows[i].call == call && error_rows[i].native == native)
            return error_rows[i].symbol;
    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].native == native)
            return names[i].symbol;
    return native > 0 && native < 100000 ? SCTPX_ENATIVE + native : SCTPX_EIO;
}

int error_now(uint32_t call)
{
    return -error_of(call, errno);
}

int sctpx_error_of(uint32_t call, int native_errno)
{
    return error_of(call, native_errno);
}
