/* SPDX-License-Identifier: MIT */
/* sctp_bindx, which is one call for each address here, and takes none back. */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <string.h>

#include "posix/address.h"
#include "posix/error.h"
#include "posix/kernel/bind.h"

/* In a copy: the library writes ports into what it is given. */
static int bind_each(int descriptor, const uint8_t *packed, uint16_t port, int flag)
{
    union address_native address;

    memset(&address, 0, sizeof address);
    memcpy(&address, packed, address_length(packed));
    address_list_set_port(&address, 1, port);
    if (sctp_bindx(descriptor, &address.any, 1, flag) == 0)
        return 0;
    return errno == OS_NO_PORT && port == 0 ? -SCTPX_ENOPORT : error_now(SCTPX_CALL_BIND);
}

/* Of `done` addresses, last first, as far as it can be done. */
static void take_back(int descriptor, const uint8_t *packed, uint32_t done, uint16_t port, int flag)
{
    const uint8_t *place;
    uint32_t i;

    while (done-- > 0) {
        for (place = packed, i = 0; i < done; i++)
            place += address_length(place);
        (void)bind_each(descriptor, place, port, flag);
    }
}

int os_bindx(struct slot *slot, int descriptor, void *packed, uint32_t count, int add)
{
    const int flag = add ? SCTP_BINDX_ADD_ADDR : SCTP_BINDX_REM_ADDR;
    const int back = add ? SCTP_BINDX_REM_ADDR : SCTP_BINDX_ADD_ADDR;
    uint16_t port = address_list_port(packed);
    const uint8_t *place = packed;
    uint32_t done;
    int result = 0, bound = bind_port(slot, descriptor);

    if (bound < 0)
        return bound;
    if (bound != 0 && port != 0 && port != bound)
        return -SCTPX_EINVAL;
    if (bound == 0 && !add)
        return -SCTPX_EINVAL;
    if (bound != 0)
        port = (uint16_t)bound;
    for (done = 0; done < count; done++, place += address_length(place)) {
        result = bind_each(descriptor, place, port, flag);
        if (result < 0)
            break;
        /* The first may have been given a port, which the others must have. */
        if (port == 0) {
            bound = bind_port(slot, descriptor);
            if (bound < 0)
                return bound;
            port = (uint16_t)bound;
        }
    }
    if (result < 0)
        take_back(descriptor, packed, done, port, back);
    return result;
}
