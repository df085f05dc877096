/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 refuses to shut down or abort an association whose queue is full.
 *
 *     cc end_when_full.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * SCTP_EOF and SCTP_ABORT take no room, and a one-to-many socket has no other way to end one of its
 * associations; non-blocking, it gets EWOULDBLOCK for both, for as long as the peer acknowledges
 * nothing.  A queue is full of so many chunks that are not acknowledged, 512 by default.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <usrsctp.h>

static struct socket *make(uint16_t udp_port, int type)
{
    struct socket *so = usrsctp_socket(AF_INET, type, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    struct sctp_udpencaps udp = {.sue_address.ss_family = AF_INET, .sue_port = htons(udp_port)};
    struct sctp_sack_info late = {.sack_delay = 500, .sack_freq = 100000};
    struct sctp_assoc_value burst = {.assoc_id = SCTP_FUTURE_ASSOC, .assoc_value = 0};
    int window = 1 << 20, on = 1;
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_DELAYED_SACK, &late, sizeof late);
    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_MAX_BURST, &burst, sizeof burst);
    usrsctp_setsockopt(so, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_NODELAY, &on, sizeof on);
    usrsctp_bind(so, (struct sockaddr *)&where, sizeof where);
    return so;
}

static sctp_assoc_t only_association(struct socket *so)
{
    uint32_t ids[64] = {0};
    socklen_t length = sizeof ids;

    usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_GET_ASSOC_ID_LIST, ids, &length);
    return ids[1]; /* their number comes first */
}

static ssize_t send_to(struct socket *so, sctp_assoc_t association, uint16_t how, size_t size)
{
    static char bytes[1];
    struct sctp_sndinfo info = {.snd_assoc_id = association, .snd_flags = how};

    return usrsctp_sendv(so, bytes, size, NULL, 0, &info, sizeof info, SCTP_SENDV_SNDINFO, 0);
}

static void end(struct socket *so, sctp_assoc_t association, uint16_t how, const char *name)
{
    ssize_t result = send_to(so, association, how, 0);

    printf("%s: %s\n", name, result < 0 ? strerror(errno) : "done");
}

int main(int argc, char **argv)
{
    uint16_t port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    struct socket *listener, *client;
    struct sockaddr *address;
    sctp_assoc_t association;
    int queued = 0;

    usrsctp_init(port, NULL, NULL);
    usrsctp_sysctl_set_sctp_initial_cwnd(100); /* as large as it grows */
    listener = make(port, SOCK_STREAM);
    client = make(port, SOCK_SEQPACKET);
    usrsctp_listen(listener, 1);
    usrsctp_getladdrs(listener, 0, &address);
    usrsctp_connect(client, address, sizeof(struct sockaddr_in));
    usrsctp_accept(listener, NULL, NULL);
    association = only_association(client);
    usrsctp_set_non_blocking(client, 1);
    while (send_to(client, association, 0, 1) > 0)
        queued++;
    printf("%d messages queued\n", queued);
    end(client, association, SCTP_EOF, "SCTP_EOF");
    end(client, association, SCTP_ABORT, "SCTP_ABORT");
    return 0;
}
