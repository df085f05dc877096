/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 loses an association for good whose packet is in more than 32 buffers (mbufs).
 *
 *     cc too_many_buffers.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * The path MTU is 32000, less than loopback's.  Messages of 3000 bytes fill a packet in more pieces
 * of memory than what gives it to sendmsg() takes (MAXLEN_MBUF_CHAIN): it is dropped, and made in
 * the very same way at each retransmission.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <usrsctp.h>

#define PATH_MTU 32000
#define MESSAGES 40
#define SECONDS 10

static struct socket *make(uint16_t udp_port)
{
    struct socket *so = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    struct sctp_udpencaps udp = {.sue_address.ss_family = AF_INET, .sue_port = htons(udp_port)};
    struct sctp_paddrparams path = {
        .spp_address.ss_family = AF_INET, .spp_pathmtu = PATH_MTU, .spp_flags = SPP_PMTUD_DISABLE};
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &path, sizeof path);
    usrsctp_bind(so, (struct sockaddr *)&where, sizeof where);
    return so;
}

/* How many there are within so many seconds. */
static int received(struct socket *so)
{
    char bytes[5000];
    int flags, rounds, count = 0;
    unsigned kind;
    socklen_t length;
    ssize_t size;

    usrsctp_set_non_blocking(so, 1);
    for (rounds = 0; rounds < SECONDS * 100 && count < MESSAGES; rounds++) {
        do {
            length = 0;
            kind = flags = 0;
            size = usrsctp_recvv(so, bytes, sizeof bytes, NULL, NULL, NULL, &length, &kind, &flags);
            count += size > 0 && (flags & MSG_EOR) != 0;
        } while (size > 0);
        usleep(10000);
    }
    return count;
}

int main(int argc, char **argv)
{
    uint16_t port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    static char bytes[5000];
    struct socket *listener, *client, *server;
    struct sockaddr *address;
    int sent = 0, size;

    for (size = 1000; size <= 5000; size += 2000) {
        if (sent == 0)
            usrsctp_init(port, NULL, NULL);
        listener = make(port);
        client = make(port);
        usrsctp_listen(listener, 1);
        usrsctp_getladdrs(listener, 0, &address);
        usrsctp_connect(client, address, sizeof(struct sockaddr_in));
        server = usrsctp_accept(listener, NULL, NULL);
        for (sent = 0; sent < MESSAGES; sent++)
            usrsctp_sendv(client, bytes, (size_t)size, NULL, 0, NULL, 0, SCTP_SENDV_NOINFO, 0);
        printf("of %d messages of %d bytes came %d\n", sent, size, received(server));
        fflush(stdout);
    }
    return 0;
}
