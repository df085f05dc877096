/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 sends messages whose lifetime is long over.
 *
 *     cc late_message.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * A message that may live for 100 ms waits behind a window that the peer keeps closed for a second.
 * It should not be sent any more then (RFC 3758 section 4.1, RFC 6458 section 5.3.7), but arrives:
 * only before a retransmission, never before it sends, does the library look at the lifetime.
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
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    usrsctp_setsockopt(so, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    usrsctp_bind(so, (struct sockaddr *)&where, sizeof where);
    return so;
}

int main(int argc, char **argv)
{
    uint16_t port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    char bytes[65536] = {0};
    struct sctp_prinfo lifetime = {.pr_policy = SCTP_PR_SCTP_TTL, .pr_value = 100};
    struct socket *listener, *client, *server;
    struct sockaddr *address;
    int i, flags, late = 0, reliable = 0;
    unsigned kind;
    socklen_t length;

    usrsctp_init(port, NULL, NULL);
    listener = make(port, 16384);
    client = make(port, 16384);
    usrsctp_listen(listener, 1);
    usrsctp_getladdrs(listener, 0, &address);
    usrsctp_connect(client, address, sizeof(struct sockaddr_in));
    server = usrsctp_accept(listener, NULL, NULL);
    for (i = 0; i < 60; i++)
        usrsctp_sendv(client, bytes, 1000, NULL, 0, NULL, 0, SCTP_SENDV_NOINFO, 0);
    usrsctp_sendv(client, "late", 4, NULL, 0, &lifetime, sizeof lifetime, SCTP_SENDV_PRINFO, 0);
    sleep(1);
    usrsctp_set_non_blocking(server, 1);
    for (i = 0; i < 20; i++) {
        ssize_t size;

        do {
            length = 0;
            kind = 0;
            flags = 0;
            size = usrsctp_recvv(server, bytes, sizeof bytes, NULL, NULL, NULL, &length, &kind,
                                 &flags);
            reliable += size == 1000;
            late += size == 4;
        } while (size > 0);
        usleep(100000);
    }
    printf("reliable messages delivered: %d, late ones: %d\n", reliable, late);
    return 0;
}
