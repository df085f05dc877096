/* SPDX-License-Identifier: MIT */
/* When the peer restarts, usrsctp drops what was in flight to it, but each path
 * still counts it as such.  A path whose congestion window that fills is never
 * sent to again: no acknowledgement can come.  So the windows are made larger
 * by what may be counted; with the first acknowledgement the count is right. */
#include "userland/restart.h"

#include <pthread.h>
#include <string.h>

#include "posix/slot.h"
#include "userland/endpoint.h"

#define FRESH 3           /* packets; what usrsctp begins with */
#define LEAST_PACKET 512u /* usrsctp's least MTU */

/* The initial window is the library's, not the association's. */
static pthread_mutex_t initial = PTHREAD_MUTEX_INITIALIZER;

static uint32_t packets_of_path(struct socket *so, sctp_assoc_t id, const struct sockaddr *peer,
                                size_t size)
{
    struct sctp_paddrinfo path;
    socklen_t length = sizeof path;
    uint32_t mtu;

    memset(&path, 0, sizeof path);
    path.spinfo_assoc_id = id;
    memcpy(&path.spinfo_address, peer, size);
    if (usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_GET_PEER_ADDR_INFO, &path, &length) < 0)
        return 0;
    mtu = path.spinfo_mtu > LEAST_PACKET ? path.spinfo_mtu : LEAST_PACKET;
    return path.spinfo_cwnd / mtu + 1;
}

/* The largest window of any path, in packets. */
static uint32_t packets_of(struct socket *so, sctp_assoc_t id)
{
    struct sockaddr *packed = NULL;
    const char *next;
    uint32_t here, most = 0;
    size_t size;
    int count = usrsctp_getpaddrs(so, id, &packed);

    for (next = (const char *)packed; count > 0; count--, next += size) {
        const struct sockaddr *peer = (const void *)next;

        size = sizeof(struct sockaddr_in);
        if (peer->sa_family == AF_INET6)
            size = sizeof(struct sockaddr_in6);
        here = packets_of_path(so, id, peer, size);
        most = here > most ? here : most;
    }
    if (packed != NULL)
        usrsctp_freepaddrs(packed);
    return most;
}

static int value_get(struct socket *so, int name, struct sctp_assoc_value *value)
{
    socklen_t length = sizeof *value;

    return usrsctp_getsockopt(so, IPPROTO_SCTP, name, value, &length);
}

static void value_set(struct socket *so, int name, struct sctp_assoc_value value)
{
    (void)usrsctp_setsockopt(so, IPPROTO_SCTP, name, &value, sizeof value);
}

/* To choose the congestion control, be it the same, begins its windows anew;
 * they are as large as usrsctp_sysctl_set_sctp_initial_cwnd and the burst let
 * them be. */
static void windows_widen(struct socket *so, sctp_assoc_t id)
{
    struct sctp_assoc_value control = {.assoc_id = id}, burst = {.assoc_id = id};
    struct sctp_assoc_value unlimited = {.assoc_id = id};
    uint32_t before;

    if (value_get(so, SCTP_PLUGGABLE_CC, &control) < 0 || value_get(so, SCTP_MAX_BURST, &burst) < 0)
        return;
    pthread_mutex_lock(&initial);
    before = usrsctp_sysctl_get_sctp_initial_cwnd();
    value_set(so, SCTP_MAX_BURST, unlimited);
    usrsctp_sysctl_set_sctp_initial_cwnd(packets_of(so, id) + FRESH);
    value_set(so, SCTP_PLUGGABLE_CC, control);
    usrsctp_sysctl_set_sctp_initial_cwnd(before);
    value_set(so, SCTP_MAX_BURST, burst);
    pthread_mutex_unlock(&initial);
}

void restart_look(struct slot *slot, const void *notification, size_t length)
{
    struct sctp_assoc_change change;

    if (length < sizeof change)
        return;
    memcpy(&change, notification, sizeof change);
    if (change.sac_type == SCTP_ASSOC_CHANGE && change.sac_state == SCTP_RESTART)
        windows_widen(endpoint_of(slot)->so, change.sac_assoc_id);
}
