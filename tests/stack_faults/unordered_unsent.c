/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 reports an unordered message that was never sent as if it were ordered.
 *
 *     cc unordered_unsent.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * The peer does not read, and aborts: what was queued is reported, with the flags of the send (RFC
 * 6458, 6.1.11).  Those of messages that were not cut into chunks yet do not tell of the order.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <usrsctp.h>

#define CHUNK_UNORDERED 4 /* in place of SCTP_UNORDERED, of what was sent */

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

/* Counts what is reported: [1] of messages that are told to be unordered, [0] of others. */
static void count(struct socket *so, int unsent[2], int sent[2])
{
    union {
        struct sctp_send_failed_event event;
        char bytes[2000];
    } got;
    unsigned kind;
    int flags;
    socklen_t length;

    for (;;) {
        length = 0;
        kind = flags = 0;
        if (usrsctp_recvv(so, &got, sizeof got, NULL, NULL, NULL, &length, &kind, &flags) <= 0)
            return;
        if ((flags & MSG_NOTIFICATION) == 0 || got.event.ssfe_type != SCTP_SEND_FAILED_EVENT)
            continue;
        ((got.event.ssfe_flags & SCTP_DATA_SENT) != 0
             ? sent
             : unsent)[(got.event.ssfe_info.snd_flags & (SCTP_UNORDERED | CHUNK_UNORDERED)) != 0]++;
    }
}

int main(int argc, char **argv)
{
    uint16_t port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    static char bytes[1000];
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    struct sctp_sndinfo info = {.snd_flags = SCTP_UNORDERED};
    struct socket *listener, *client, *server;
    struct sockaddr *address;
    int i, unsent[2] = {0}, sent[2] = {0};

    usrsctp_init(port, NULL, NULL);
    listener = make(port, 4096);
    client = make(port, 65536);
    usrsctp_listen(listener, 1);
    usrsctp_getladdrs(listener, 0, &address);
    usrsctp_connect(client, address, sizeof(struct sockaddr_in));
    server = usrsctp_accept(listener, NULL, NULL);
    usrsctp_set_non_blocking(client, 1);
    for (i = 0; i < 30; i++)
        usrsctp_sendv(client, bytes, sizeof bytes, NULL, 0, &info, sizeof info, SCTP_SENDV_SNDINFO,
                      0);
    usrsctp_setsockopt(server, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    usrsctp_close(server);
    usleep(500000);
    count(client, unsent, sent);
    printf("sent, and reported: %d unordered, %d ordered\n", sent[1], sent[0]);
    printf("not sent, and reported: %d unordered, %d ordered\n", unsent[1], unsent[0]);
    return 0;
}
