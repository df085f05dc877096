/* SPDX-License-Identifier: MIT */
/*
 * Walks every path of the calls that get memory from the SCTP library or from
 * malloc, many times over.  Compiled with the shim under AddressSanitizer: a
 * double free or an overrun ends it at once, a leak when it ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "sctpx.h"

#define SECOND INT64_C(1000000000)
#define LIMIT (30 * SECOND)
#define LOOKS 3000
#define ROUNDS 20
#define CHECK(what) check((what) ? 1 : 0, #what, __LINE__)

static void check(int held, const char *what, int line)
{
    if (!held) {
        fprintf(stderr, "line %d: %s\n", line, what);
        exit(2);
    }
}

static struct sctpx_address loopback(uint16_t port)
{
    struct sctpx_address address = {.family = SCTPX_FAMILY_IPV4, .port = port};

    address.bytes[0] = 127;
    address.bytes[3] = 1;
    return address;
}

static int64_t bound(uint32_t style, struct sctpx_address *local)
{
    struct sctpx_address any = loopback(0);
    int64_t handle = sctpx_open(SCTPX_FAMILY_IPV4, style);

    CHECK(handle > 0);
    CHECK(sctpx_bind(handle, &any, sizeof any, 1) == 0);
    CHECK(sctpx_local_addresses(handle, 0, local, 1) == 1);
    return handle;
}

/* Userland: both ends are here, behind one UDP port. */
static void encapsulate(int64_t handle)
{
    struct sctpx_option option = {.option = SCTPX_OPT_UDP_ENCAPSULATION, .given = 1};
    int port = sctpx_udp_port();

    if (port > 0) {
        option.fields[0] = port;
        CHECK(sctpx_set_option(handle, &option, NULL, 0) == 0);
    }
}

/* Connected one-to-one, or one-to-many with an association. */
static int64_t connected(uint32_t style, const struct sctpx_address *peer, int64_t *association)
{
    struct sctpx_address local;
    int64_t handle = bound(style, &local);
    int i, result;

    encapsulate(handle);
    result = sctpx_connectx(handle, peer, sizeof *peer, 1, NULL, association);
    for (i = 0; result == -SCTPX_EINPROGRESS && i < LOOKS; i++) {
        /* Nothing but the time: on a one-to-many socket no readiness tells. */
        CHECK(sctpx_wait(handle, 0, SECOND / 100) == 0);
        result = sctpx_connect_result(handle, *association);
    }
    CHECK(result == 0);
    return handle;
}

static void ask(int64_t handle, int64_t association)
{
    struct sctpx_address list[4];
    int i;

    for (i = 0; i < ROUNDS; i++) {
        CHECK(sctpx_peer_addresses(handle, association, list, 4) == 1);
        CHECK(sctpx_local_addresses(handle, association, list, 4) == 1);
        CHECK(sctpx_peer_addresses(handle, association, list, 0) == 1);
        CHECK(sctpx_local_addresses(handle, association, list, 0) == 1);
        CHECK(sctpx_peer_addresses(handle, association, NULL, 4) == -SCTPX_EINVAL);
        CHECK(sctpx_local_addresses(handle, association, NULL, 4) == -SCTPX_EINVAL);
    }
}

static void ask_in_vain(int64_t handle, int64_t association)
{
    struct sctpx_address list[4];
    int i;

    for (i = 0; i < ROUNDS; i++)
        CHECK(sctpx_peer_addresses(handle, association, list, 4) < 0);
}

/* Lists that are refused, before and after they were copied. */
static void refused_lists(void)
{
    struct sctpx_address mixed[2] = {loopback(9), loopback(9)};
    int64_t id = 0, handle = sctpx_open(SCTPX_FAMILY_IPV4, SCTPX_ONE_TO_ONE);
    int i;

    mixed[1].family = SCTPX_FAMILY_IPV6;
    for (i = 0; i < ROUNDS; i++) {
        CHECK(sctpx_connectx(handle, mixed, sizeof mixed, 2, NULL, &id) < 0);
        CHECK(sctpx_connectx(handle, mixed, sizeof mixed, 3, NULL, &id) == -SCTPX_E2BIG);
        CHECK(sctpx_connectx(handle, mixed, sizeof mixed, 0, NULL, &id) == -SCTPX_EINVAL);
        CHECK(sctpx_bind(handle, mixed, sizeof mixed, 2) < 0);
        CHECK(sctpx_bindx(handle, mixed, sizeof mixed, 2, 1) < 0);
    }
    CHECK(sctpx_close(handle) == 0);
}

/* Every type and length of notification, in a buffer that is not a byte
 * longer: whatever is read beyond it is found. */
static void decode(uint16_t type, uint32_t length)
{
    struct sctpx_notification out;
    uint8_t *raw = malloc(length != 0 ? length : 1);

    CHECK(raw != NULL);
    memset(raw, 0xa5, length);
    if (length >= 8) {
        memcpy(raw, &type, sizeof type);
        memcpy(raw + 4, &length, sizeof length);
    }
    if (sctpx_notification_decode(raw, length, &out) == 0)
        CHECK((uint64_t)out.data_offset + out.data_length <= length);
    free(raw);
}

static void decode_all(void)
{
    uint32_t length;
    uint16_t low;

    for (low = 0; low < 24; low++)
        for (length = 0; length < 260; length += length < 200 ? 1 : 7) {
            decode(low, length);
            decode((uint16_t)(0x8000u + low), length);
        }
}

int main(void)
{
    struct sctpx_address peer, many;
    int64_t listener, accepted, one, endpoint, id = 0, ids = 0;

    CHECK(sctpx_start(0, 0) >= 0);
    listener = bound(SCTPX_ONE_TO_ONE, &peer);
    CHECK(sctpx_listen(listener, 4) == 0);
    ask_in_vain(listener, 0);
    one = connected(SCTPX_ONE_TO_ONE, &peer, &id);
    accepted = sctpx_accept(listener, &many, LIMIT);
    CHECK(accepted > 0);
    ask(one, 0);
    ask(one, 123456); /* one-to-one: ignored */
    ask(accepted, 0);
    endpoint = connected(SCTPX_ONE_TO_MANY, &peer, &id);
    CHECK(sctpx_associations(endpoint, &ids, 1) == 1 && ids == id);
    ask(endpoint, id);
    ask_in_vain(endpoint, 123456789);
    refused_lists();
    decode_all();
    CHECK(sctpx_close(one) == 0);
    ask_in_vain(one, 0);
    CHECK(sctpx_close(endpoint) == 0);
    CHECK(sctpx_close(accepted) == 0);
    CHECK(sctpx_close(listener) == 0);
    CHECK(sctpx_exit(2 * SECOND) >= 0);
    puts("walked");
    return 0;
}
