/* SPDX-License-Identifier: MIT */
/*
 * One attempt on a backend's shim: the first byte says which of its parsers, the rest is what it is
 * given and what the stack below answers.  Compiled with the backend's sources under ASan and
 * UBSan; see build.py.
 */
#include <stdio.h>
#include <sys/socket.h>

#include "input.h"
#include "posix/address.h"
#include "posix/notification.h"
#include "sctpx.h"
#include "stack.h"

#define CHECK(what) check((what) ? 1 : 0, #what, __LINE__)

struct input input;

static void check(int held, const char *what, int line)
{
    if (!held) {
        fprintf(stderr, "fuzz.c:%d: does not hold: %s\n", line, what);
        abort();
    }
}

static void check_family(const struct sctpx_address *address)
{
    CHECK(address->family == SCTPX_FAMILY_NONE || address->family == SCTPX_FAMILY_IPV4 ||
          address->family == SCTPX_FAMILY_IPV6);
}

static void take_address(struct sctpx_address *address)
{
    static const uint8_t families[] = {SCTPX_FAMILY_NONE, SCTPX_FAMILY_IPV4, SCTPX_FAMILY_IPV6,
                                       SCTPX_FAMILY_IPV6};

    (void)take(address, sizeof *address);
    address->family = families[address->family % 4];
}

static void notification(void)
{
    struct sctpx_notification out;
    size_t length;
    uint8_t *raw = take_rest(&length);
    int result = sctpx_notification_decode(raw, (uint32_t)length, &out);

    CHECK(result == 0 || result == -SCTPX_EINVAL);
    if (result == 0) {
        CHECK(out.event <= SCTPX_EVENT_STREAM_CHANGE);
        CHECK((uint64_t)out.data_offset + out.data_length <= length);
        check_family(&out.address);
    }
    free(raw);
}

static uint32_t take_family(void)
{
    return (take_8() & 1) != 0 ? SCTPX_FAMILY_IPV6 : SCTPX_FAMILY_IPV4;
}

static void address_from(void)
{
    struct sctpx_address address;
    uint32_t family = take_family();
    size_t length;
    uint8_t *native = take_rest(&length);
    int result = address_from_native(native, length, family, &address);

    CHECK(result == -SCTPX_EINVAL || (result > 0 && (size_t)result <= length));
    check_family(&address);
    free(native);
}

static void list_from(void)
{
    uint32_t family = take_family(), count = take_32() >> take_8() % 32, capacity = take_8();
    struct sctpx_address *list = exactly(capacity * sizeof *list);
    size_t length;
    uint8_t *packed = take_rest(&length);
    int result = address_list_unpack(packed, length, count, family, list, capacity);

    CHECK(result < 0 || (uint32_t)result == count);
    free(packed);
    free(list);
}

/* Addresses as the adapter might give them, with any count and size claimed. */
static struct sctpx_address *take_list(uint32_t *size, uint32_t *count)
{
    uint32_t there = take_8() % 80;
    struct sctpx_address *list = exactly(there * sizeof *list);
    uint16_t port = take_16();
    uint32_t i;

    *size = there * (uint32_t)sizeof *list;
    *count = take_8() % 4 == 0 ? take_32() : there;
    for (i = 0; i < there; i++) {
        take_address(&list[i]);
        if ((list[i].reserved & 1) == 0)
            list[i].port = port;
    }
    return list;
}

static void list_to(void)
{
    uint32_t size, count, family = take_family();
    struct sctpx_address *list = take_list(&size, &count);
    void *packed = NULL;
    int result = address_list_pack(list, size, count, family, &packed);

    CHECK((result > 0) == (packed != NULL));
    free(packed);
    free(list);
}

static void take_option(struct sctpx_option *option)
{
    uint32_t i;

    memset(option, 0, sizeof *option);
    option->option = take_8() % 64;
    option->association = (int8_t)take_8();
    if (option->association == -1)
        (void)take(&option->association, sizeof option->association);
    if (take_8() % 2 != 0)
        take_address(&option->address);
    option->given = take_16();
    for (i = 0; i < 16; i++)
        if ((option->given >> i & 1) != 0)
            (void)take(&option->fields[i], take_8() % 9);
    if (take_8() == 255)
        option->given = take_32();
}

static void option_get_any(int64_t handle)
{
    struct sctpx_option option;

    take_option(&option);
    if (sctpx_get_option(handle, &option, NULL, 0) == 0)
        check_family(&option.address);
}

static void option_set_any(int64_t handle)
{
    struct sctpx_option option;

    take_option(&option);
    (void)sctpx_set_option(handle, &option, NULL, 0);
}

