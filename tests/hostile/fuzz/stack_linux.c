/* SPDX-License-Identifier: MIT */
/* A kernel that says anything.  These stand before the C library's, for libsctp too. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "input.h"
#include "posix/address.h"
#include "posix/error.h"
#include "posix/kernel/control.h"
#include "posix/kernel/kernel.h"
#include "stack.h"

static volatile uint8_t touched;

static void touch(const void *bytes, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++)
        touched ^= ((const uint8_t *)bytes)[i];
}

static int refuse(void)
{
    static const int numbers[] = {
        EINVAL, ENOPROTOOPT, EOPNOTSUPP, ENOTCONN,     ECONNRESET, ETIMEDOUT, EAGAIN,      EPIPE,
        EACCES, ENOMEM,      EIO,        EHOSTUNREACH, EADDRINUSE, EISCONN,   EINPROGRESS, ENOENT};

    errno = numbers[take_8() % 16];
    return -1;
}

/* Whether the call fails; seldom, and not when the input is used up. */
static int fails(void)
{
    return take_8() % 8 == 7;
}

/* Socket addresses one after the other, of which the last may be of no family. */
static socklen_t fill_addresses(struct sctp_getaddrs *list, socklen_t size)
{
    size_t used = 0, room = size - sizeof *list;
    uint32_t i, count = take_8() % 24;

    for (i = 0; i < count; i++) {
        union address_native address;
        size_t length;

        (void)take(&address, sizeof address);
        if (address.any.sa_family % 4 != 3)
            address.any.sa_family = address.any.sa_family % 2 ? AF_INET6 : AF_INET;
        length = address.any.sa_family == AF_INET ? sizeof address.in : sizeof address.in6;
        if (length > room - used)
            break;
        memcpy(list->addrs + used, &address, length);
        used += length;
    }
    list->addr_num = i;
    return (socklen_t)used;
}

int getsockopt(int descriptor, int level, int name, void *value, socklen_t *size)
{
    (void)descriptor;
    if (fails())
        return refuse();
    if (level == IPPROTO_SCTP && (name == SCTP_GET_PEER_ADDRS || name == SCTP_GET_LOCAL_ADDRS)) {
        *size = fill_addresses(value, *size); /* without the head, says the kernel */
    } else {
        (void)take(value, *size);
        if (take_8() % 8 == 7)
            *size = take_8() % (*size + 1);
    }
    return 0;
}

int setsockopt(int descriptor, int level, int name, const void *value, socklen_t size)
{
    (void)descriptor;
    (void)level;
    (void)name;
    touch(value, size);
    return fails() ? refuse() : 0;
}

static ssize_t receive_one(struct msghdr *message)
{
    socklen_t room = message->msg_namelen;
    size_t length = take_16() % (message->msg_iov->iov_len + 1);

    if (fails())
        return refuse();
    (void)take(message->msg_iov->iov_base, length);
    message->msg_controllen = take_8() % (message->msg_controllen + 1);
    (void)take(message->msg_control, message->msg_controllen);
    /* It may be longer than what of it fitted. */
    message->msg_namelen = take_8() % 128;
    (void)take(message->msg_name, message->msg_namelen < room ? message->msg_namelen : room);
    message->msg_flags = (take_8() & 1 ? MSG_EOR : 0) | (take_8() & 1 ? MSG_NOTIFICATION : 0);
    return (ssize_t)length;
}

ssize_t recvmsg(int descriptor, struct msghdr *message, int flags)
{
    (void)descriptor;
    (void)flags;
    return receive_one(message);
}

int recvmmsg(int descriptor, struct mmsghdr *messages, unsigned count, int flags,
             struct timespec *timeout)
{
    unsigned i, wanted = take_8() % (count + 1);

    (void)descriptor;
    (void)flags;
    (void)timeout;
    for (i = 0; i < wanted; i++) {
        ssize_t got = receive_one(&messages[i].msg_hdr);

        if (got < 0)
            return i > 0 ? (int)i : -1;
        messages[i].msg_len = (unsigned)got;
    }
    return (int)wanted;
}

static void touch_message(const struct msghdr *message)
{
    size_t i;

    touch(message->msg_name, message->msg_namelen);
    touch(message->msg_control, message->msg_controllen);
    for (i = 0; i < message->msg_iovlen; i++)
        touch(message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags)
{
    (void)descriptor;
    (void)flags;
    touch_message(message);
    return fails() ? refuse() : 0;
}

int sendmmsg(int descriptor, struct mmsghdr *messages, unsigned count, int flags)
{
    unsigned i;

    (void)descriptor;
    (void)flags;
    for (i = 0; i < count && !fails(); i++)
        touch_message(&messages[i].msg_hdr);
    return i == 0 ? refuse() : (int)i;
}

int bind(int descriptor, const struct sockaddr *name, socklen_t length)
{
    (void)descriptor;
    touch(name, length);
    return fails() ? refuse() : 0;
}

int getsockname(int descriptor, struct sockaddr *name, socklen_t *length)
{
    (void)descriptor;
    if (fails())
        return refuse();
    (void)take(name, *length);
    *length = take_8();
    return 0;
}

int shutdown(int descriptor, int how)
{
    (void)descriptor;
    (void)how;
    return fails() ? refuse() : 0;
}

int64_t stack_handle(unsigned kind)
{
    static struct slot *slots[STACK_KINDS];
    static int64_t handles[STACK_KINDS];
    struct native *native;
    uint8_t state;

    if (slots[kind] == NULL) {
        int descriptor = open("/dev/null", O_RDWR);

        if (descriptor < 0 ||
            handle_wrap(descriptor, kind & 1 ? SCTPX_FAMILY_IPV6 : SCTPX_FAMILY_IPV4,
                        kind & 2 ? SCTPX_ONE_TO_MANY : SCTPX_ONE_TO_ONE, &slots[kind]) < 0)
            abort();
        handles[kind] = slot_publish(slots[kind]);
    }
    native = native_of(slots[kind]);
    state = take_8();
    native->peeled = (kind & 2) == 0 && (state & 4) != 0;
    atomic_store(&native->phase, state % 4);
    atomic_store(&native->ended, 0);
    atomic_store(&native->defaults, state >> 3 & 1);
    atomic_store(&native->partial, state >> 4 & 1);
    return handles[kind];
}

static void control(void)
{
    struct sctpx_received record = {0};
    size_t length;
    uint8_t *bytes = take_rest(&length);

    control_read(bytes, length, &record);
    free(bytes);
}

static void watch(void)
{
    struct slot *slot = NULL;
    int64_t handle = stack_handle(take_8() % STACK_KINDS);
    int complete = take_8() & 1;
    size_t length;
    uint8_t *raw = take_rest(&length);

    if (slot_enter(handle, &slot) < 0)
        abort();
    notification_watch(slot, raw, (uint32_t)length, complete);
    slot_leave(slot);
    free(raw);
}

void stack_parse(unsigned which)
{
    if (which % 2 == 0)
        control();
    else
        watch();
}
