/* SPDX-License-Identifier: MIT */
#include "posix/address.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static int is_mapped(const struct sctpx_address *address)
{
    return address->family == SCTPX_FAMILY_IPV6 &&
           memcmp(address->bytes, mapped_prefix, sizeof mapped_prefix) == 0;
}

static int native_from_ipv4(const uint8_t *bytes, uint16_t port, struct sockaddr_in *in)
{
    in->sin_family = AF_INET;
    in->sin_port = htons(port);
    memcpy(&in->sin_addr, bytes, 4);
#ifdef SIN6_LEN
    in->sin_len = sizeof *in;
#endif
    return (int)sizeof *in;
}

static int native_from_ipv6(const struct sctpx_address *address, struct sockaddr_in6 *in6)
{
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(address->port);
    in6->sin6_scope_id = address->scope;
    memcpy(&in6->sin6_addr, address->bytes, 16);
#ifdef SIN6_LEN
    in6->sin6_len = sizeof *in6;
#endif
    return (int)sizeof *in6;
}

void address_any(uint32_t family, union address_native *native)
{
    static const struct sctpx_address none;

    memset(native, 0, sizeof *native);
    if (family == SCTPX_FAMILY_IPV6)
        (void)native_from_ipv6(&none, &native->in6);
    else
        (void)native_from_ipv4(none.bytes, 0, &native->in);
}

static int native_from_mapped(const struct sctpx_address *address, struct sockaddr_in6 *in6)
{
    struct sctpx_address mapped = *address;

    memcpy(mapped.bytes, mapped_prefix, sizeof mapped_prefix);
    memcpy(mapped.bytes + sizeof mapped_prefix, address->bytes, 4);
    return native_from_ipv6(&mapped, in6);
}

int address_to_native(const struct sctpx_address *address, uint32_t family,
                      union address_native *native)
{
    memset(native, 0, sizeof *native);
    if (address->family == SCTPX_FAMILY_IPV4 && family == SCTPX_FAMILY_IPV6 &&
        address_lists_are_arrays)
        return native_from_mapped(address, &native->in6);
    if (address->family == SCTPX_FAMILY_IPV4)
        return native_from_ipv4(address->bytes, address->port, &native->in);
    if (address->family != SCTPX_FAMILY_IPV6)
        return -SCTPX_EINVAL;
    if (family != SCTPX_FAMILY_IPV6)
        return -SCTPX_EAFNOSUPPORT;
    if (is_mapped(address) && !address_lists_are_arrays)
        return native_from_ipv4(address->bytes + 12, address->port, &native->in);
    return native_from_ipv6(address, &native->in6);
}

static int ipv4_from_native(const void *native, size_t size, uint32_t family,
                            struct sctpx_address *address)
{
    struct sockaddr_in in;

    if (size < sizeof in)
        return -SCTPX_EINVAL;
    memcpy(&in, native, sizeof in);
    address->port = ntohs(in.sin_port);
    if (family == SCTPX_FAMILY_IPV6) {
        address->family = SCTPX_FAMILY_IPV6;
        memcpy(address->bytes, mapped_prefix, sizeof mapped_prefix);
        memcpy(address->bytes + 12, &in.sin_addr, 4);
    } else {
        address->family = SCTPX_FAMILY_IPV4;
        memcpy(address->bytes, &in.sin_addr, 4);
    }
    return (int)sizeof in;
}

