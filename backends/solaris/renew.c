/* SPDX-License-Identifier: MIT */
#include "solaris/renew.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "posix/address.h"
#include "posix/kernel/bind.h"
#include "posix/kernel/descriptor.h"
#include "solaris/events.h"

static const struct setting {
    int level;
    int name;
    socklen_t size;
} settings[] = {
    {SOL_SOCKET, SO_REUSEADDR, sizeof(int)},
    {SOL_SOCKET, SO_SNDBUF, sizeof(int)},
    {SOL_SOCKET, SO_RCVBUF, sizeof(int)},
    {SOL_SOCKET, SO_LINGER, sizeof(struct linger)},
    {IPPROTO_IPV6, IPV6_V6ONLY, sizeof(int)},
    {IPPROTO_SCTP, SCTP_RTOINFO, sizeof(struct sctp_rtoinfo)},
    {IPPROTO_SCTP, SCTP_ASSOCINFO, sizeof(struct sctp_assocparams)},
    {IPPROTO_SCTP, SCTP_INITMSG, sizeof(struct sctp_initmsg)},
    {IPPROTO_SCTP, SCTP_NODELAY, sizeof(int)},
    {IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, sizeof(struct sctp_paddrparams)},
    {IPPROTO_SCTP, SCTP_DEFAULT_SEND_PARAM, sizeof(struct sctp_sndrcvinfo)},
#ifdef SCTP_PRSCTP
    {IPPROTO_SCTP, SCTP_PRSCTP, sizeof(int)},
#endif
};

/* As far as it can be read and written. */
static void setting_copy(const struct setting *setting, int from, int to)
{
    _Alignas(16) uint8_t value[512];
    socklen_t size = setting->size;
    int result;

    memset(value, 0, sizeof value);
    result = setting->level == IPPROTO_SCTP
                 ? sctp_opt_info(from, 0, setting->name, value, &size)
                 : getsockopt(from, setting->level, setting->name, value, &size);
    if (result == 0)
        (void)setsockopt(to, setting->level, setting->name, value, setting->size);
}

void renew_remember(struct slot *slot)
{
    struct os_state *os = &native_of(slot)->os;
    void *packed = NULL;
    int count;

    renew_forget(slot);
    if (bind_port(slot, native_of(slot)->descriptor) <= 0)
        return;
    count = os_getladdrs(native_of(slot)->descriptor, 0, &packed);
    if (count > 0)
        os->locals = malloc((size_t)count * address_length(packed));
    if (os->locals != NULL) {
        memcpy(os->locals, packed, (size_t)count * address_length(packed));
        os->local_count = (uint32_t)count;
    }
    if (packed != NULL)
        os_freeladdrs(packed);
}

void renew_forget(struct slot *slot)
{
    struct os_state *os = &native_of(slot)->os;

    free(os->locals);
    os->locals = NULL;
    os->local_count = 0;
}

/* The old one goes with this, and the addresses that it was bound to. */
static int replace(int descriptor, int fresh)
{
    int problem, result = dup2(fresh, descriptor);

    problem = errno;
    close(fresh);
    errno = problem;
    return result < 0 ? -1 : descriptor_prepare(descriptor);
}

int renew(struct slot *slot)
{
    struct os_state *os = &native_of(slot)->os;
    int descriptor = native_of(slot)->descriptor;
    int domain = slot->family == SCTPX_FAMILY_IPV6 ? AF_INET6 : AF_INET;
    int fresh = descriptor_open(domain, SOCK_STREAM);
    size_t i;

    if (fresh < 0)
        return -1;
    for (i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (settings[i].level != IPPROTO_IPV6 || domain == AF_INET6)
            setting_copy(&settings[i], descriptor, fresh);
    if (replace(descriptor, fresh) < 0)
        return -1;
    if (events_apply(slot) != 0 ||
        (os->local_count > 0 && os_bindx(slot, descriptor, os->locals, os->local_count, 1) < 0)) {
        errno = EADDRINUSE;
        return -1;
    }
    return 0;
}
