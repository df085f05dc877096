/* SPDX-License-Identifier: MIT */
/* sctp_bindx, which adds to what bind() has begun. */
#include "posix/kernel/kernel.h"

#include <string.h>

#include "posix/address.h"
#include "posix/error.h"
#include "posix/kernel/bind.h"

static int bindx_call(int descriptor, void *packed, uint32_t count, int flag)
{
    return sctp_bindx(descriptor, packed, (int)count, flag) < 0 ? error_now(SCTPX_CALL_BIND) : 0;
}

/* The first by bind(), the others, with the port that it was given, behind it. */
static int bind_begin(struct slot *slot, int descriptor, uint8_t *packed, uint32_t count)
{
    int port, result = bind_one(slot, descriptor, packed);

    if (result < 0 || count == 1)
        return result;
    port = bind_port(slot, descriptor);
    if (port < 0)
        return port;
    address_list_set_port(packed, count, (uint16_t)port);
    return bindx_call(descriptor, packed + address_length(packed), count - 1, SCTP_BINDX_ADD_ADDR);
}

int os_bindx(struct slot *slot, int descriptor, void *packed, uint32_t count, int add)
{
    uint16_t port = address_list_port(packed);
    int bound = bind_port(slot, descriptor);

    if (bound < 0)
        return bound;
    if (bound == 0)
        return add ? bind_begin(slot, descriptor, packed, count) : -SCTPX_EINVAL;
    if (port != 0 && port != bound)
        return -SCTPX_EINVAL;
    address_list_set_port(packed, count, (uint16_t)bound);
    return bindx_call(descriptor, packed, count, add ? SCTP_BINDX_ADD_ADDR : SCTP_BINDX_REM_ADDR);
}
