/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 ends an association when it has sent one chunk 30 times, and counts the probes
 * of a closed window.
 *
 *     cc sent_30_times.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * The peer's program does not read.  Its stack answers each probe, so it is not to be given up
 * (RFC 9260, 6.1 A), however long it takes.  The RTO is small here for the sake of haste, and
 * Association.Max.Retrans large, so that nothing else can end it.  With
 * usrsctp_sysctl_set_sctp_max_retran_chunk(0), before the rest, it stays open.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <usrsctp.h>

#define SECONDS 20

static struct socket *make(uint16_t udp_port, int receive_buffer)
{
    struct socket *so = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    struct sctp_udpencaps udp = {.sue_address.ss_family = AF_INET, .sue_port = htons(udp_port)};
    struct sctp_rtoinfo rto = {.srto_initial = 100, .srto_min = 100, .srto_max = 100};
    struct sctp_assocparams patient = {.sasoc_asocmaxrxt = 1000};
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_RTOINFO, &rto, sizeof rto);
    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_ASSOCINFO, &patient, sizeof patient);
    usrsctp_setsockopt(so, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    usrsctp_bind(so, (struct sockaddr *)&where, sizeof where);
    return so;
}

static int is_open(struct socket *so)
{
    struct sctp_status status;
    socklen_t length = sizeof status;

    memset(&status, 0, sizeof status);
    if (usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_STATUS, &status, &length) < 0)
        return 0;
    return status.sstat_state == SCTP_ESTABLISHED;
}

int main(int argc, char **argv)
{
    uint16_t port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    static char bytes[1000];
    struct socket *listener, *client;
    struct sockaddr *address;
    int rounds = 0;

    usrsctp_init(port, NULL, NULL);
    listener = make(port, 65536);
    client = make(port, 262144);
    usrsctp_listen(listener, 1);
    usrsctp_getladdrs(listener, 0, &address);
    usrsctp_connect(client, address, sizeof(struct sockaddr_in));
    usrsctp_accept(listener, NULL, NULL);
    usrsctp_set_non_blocking(client, 1);
    while (usrsctp_sendv(client, bytes, sizeof bytes, NULL, 0, NULL, 0, SCTP_SENDV_NOINFO, 0) > 0)
        ;
    while (rounds < SECONDS * 100 && is_open(client)) {
        usleep(10000);
        rounds++;
    }
    printf("%s after %.1f seconds\n", is_open(client) ? "open" : "ended", rounds / 100.0);
    return 0;
}
