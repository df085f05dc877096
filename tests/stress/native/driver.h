/* SPDX-License-Identifier: MIT */
/* What the programs of this folder share: checks, loopback addresses, sockets
 * that are ready for use. */
#ifndef SCTPX_TESTS_DRIVER_H
#define SCTPX_TESTS_DRIVER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "sctpx.h"

#define SECOND INT64_C(1000000000)
#define MILLISECOND INT64_C(1000000)
#define LIMIT (60 * SECOND)
#define CHECK(what) driver_check((what) ? 1 : 0, #what, __LINE__)

static inline void driver_check(int held, const char *what, int line)
{
    if (!held) {
        fprintf(stderr, "line %d: %s\n", line, what);
        exit(2);
    }
}

static inline struct sctpx_address driver_loopback(uint16_t port)
{
    struct sctpx_address address = {.family = SCTPX_FAMILY_IPV4, .port = port};

    address.bytes[0] = 127;
    address.bytes[3] = 1;
    return address;
}

/* Userland: both ends are here, behind one UDP port. */
static inline int driver_encapsulate(int64_t handle)
{
    struct sctpx_option option = {.option = SCTPX_OPT_UDP_ENCAPSULATION, .given = 1};
    int port = sctpx_udp_port();

    if (port <= 0)
        return 0;
    option.fields[0] = port;
    return sctpx_set_option(handle, &option, NULL, 0);
}

/* Opened and bound to loopback, or an error. */
static inline int64_t driver_bound(uint32_t style, struct sctpx_address *local)
{
    struct sctpx_address any = driver_loopback(0);
    int64_t handle = sctpx_open(SCTPX_FAMILY_IPV4, style);
    int result;

    if (handle < 0)
        return handle;
    result = driver_encapsulate(handle);
    if (result == 0)
        result = sctpx_bind(handle, &any, sizeof any, 1);
    if (result == 0) {
        result = sctpx_local_addresses(handle, 0, local, 1);
        result = result == 1 ? 0 : result;
    }
    if (result == 0)
        return handle;
    sctpx_close(handle);
    return result;
}

/* Bound and listening, or an error. */
static inline int64_t driver_listener(uint32_t style, struct sctpx_address *local)
{
    int64_t handle = driver_bound(style, local);
    int result = handle < 0 ? 0 : sctpx_listen(handle, 64);

    if (result == 0)
        return handle;
    sctpx_close(handle);
    return result;
}

/* Connects, waiting for nothing but the time: on a one-to-many socket no
 * readiness tells.  0 or an error. */
static inline int driver_connect(int64_t handle, const struct sctpx_address *peer,
                                 int64_t *association)
{
    int i, result = sctpx_connectx(handle, peer, sizeof *peer, 1, NULL, association);

    for (i = 0; result == -SCTPX_EINPROGRESS && i < 60000; i++) {
        result = sctpx_wait(handle, 0, MILLISECOND);
        if (result >= 0 || result == -SCTPX_EINTR)
            result = sctpx_connect_result(handle, *association);
    }
    return result;
}

#endif
