/* SPDX-License-Identifier: MIT */
/* sctpx's addresses into sockaddrs and back. */
#ifndef SCTPX_POSIX_ADDRESS_H
#define SCTPX_POSIX_ADDRESS_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "sctpx.h"

/* Each backend defines it: 1 where the addresses of an IPv6 socket are all
 * sockaddr_in6, IPv4 mapped, and lists are arrays of one type. */
extern const int address_lists_are_arrays;

union address_native {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_storage storage;
};

/* The length of the sockaddr written, or -SCTPX_EAFNOSUPPORT for a family
 * that a socket of `family` does not take, -SCTPX_EINVAL for no family.
 * On an IPv6 socket an IPv4 address becomes a plain sockaddr_in, whichever of
 * its two forms it came in, but where lists are arrays. */
int address_to_native(const struct sctpx_address *address, uint32_t family,
                      union address_native *native);

/* The bytes that the sockaddr takes up, or -SCTPX_EINVAL when `size` bytes do
 * not hold it or its family is unknown (then `address` is all zero).  For a
 * socket of family IPv6, IPv4 comes out mapped. */
int address_from_native(const void *native, size_t size, uint32_t family,
                        struct sctpx_address *address);

/* Both forms of an IPv4 address are the same, as is any scope 0. */
int address_same_host(const struct sctpx_address *one, const struct sctpx_address *other);

/* 0; -SCTPX_EINVAL for an empty list, a NULL one or ports that differ;
 * -SCTPX_E2BIG when `count` addresses do not fit `size` bytes. */
int address_list_check(const struct sctpx_address *list, uint32_t size, uint32_t count);

/* Sockaddrs back to back, in memory for free(); checks the list first.  Their
 * bytes in all, or an error. */
int address_list_pack(const struct sctpx_address *list, uint32_t size, uint32_t count,
                      uint32_t family, void **packed);

/* Out of `count` sockaddrs back to back in at most `size` bytes; writes up to
 * `capacity`.  `count`, or an error. */
int address_list_unpack(const void *packed, size_t size, uint32_t count, uint32_t family,
                        struct sctpx_address *list, uint32_t capacity);

/* The sockaddr of a family that names no host and no port. */
void address_any(uint32_t family, union address_native *native);

/* Of a list that address_list_pack made: the bytes of the sockaddr at hand; the
 * first one's port, host order; another port for all. */
size_t address_length(const void *native);
uint16_t address_list_port(const void *packed);
void address_list_set_port(void *packed, uint32_t count, uint16_t port);

#endif