static int is_link_local(const uint8_t *bytes)
{
    return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

static int ipv6_from_native(const void *native, size_t size, struct sctpx_address *address)
{
    struct sockaddr_in6 in6;

    if (size < sizeof in6)
        return -SCTPX_EINVAL;
    memcpy(&in6, native, sizeof in6);
    address->family = SCTPX_FAMILY_IPV6;
    address->port = ntohs(in6.sin6_port);
    memcpy(address->bytes, &in6.sin6_addr, 16);
    /* Linux names an interface for ::1 too, where it says nothing. */
    if (is_link_local(address->bytes))
        address->scope = in6.sin6_scope_id;
    return (int)sizeof in6;
}

static sa_family_t family_in(const void *native)
{
    sa_family_t kind;

    memcpy(&kind, (const uint8_t *)native + offsetof(struct sockaddr, sa_family), sizeof kind);
    return kind;
}

size_t address_length(const void *native)
{
    return family_in(native) == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

int address_from_native(const void *native, size_t size, uint32_t family,
                        struct sctpx_address *address)
{
    sa_family_t kind;

    memset(address, 0, sizeof *address);
    if (native == NULL || size < offsetof(struct sockaddr, sa_family) + sizeof kind)
        return -SCTPX_EINVAL;
    kind = family_in(native);
    if (kind == AF_INET)
        return ipv4_from_native(native, size, family, address);
    if (kind == AF_INET6)
        return ipv6_from_native(native, size, address);
    return -SCTPX_EINVAL;
}

int address_same_host(const struct sctpx_address *one, const struct sctpx_address *other)
{
    int four = one->family == SCTPX_FAMILY_IPV4 || is_mapped(one);

    if (four != (other->family == SCTPX_FAMILY_IPV4 || is_mapped(other)))
        return 0;
    if (four)
        return memcmp(one->bytes + (is_mapped(one) ? 12 : 0),
                      other->bytes + (is_mapped(other) ? 12 : 0), 4) == 0;
    if (one->scope != 0 && other->scope != 0 && one->scope != other->scope)
        return 0;
    return memcmp(one->bytes, other->bytes, 16) == 0;
}

int address_list_check(const struct sctpx_address *list, uint32_t size, uint32_t count)
{
    uint32_t i;

    if (count == 0 || list == NULL)
        return -SCTPX_EINVAL;
    if (count > size / sizeof *list)
        return -SCTPX_E2BIG;
    for (i = 1; i < count; i++)
        if (list[i].port != list[0].port)
            return -SCTPX_EINVAL;
    return 0;
}

int address_list_pack(const struct sctpx_address *list, uint32_t size, uint32_t count,
                      uint32_t family, void **packed)
{
    union address_native native;
    uint8_t *bytes;
    int used = 0, length;
    uint32_t i;

    *packed = NULL;
    length = address_list_check(list, size, count);
    if (length < 0)
        return length;
    if (count > 65536)
        return -SCTPX_E2BIG;
    bytes = malloc(count * sizeof(struct sockaddr_in6));
    if (bytes == NULL)
        return -SCTPX_ENOMEM;
    for (i = 0; i < count; i++) {
        length = address_to_native(&list[i], family, &native);
        if (length < 0) {
            free(bytes);
            return length;
        }
        memcpy(bytes + used, &native, (size_t)length);
        used += length;
    }
    *packed = bytes;
    return used;
}

int address_list_unpack(const void *packed, size_t size, uint32_t count, uint32_t family,
                        struct sctpx_address *list, uint32_t capacity)
{
    const uint8_t *bytes = packed;
    struct sctpx_address spare;
    size_t used = 0;
    uint32_t i;

    for (i = 0; i < count; i++) {
        int length = address_from_native(bytes + used, size - used, family,
                                         i < capacity ? &list[i] : &spare);
        if (length < 0)
            return length;
        used += (size_t)length;
    }
    return count <= INT32_MAX ? (int)count : -SCTPX_E2BIG;
}

_Static_assert(offsetof(struct sockaddr_in, sin_port) == offsetof(struct sockaddr_in6, sin6_port),
               "one place for the port");

uint16_t address_list_port(const void *packed)
{
    uint16_t port;

    memcpy(&port, (const uint8_t *)packed + offsetof(struct sockaddr_in, sin_port), sizeof port);
    return ntohs(port);
}

void address_list_set_port(void *packed, uint32_t count, uint16_t port)
{
    uint8_t *bytes = packed;
    uint16_t native = htons(port);

    for (; count > 0; count--) {
        memcpy(bytes + offsetof(struct sockaddr_in, sin_port), &native, sizeof native);
        bytes += address_length(bytes);
    }
}