static void raw_option(int64_t handle)
{
    int setting = take_8() & 1, level = take_16(), name = take_16(), result;
    size_t length;
    uint32_t size = take_8();
    uint8_t *value;

    if (setting) {
        value = take_rest(&length);
        (void)sctpx_setsockopt(handle, level, name, value, (uint32_t)length);
    } else {
        value = exactly(size);
        result = sctpx_getsockopt(handle, level, name, value, size);
        CHECK(result < 0 || (uint32_t)result <= size);
    }
    free(value);
}

static void receive(int64_t handle)
{
    uint32_t i, count = take_8() % 80, size = take_16() % 4096;
    struct sctpx_received *records = exactly(count * sizeof *records);
    uint8_t *arena = exactly(size);
    int result;

    do {
        result = sctpx_receive(handle, records, count, arena, size, 0);
        CHECK(result <= (int)count);
        for (i = 0; result > 0 && i < (uint32_t)result; i++) {
            CHECK((uint64_t)records[i].offset + records[i].length <= size);
            check_family(&records[i].source);
        }
    } while (result > 0 && input.left > 0);
    free(arena);
    free(records);
}

static void addresses(int64_t handle)
{
    uint32_t capacity = take_8();
    int64_t association = (int8_t)take_8(), *ids = exactly(capacity * sizeof *ids);
    struct sctpx_address *list = exactly(capacity * sizeof *list);
    struct sctpx_address peer;

    take_address(&peer);
    (void)sctpx_peer_addresses(handle, association, list, capacity);
    (void)sctpx_local_addresses(handle, association, list, capacity);
    (void)sctpx_associations(handle, ids, capacity);
    (void)sctpx_find(handle, &peer);
    (void)sctpx_connect_result(handle, association);
    free(list);
    free(ids);
}

static void outgoing_some(struct sctpx_outgoing *how)
{
    if (how->policy > SCTPX_POLICY_BUF + 1)
        how->policy %= SCTPX_POLICY_BUF + 1;
    if (how->flags >> 31 != 0)
        how->association = (int8_t)how->association;
}

static void send_any(int64_t handle)
{
    uint32_t i, count = take_8() % 70, total = 0, each = take_8() & 1, hows = each ? count : 1;
    struct sctpx_outgoing *how = exactly(hows * sizeof *how);
    uint32_t *lengths = exactly(count * sizeof *lengths);
    uint8_t *data;

    for (i = 0; i < hows; i++) {
        (void)take(&how[i], sizeof how[i]);
        take_address(&how[i].path);
        outgoing_some(&how[i]);
    }
    for (i = 0; i < count; i++)
        total += lengths[i] = take_8() % 16;
    data = exactly(total);
    memset(data, 0, total);
    CHECK(sctpx_send_many(handle, how, (int)each, data, lengths, count, 0) <= (int)count);
    free(data);
    free(lengths);
    free(how);
}

static void lists_given(int64_t handle)
{
    uint32_t size, count, call = take_8() % 3;
    struct sctpx_address *list;
    struct sctpx_option init;
    int64_t association = 0;

    take_option(&init);
    list = take_list(&size, &count);
    if (call == 0)
        (void)sctpx_bind(handle, list, size, count);
    else if (call == 1)
        (void)sctpx_bindx(handle, list, size, count, take_8() & 1);
    else
        (void)sctpx_connectx(handle, list, size, count, (take_8() & 1) != 0 ? &init : NULL,
                             &association);
    free(list);
}

static void describe(void)
{
    uint32_t size = take_8(), topic = take_8() % 8;
    char *text = exactly(size);
    struct sctpx_support support;

    if (sctpx_describe(topic, text, size) >= 0 && size > 0)
        CHECK(strnlen(text, size) < size);
    if (sctpx_support_of(take_8() % 32, &support) == 0) {
        CHECK(strnlen(support.reason, sizeof support.reason) < sizeof support.reason);
        CHECK(strnlen(support.remedy, sizeof support.remedy) < sizeof support.remedy);
    }
    (void)sctpx_error_of(take_8() % 16, (int)take_32());
    free(text);
}

static void (*const on_handles[])(int64_t handle) = {
    option_get_any, option_set_any, raw_option, receive, addresses, send_any, lists_given,
};
static void (*const on_bytes[])(void) = {notification, address_from, list_from, list_to, describe};

#define COUNT(array) (unsigned)(sizeof(array) / sizeof(array)[0])

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    unsigned which;

    input = (struct input){bytes, length};
    which = take_8() % 16;
    if (which < COUNT(on_bytes))
        on_bytes[which]();
    else if (which - COUNT(on_bytes) < COUNT(on_handles))
        on_handles[which - COUNT(on_bytes)](stack_handle(take_8() % STACK_KINDS));
    else
        stack_parse(which);
    return 0;
}
