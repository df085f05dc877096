/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 drops reports of failed sends that its receive buffer has no room for.
 *
 *     cc dropped_reports.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * The peer takes a few messages into its small buffer, reads none and aborts.  All the others, of
 * those that were queued, should be reported; only as much is as the receive buffer holds.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <usrsctp.h>

static struct socket *make(uint16_t udp_port, int receive_buffer)
{
    struct socket *so = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    struct sctp_udpencaps udp = {.sue_address.ss_family = AF_INET, .sue_port = htons(udp_port)};
    struct sctp_event event = {
        .se_assoc_id = SCTP_FUTURE_ASSOC, .se_type = SCTP_SEND_FAILED_EVENT, .se_on = 1};
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event);
    usrsctp_setsockopt(so, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    usrsctp_bind(so, (struct sockaddr *)&where, sizeof where);
    return so;
}

int main(int argc, char **argv)
{
    uint16_t port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    char bytes[65536] = {0};
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    struct socket *listener, *client, *server;
    struct sockaddr *address;
    int flags, queued = 0, reported = 0;
    unsigned kind;
    socklen_t length;

    usrsctp_init(port, NULL, NULL);
    listener = make(port, 4096);
    client = make(port, 65536);
    usrsctp_listen(listener, 1);
    usrsctp_getladdrs(listener, 0, &address);
    usrsctp_connect(client, address, sizeof(struct sockaddr_in));
    server = usrsctp_accept(listener, NULL, NULL);
    usrsctp_set_non_blocking(client, 1);
    while (usrsctp_sendv(client, bytes, 1000, NULL, 0, NULL, 0, SCTP_SENDV_NOINFO, 0) > 0)
        queued++;
    usrsctp_setsockopt(server, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    usrsctp_close(server);
    usleep(500000);
    for (;;) {
        length = 0;
        kind = flags = 0;
        if (usrsctp_recvv(client, bytes, sizeof bytes, NULL, NULL, NULL, &length, &kind, &flags) <=
            0)
            break;
        reported += (flags & MSG_EOR) != 0;
    }
    printf("queued %d, reported %d\n", queued, reported);
    return 0;
}
