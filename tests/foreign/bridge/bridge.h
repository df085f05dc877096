/* SPDX-License-Identifier: MIT */
/*
 * FreeBSD's libc for the object code of FreeBSD's shim, on Linux: what that
 * code leaves undefined, over libusrsctp.  Only what lies between two systems
 * is converted: sockaddrs with their sa_len, families, errnos, option and flag
 * numbers, descriptors.  What the shim is for is left to it.
 *
 * A descriptor is the one that the userland backend shows to poll(); so its
 * care for usrsctp (locks, the slow death of sockets) holds here too.
 */
#ifndef BRIDGE_H
#define BRIDGE_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "numbers.h" /* FB_x: FreeBSD's x, out of the table of its ABI */
#include "userland/endpoint.h"

struct fb_sockaddr {
    uint8_t sa_len;
    uint8_t sa_family;
    char sa_data[14];
};

struct fb_msghdr {
    void *msg_name;
    uint32_t msg_namelen;
    struct iovec *msg_iov;
    int msg_iovlen;
    void *msg_control;
    uint32_t msg_controllen;
    int msg_flags;
};

struct fb_cmsghdr {
    uint32_t cmsg_len;
    int cmsg_level;
    int cmsg_type;
};

/* What the layout of ancillary data is made of there. */
#define FB_ALIGN(length) (((length) + 7u) & ~(size_t)7u)
#define FB_HEAD FB_ALIGN(sizeof(struct fb_cmsghdr))

union any_address {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_storage storage;
};

/* Sets FreeBSD's errno from the host's; -1. */
int fail(int host_errno);
int fail_native(int errno_of_freebsd);
int errno_to_freebsd(int host_errno);

/* One sockaddr; the bytes it has, or 0 for what FreeBSD would refuse: an
 * unknown family, an sa_len that is not exact.  In place is fine. */
size_t address_to_host(const void *foreign, union any_address *host);
size_t address_from_host(const void *host, void *foreign);

/* A sockaddr inside of an option or a notification: its head alone. */
void head_to_host(void *address);
void head_from_host(void *address);

/* The socket of a descriptor, held until it is left; NULL sets errno. */
struct held {
    struct slot *slot;
    struct socket *so;
    struct state *state;
};
struct state {
    int64_t handle; /* 0: none */
    int told;       /* SO_ERROR was read, which usrsctp forgets to clear */
    int only_v6;
    int waits; /* O_NONBLOCK is off: for a call that also says so */
    int listening;
    int type;
};
int hold(int descriptor, struct held *held);
void let_go(struct held *held);
int is_ours(int descriptor);
/* A descriptor for a socket that has a handle. */
int descriptor_of(int64_t handle, const struct state *like, int type);
void state_end(int descriptor);

#endif
