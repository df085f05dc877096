/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 loops for ever when what is next to be sent is for another path than the
 * primary.
 *
 *     cc other_path.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * One message is sent to the peer's second address (SCTP_ADDR_OVER), non-blocking.  The default
 * scheduler looks for a stream with something for the first one, in a circle
 * (sctp_ss_default_select), and holds the association's lock all the while.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <usrsctp.h>

#define SECONDS 10

static void too_long(int number)
{
    (void)number;
    printf("usrsctp_sendv has not returned after %d seconds, %.0f of them of processor time\n",
           SECONDS, (double)clock() / CLOCKS_PER_SEC);
    fflush(stdout);
    _exit(1);
}

/* At both loopback addresses. */
static struct socket *make(uint16_t udp_port, uint16_t port)
{
    struct socket *so = usrsctp_socket(AF_INET6, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    struct sctp_udpencaps udp = {.sue_address.ss_family = AF_INET6, .sue_port = htons(udp_port)};
    struct sockaddr_in6 six = {
        .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT, .sin6_port = htons(port)};
    struct sockaddr_in four = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int off = 0;

    usrsctp_setsockopt(so, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    if (usrsctp_bindx(so, (struct sockaddr *)&six, 1, SCTP_BINDX_ADD_ADDR) < 0 ||
        usrsctp_bindx(so, (struct sockaddr *)&four, 1, SCTP_BINDX_ADD_ADDR) < 0)
        perror("usrsctp_bindx");
    return so;
}

int main(int argc, char **argv)
{
    uint16_t udp_port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    struct sockaddr_in6 first = {
        .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT, .sin6_port = htons(5000)};
    struct sockaddr_in second = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(5000)};
    struct sctp_sndinfo info = {.snd_flags = SCTP_ADDR_OVER};
    struct socket *listener, *client;

    usrsctp_init(udp_port, NULL, NULL);
    listener = make(udp_port, 5000);
    client = make(udp_port, 5001);
    usrsctp_listen(listener, 1);
    if (usrsctp_connect(client, (struct sockaddr *)&first, sizeof first) < 0)
        perror("usrsctp_connect");
    usrsctp_accept(listener, NULL, NULL);
    usrsctp_set_non_blocking(client, 1);
    sleep(1); /* both are confirmed */
    signal(SIGALRM, too_long);
    alarm(SECONDS);
    usrsctp_sendv(client, "message", 7, (struct sockaddr *)&second, 1, &info, sizeof info,
                  SCTP_SENDV_SNDINFO, 0);
    printf("sent\n");
    return 0;
}
