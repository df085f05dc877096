/* SPDX-License-Identifier: MIT */
#include "userland/datagram.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix/error.h"

#define ATTEMPTS 16
#define WANTED_BUFFER (4 * 1024 * 1024)
#define DEFAULT_ROOM 131072u
#ifdef SOCK_CLOEXEC
#define PROBE_TYPE (SOCK_DGRAM | SOCK_CLOEXEC)
#else
#define PROBE_TYPE SOCK_DGRAM
#endif

static int adopted[4];
static int adopted_count;
static uint32_t room = DEFAULT_ROOM;

static int family_socket(int family)
{
    int on = 1, descriptor = socket(family, PROBE_TYPE, IPPROTO_UDP);

    if (descriptor < 0)
        return -1;
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    if (family == AF_INET6 &&
        setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

/* Binds and lets go; the port, or minus an errno. */
static int port_try(int family, uint16_t port)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    socklen_t length = family == AF_INET ? sizeof in : sizeof in6;
    struct sockaddr *name = family == AF_INET ? (struct sockaddr *)&in : (struct sockaddr *)&in6;
    int problem, descriptor = family_socket(family);

    if (descriptor < 0)
        return -errno;
    memset(&in, 0, sizeof in);
    memset(&in6, 0, sizeof in6);
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(port);
    problem = bind(descriptor, name, length) < 0 || getsockname(descriptor, name, &length) < 0
                  ? errno
                  : 0;
    close(descriptor);
    if (problem != 0)
        return -problem;
    return ntohs(family == AF_INET ? in.sin_port : in6.sin6_port);
}

int datagram_port(uint16_t wanted, int *sockets)
{
    int attempt, port = -EADDRINUSE, second;

    for (attempt = 0; attempt < ATTEMPTS; attempt++) {
        port = port_try(AF_INET, wanted);
        if (port < 0)
            break;
        second = port_try(AF_INET6, (uint16_t)port);
        *sockets = second < 0 ? 1 : 2;
        if (second != -EADDRINUSE)
            return port;
        port = second;
        if (wanted != 0)
            break;
    }
    return -error_of(SCTPX_CALL_BIND, -port);
}

int datagram_affordable(int sockets)
{
    int descriptor = family_socket(AF_INET), problem = errno;

    if (descriptor < 0)
        return problem;
    problem = sockets > 0 ? datagram_affordable(sockets - 1) : 0;
    close(descriptor);
    return problem;
}

static int bound_to(int descriptor, uint16_t port)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage storage;
    } name;
    socklen_t length = sizeof name;
    int type = 0;
    socklen_t type_length = sizeof type;

    if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &type_length) < 0 ||
        type != SOCK_DGRAM || getsockname(descriptor, &name.any, &length) < 0)
        return 0;
    if (name.any.sa_family == AF_INET)
        return ntohs(name.in.sin_port) == port;
    return name.any.sa_family == AF_INET6 && ntohs(name.in6.sin6_port) == port;
}

static void buffer_grow(int descriptor, int option, int force)
{
    int wanted = WANTED_BUFFER;

    /* Above the system's limit where privilege allows, else up to it. */
    if (force == 0 || setsockopt(descriptor, SOL_SOCKET, force, &wanted, sizeof wanted) < 0)
        setsockopt(descriptor, SOL_SOCKET, option, &wanted, sizeof wanted);
}

static void socket_care(int descriptor)
{
    int granted = 0;
    socklen_t length = sizeof granted;
    uint32_t usable;

    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
#ifdef SO_RCVBUFFORCE
    buffer_grow(descriptor, SO_RCVBUF, SO_RCVBUFFORCE);
    buffer_grow(descriptor, SO_SNDBUF, SO_SNDBUFFORCE);
#else
    buffer_grow(descriptor, SO_RCVBUF, 0);
    buffer_grow(descriptor, SO_SNDBUF, 0);
#endif
    if (getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &granted, &length) < 0 || granted <= 0)
        return;
    usable = (uint32_t)granted;
#ifdef __linux__
    usable /= 2; /* the other half is the kernel's own bookkeeping */
#endif
    if (adopted_count == 0 || usable < room)
        room = usable;
    if (adopted_count < (int)(sizeof adopted / sizeof adopted[0]))
        adopted[adopted_count++] = descriptor;
}

int datagram_adopt(uint16_t port)
{
    DIR *open_ones = opendir("/proc/self/fd");
    struct dirent *entry;
    long i, limit;

    adopted_count = 0;
    if (open_ones == NULL)
        open_ones = opendir("/dev/fd");
    if (open_ones != NULL) {
        while ((entry = readdir(open_ones)) != NULL)
            if (entry->d_name[0] != '.' && bound_to(atoi(entry->d_name), port))
                socket_care(atoi(entry->d_name));
        closedir(open_ones);
    }
    if (adopted_count > 0)
        return adopted_count;
    limit = sysconf(_SC_OPEN_MAX);
    for (i = 0; i < limit && i < 65536; i++)
        if (bound_to((int)i, port))
            socket_care((int)i);
    return adopted_count;
}

uint32_t datagram_room(void)
{
    return room;
}

void datagram_close(void)
{
    int i;

    for (i = 0; i < adopted_count; i++)
        close(adopted[i]);
    adopted_count = 0;
}
