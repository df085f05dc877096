/* SPDX-License-Identifier: MIT */
#include "posix/kernel/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int descriptor_prepare(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL);

    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0)
        return -1;
    return fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

static int prepared(int descriptor)
{
    int problem;

    if (descriptor < 0 || descriptor_prepare(descriptor) == 0)
        return descriptor;
    problem = errno;
    close(descriptor);
    errno = problem;
    return -1;
}

int descriptor_open(int domain, int type)
{
#ifdef SOCK_CLOEXEC
    return socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_SCTP);
#else
    return prepared(socket(domain, type, IPPROTO_SCTP));
#endif
}

int descriptor_accept(int descriptor, struct sockaddr *peer, socklen_t *size)
{
#if OS_ACCEPT4
    return accept4(descriptor, peer, size, SOCK_CLOEXEC | SOCK_NONBLOCK);
#else
    return prepared(accept(descriptor, peer, size));
#endif
}

int descriptor_peeloff(int descriptor, sctp_assoc_t id)
{
    return prepared(sctp_peeloff(descriptor, id));
}
