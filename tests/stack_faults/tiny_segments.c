/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 sends nothing for ever with a segment (SCTP_MAXSEG) of one to three bytes.
 *
 *     cc tiny_segments.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * It rounds down to whole words: a piece of a message then has none.  The option is taken, and so
 * is the message.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <usrsctp.h>

#define SECONDS 5

static struct socket *make(uint16_t udp_port)
{
    struct socket *so = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    struct sctp_udpencaps udp = {.sue_address.ss_family = AF_INET, .sue_port = htons(udp_port)};
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    usrsctp_bind(so, (struct sockaddr *)&where, sizeof where);
    return so;
}

/* The first bytes that come, or -1 when there are none in some seconds. */
static ssize_t received(struct socket *so)
{
    char bytes[100];
    int flags, rounds;
    unsigned kind;
    socklen_t length;
    ssize_t size = -1;

    usrsctp_set_non_blocking(so, 1);
    for (rounds = 0; rounds < SECONDS * 100 && size < 0; rounds++) {
        length = 0;
        kind = flags = 0;
        size = usrsctp_recvv(so, bytes, sizeof bytes, NULL, NULL, NULL, &length, &kind, &flags);
        usleep(10000);
    }
    return size;
}

int main(int argc, char **argv)
{
    uint16_t port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    struct socket *listener, *client, *server;
    struct sctp_assoc_value segment = {.assoc_id = SCTP_FUTURE_ASSOC};
    struct sockaddr *address;
    int result;

    usrsctp_init(port, NULL, NULL);
    listener = make(port);
    usrsctp_listen(listener, 1);
    usrsctp_getladdrs(listener, 0, &address);
    for (segment.assoc_value = 5; segment.assoc_value > 0; segment.assoc_value--) {
        client = make(port);
        result = usrsctp_setsockopt(client, IPPROTO_SCTP, SCTP_MAXSEG, &segment, sizeof segment);
        printf("segments of %u: %s; ", segment.assoc_value, result < 0 ? strerror(errno) : "taken");
        usrsctp_connect(client, address, sizeof(struct sockaddr_in));
        server = usrsctp_accept(listener, NULL, NULL);
        usrsctp_sendv(client, "message", 7, NULL, 0, NULL, 0, SCTP_SENDV_NOINFO, 0);
        printf("%s\n", received(server) == 7 ? "the message came" : "nothing comes");
        fflush(stdout);
    }
    return 0;
}
