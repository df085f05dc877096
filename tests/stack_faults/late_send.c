/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 takes messages that it never sends.
 *
 *     cc late_send.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * Two threads of one process: one sends without end, the other, its peer, counts and then shuts the
 * association down.  usrsctp_sendv looks at the association's state, copies the message without a
 * lock, and queues it without another look: one that the SHUTDOWN comes under stays there, though
 * sendv said that it went.  SCTP_SEND_FAILED_EVENT, when on, is queued for it after all else that
 * is there to read was told not to refer to the association any more: reading it is a use after
 * free.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <usrsctp.h>

#define ROUNDS 1000
#define BEFORE 20 /* messages that the peer waits for */

static uint16_t udp_port;
static long sent;

static struct socket *make(void)
{
    struct socket *so = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    struct sctp_udpencaps udp = {.sue_address.ss_family = AF_INET, .sue_port = htons(udp_port)};
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    usrsctp_bind(so, (struct sockaddr *)&where, sizeof where);
    return so;
}

static void *send_until_end(void *so)
{
    static char bytes[100];
    ssize_t size;

    sent = 0;
    usrsctp_set_non_blocking(so, 1);
    do {
        size = usrsctp_sendv(so, bytes, sizeof bytes, NULL, 0, NULL, 0, SCTP_SENDV_NOINFO, 0);
        sent += size > 0;
    } while (size > 0 || (size < 0 && errno == EWOULDBLOCK));
    return NULL;
}

static long receive(struct socket *so, long most)
{
    char bytes[100];
    long count = 0;

    for (; count < most; count++) {
        socklen_t length = 0;
        unsigned kind = 0;
        int flags = 0;

        if (usrsctp_recvv(so, bytes, sizeof bytes, NULL, NULL, NULL, &length, &kind, &flags) <= 0)
            break;
    }
    return count;
}

int main(int argc, char **argv)
{
    struct socket *listener, *client, *server;
    struct sockaddr *address;
    long lost = 0;
    int i;

    udp_port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    usrsctp_init(udp_port, NULL, NULL);
    listener = make();
    usrsctp_listen(listener, 1);
    usrsctp_getladdrs(listener, 0, &address);
    for (i = 0; i < ROUNDS; i++) {
        pthread_t sender;
        long received;

        client = make();
        usrsctp_connect(client, address, sizeof(struct sockaddr_in));
        server = usrsctp_accept(listener, NULL, NULL);
        pthread_create(&sender, NULL, send_until_end, client);
        received = receive(server, BEFORE);
        usrsctp_shutdown(server, SHUT_WR);
        received += receive(server, 1L << 40);
        pthread_join(sender, NULL);
        lost += sent - received;
        usrsctp_close(server);
        usrsctp_close(client);
    }
    printf("messages that were taken and never came, in %d associations: %ld\n", ROUNDS, lost);
    return 0;
}
