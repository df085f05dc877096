/* SPDX-License-Identifier: MIT */
#include "posix/kernel/rows.h"

#include <unistd.h>

#include "posix/kernel/backend.h"

static uint64_t namespace_of(int descriptor)
{
    uint64_t cookie = 0;
    socklen_t size = sizeof cookie;

    /* Linux 5.14; before it all are taken for one. */
    if (getsockopt(descriptor, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) < 0)
        return 0;
    return cookie;
}

/* What this thread reads of net.sctp need not be true of the socket. */
static int is_elsewhere(const struct slot *slot)
{
    int here = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), differs;

    if (here < 0)
        return 1;
    differs = namespace_of(here) != namespace_of(native_of(slot)->descriptor);
    close(here);
    return differs;
}

/* Without a UDP port of its own the kernel takes a peer's, and goes on to send plain SCTP. */
int encapsulation_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    (void)native;
    if (option->fields[0] != 0 && os_sysctl("udp_port") == 0 && !is_elsewhere(slot))
        return -SCTPX_EUNSUPPORTED;
    return 0;
}
