/* SPDX-License-Identifier: MIT */
/* A libusrsctp that says anything: these stand before the library's own. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

#include "input.h"
#include "posix/address.h"
#include "stack.h"
#include "userland/endpoint.h"

static volatile uint8_t touched;
static char body; /* what the only socket points to */

static void touch(const void *bytes, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++)
        touched ^= ((const uint8_t *)bytes)[i];
}

static int refuse(void)
{
    static const int numbers[] = {
        EINVAL, ENOPROTOOPT, EOPNOTSUPP, ENOTCONN,     ECONNRESET, ETIMEDOUT, EAGAIN,       EPIPE,
        EACCES, ENOMEM,      EIO,        ECONNREFUSED, EADDRINUSE, EALREADY,  ECONNABORTED, ENOENT};

    errno = numbers[take_8() % 16];
    return -1;
}

/* Whether the call fails; seldom, and not when the input is used up. */
static int fails(void)
{
    return take_8() % 8 == 7;
}

struct socket *usrsctp_socket(int domain, int type, int protocol,
                              int (*receive)(struct socket *, union sctp_sockstore, void *, size_t,
                                             struct sctp_rcvinfo, int, void *),
                              int (*send)(struct socket *, uint32_t, void *), uint32_t threshold,
                              void *argument)
{
    (void)domain;
    (void)type;
    (void)protocol;
    (void)receive;
    (void)send;
    (void)threshold;
    (void)argument;
    if (fails()) {
        (void)refuse();
        return NULL;
    }
    return (struct socket *)(void *)&body;
}

void usrsctp_close(struct socket *so)
{
    (void)so;
}

int usrsctp_getsockopt(struct socket *so, int level, int name, void *value, socklen_t *size)
{
    (void)so;
    (void)level;
    (void)name;
    if (fails())
        return refuse();
    (void)take(value, *size);
    if (take_8() % 8 == 7)
        *size = take_8() % (*size + 1);
    return 0;
}

int usrsctp_setsockopt(struct socket *so, int level, int name, const void *value, socklen_t size)
{
    (void)so;
    (void)level;
    (void)name;
    touch(value, size);
    return fails() ? refuse() : 0;
}

ssize_t usrsctp_recvv(struct socket *so, void *bytes, size_t size, struct sockaddr *from,
                      socklen_t *from_length, void *info, socklen_t *info_length, unsigned *kind,
                      int *flags)
{
    size_t length = take_16() % (size + 1);

    (void)so;
    if (fails())
        return refuse();
    (void)take(bytes, length);
    if (from != NULL) {
        *from_length = take_8() % (*from_length + 1);
        (void)take(from, *from_length);
    }
    *info_length = take_8() % (*info_length + 1);
    (void)take(info, *info_length);
    *kind = take_8() % 4;
    *flags = (take_8() & 1 ? MSG_EOR : 0) | (take_8() & 1 ? MSG_NOTIFICATION : 0);
    return (ssize_t)length;
}

/* The shim waits for what this stack says at random. */
int nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)wanted;
    (void)left;
    return 0;
}

ssize_t usrsctp_sendv(struct socket *so, const void *data, size_t length, struct sockaddr *to,
                      int count, void *info, socklen_t info_length, unsigned kind, int flags)
{
    (void)so;
    (void)kind;
    (void)flags;
    touch(data, length);
    if (count > 0)
        touch(to,
              to->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
    touch(info, info_length);
    return fails() ? refuse() : (ssize_t)(take_8() & 1 ? length : take_8());
}

/* Socket addresses one after the other, of which the last may be of no family. */
static int fill_addresses(struct sockaddr **packed)
{
    uint32_t i, count = take_8() % 24;
    uint8_t *bytes;
    size_t used = 0;

    *packed = NULL;
    if (fails())
        return refuse();
    bytes = exactly(count * sizeof(struct sockaddr_in6));
    for (i = 0; i < count; i++) {
        union address_native address;
        size_t length;

        (void)take(&address, sizeof address);
        if (address.any.sa_family % 4 != 3)
            address.any.sa_family = address.any.sa_family % 2 ? AF_INET6 : AF_INET;
        length = address.any.sa_family == AF_INET ? sizeof address.in : sizeof address.in6;
        memcpy(bytes + used, &address, length);
        used += length;
    }
    *packed = (struct sockaddr *)(void *)bytes;
    return (int)count;
}

int usrsctp_getpaddrs(struct socket *so, sctp_assoc_t id, struct sockaddr **packed)
{
    (void)so;
    (void)id;
    return fill_addresses(packed);
}

int usrsctp_getladdrs(struct socket *so, sctp_assoc_t id, struct sockaddr **packed)
{
    (void)so;
    (void)id;
    return fill_addresses(packed);
}

void usrsctp_freepaddrs(struct sockaddr *packed)
{
    free(packed);
}

void usrsctp_freeladdrs(struct sockaddr *packed)
{
    free(packed);
}

int usrsctp_bindx(struct socket *so, struct sockaddr *packed, int count, int flags)
{
    (void)so;
    (void)count;
    (void)flags;
    touch(packed,
          packed->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
    return fails() ? refuse() : 0;
}

int usrsctp_connectx(struct socket *so, const struct sockaddr *packed, int count, sctp_assoc_t *id)
{
    const uint8_t *next = (const uint8_t *)packed;

    (void)so;
    for (; count > 0; count--) {
        sa_family_t family = ((const struct sockaddr *)(const void *)next)->sa_family;
        size_t length =
            family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);

        touch(next, length);
        next += length;
    }
    *id = take_32();
    return fails() ? refuse() : 0;
}

sctp_assoc_t usrsctp_getassocid(struct socket *so, struct sockaddr *address)
{
    (void)so;
    touch(address,
          address->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
    return take_32();
}

int usrsctp_get_events(struct socket *so)
{
    (void)so;
    return take_8();
}

int64_t stack_handle(unsigned kind)
{
    static struct slot *slots[STACK_KINDS];
    static int64_t handles[STACK_KINDS];
    struct endpoint *endpoint;
    uint8_t state;

    if (slots[kind] == NULL) {
        if (slot_new(&slots[kind]) < 0)
            abort();
        slots[kind]->family = kind & 1 ? SCTPX_FAMILY_IPV6 : SCTPX_FAMILY_IPV4;
        slots[kind]->style = kind & 2 ? SCTPX_ONE_TO_MANY : SCTPX_ONE_TO_ONE;
        endpoint_of(slots[kind])->so = (struct socket *)(void *)&body;
        handles[kind] = slot_publish(slots[kind]);
    }
    endpoint = endpoint_of(slots[kind]);
    state = take_8();
    endpoint->upcalls = 0;
    endpoint->read_blocked = 0;
    endpoint->write_blocked = 0;
    endpoint->kept_error = 0;
    memset(&endpoint->part, 0, sizeof endpoint->part);
    atomic_store(&endpoint->stage, state % 6);
    atomic_store(&endpoint->association, 0);
    atomic_store(&endpoint->has_defaults, state >> 3 & 1);
    atomic_store(&endpoint->whole_only, state >> 4 & 1);
    atomic_store(&endpoint->sets_up, state >> 5 & 1);
    atomic_store(&endpoint->wants_next, state >> 6 & 1);
    atomic_store(&endpoint->own_mtu, state >> 7 & 1);
    atomic_store(&endpoint->local_only, 0);
    atomic_store(&endpoint->aborts, 0);
    atomic_store(&endpoint->aborted, 0);
    return handles[kind];
}

void stack_parse(unsigned which)
{
    (void)which;
}
