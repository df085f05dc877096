/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 reports of a message given up half-cut only what was cut.
 *
 *     cc half_cut.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * A large message may not be sent again (SCTP_PR_SCTP_RTX 0); it goes to a UDP port of nobody's.
 * What was sent of it is reported, in parts; of what was not cut into chunks yet nothing is,
 * neither then nor when the association ends.  A reliable message is reported to its last byte.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <usrsctp.h>

#define SIZE 100000

static struct socket *make(uint16_t udp_port)
{
    struct socket *so = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    struct sctp_udpencaps udp = {.sue_address.ss_family = AF_INET, .sue_port = htons(udp_port)};
    struct sctp_event event = {
        .se_assoc_id = SCTP_FUTURE_ASSOC, .se_type = SCTP_SEND_FAILED_EVENT, .se_on = 1};
    struct sctp_rtoinfo rto = {.srto_initial = 100, .srto_min = 100, .srto_max = 200};
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event);
    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_RTOINFO, &rto, sizeof rto);
    usrsctp_bind(so, (struct sockaddr *)&where, sizeof where);
    return so;
}

/* The bytes that are reported, until there is nothing to be read for three seconds. */
static long reported(struct socket *so)
{
    static union {
        struct sctp_send_failed_event event;
        char bytes[SIZE + 1000];
    } got;
    unsigned kind;
    int flags, idle = 0;
    long bytes = 0;
    socklen_t length;
    ssize_t size;

    while (idle < 300) {
        length = 0;
        kind = flags = 0;
        size = usrsctp_recvv(so, &got, sizeof got, NULL, NULL, NULL, &length, &kind, &flags);
        if (size == 0)
            break;
        if (size < 0) {
            usleep(10000);
            idle++;
        } else if ((flags & MSG_NOTIFICATION) != 0 && got.event.ssfe_type == SCTP_SEND_FAILED_EVENT)
            bytes += size - (ssize_t)sizeof got.event;
    }
    return bytes;
}

int main(int argc, char **argv)
{
    uint16_t port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    static char bytes[SIZE];
    struct sctp_udpencaps nowhere = {.sue_address.ss_family = AF_INET, .sue_port = htons(9)};
    struct sctp_sendv_spa how = {.sendv_flags = SCTP_SEND_PRINFO_VALID,
                                 .sendv_prinfo = {.pr_policy = SCTP_PR_SCTP_RTX, .pr_value = 0}};
    struct socket *listener, *client;
    struct sockaddr *address;
    long result;

    usrsctp_init(port, NULL, NULL);
    listener = make(port);
    client = make(port);
    usrsctp_listen(listener, 1);
    usrsctp_getladdrs(listener, 0, &address);
    usrsctp_connect(client, address, sizeof(struct sockaddr_in));
    usrsctp_accept(listener, NULL, NULL);
    usrsctp_set_non_blocking(client, 1);
    memcpy(&nowhere.sue_address, address, sizeof(struct sockaddr_in));
    if (usrsctp_setsockopt(client, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &nowhere,
                           sizeof nowhere) < 0)
        perror("SCTP_REMOTE_UDP_ENCAPS_PORT");
    result =
        usrsctp_sendv(client, bytes, sizeof bytes, NULL, 0, &how, sizeof how, SCTP_SENDV_SPA, 0);
    printf("bytes of the message: %ld, ", result);
    result = reported(client);
    printf("reported: %ld\n", result);
    return 0;
}
