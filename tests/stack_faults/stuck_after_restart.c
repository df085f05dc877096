/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 does not send to a peer that restarted while much was in flight to it.
 *
 *     cc stuck_after_restart.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * A client is killed, and another one begins on its port.  The server sends all the time: the one
 * that is back should get as much as the one before.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <usrsctp.h>

#define SERVER_PORT 5000
#define CLIENT_PORT 5001

static struct sockaddr_in at(uint16_t port)
{
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    where.sin_port = htons(port);
    return where;
}

static struct socket *make(uint16_t port, uint16_t peer_udp_port)
{
    struct socket *so = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    struct sctp_udpencaps udp = {.sue_address.ss_family = AF_INET};
    struct sockaddr_in where = at(port);

    udp.sue_port = htons(peer_udp_port);
    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    usrsctp_bind(so, (struct sockaddr *)&where, sizeof where);
    return so;
}

/* Reads until it is killed; each message is a byte to `count`. */
static pid_t client(uint16_t udp_port, int count)
{
    struct sockaddr_in server = at(SERVER_PORT);
    struct socket *so;
    char bytes[2000];
    pid_t child = fork();

    if (child != 0)
        return child;
    usrsctp_init((uint16_t)(udp_port + 1), NULL, NULL);
    so = make(CLIENT_PORT, udp_port);
    usrsctp_connect(so, (struct sockaddr *)&server, sizeof server);
    for (;;) {
        socklen_t length = 0;
        unsigned kind = 0;
        int flags = 0;

        if (usrsctp_recvv(so, bytes, sizeof bytes, NULL, NULL, NULL, &length, &kind, &flags) > 0)
            (void)!write(count, bytes, 1);
    }
}

static void serve(uint16_t udp_port)
{
    struct socket *listener, *so;
    char bytes[1000] = {0};

    usrsctp_init(udp_port, NULL, NULL);
    listener = make(SERVER_PORT, (uint16_t)(udp_port + 1));
    usrsctp_listen(listener, 1);
    so = usrsctp_accept(listener, NULL, NULL);
    for (;; usleep(1000))
        usrsctp_sendv(so, bytes, sizeof bytes, NULL, 0, NULL, 0, SCTP_SENDV_NOINFO, 0);
}

static int counted(int pipe)
{
    static char bytes[1 << 20];
    ssize_t got = read(pipe, bytes, sizeof bytes);

    return got > 0 ? (int)got : 0;
}

int main(int argc, char **argv)
{
    uint16_t port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    int count[2], before;
    pid_t server, first, second;

    (void)!pipe(count);
    fcntl(count[0], F_SETFL, O_NONBLOCK);
    server = fork();
    if (server == 0)
        serve(port);
    sleep(1);
    first = client(port, count[1]);
    sleep(3);
    kill(first, SIGKILL);
    waitpid(first, NULL, 0);
    before = counted(count[0]);
    usleep(500000);
    second = client(port, count[1]);
    sleep(6);
    printf("delivered to the first %d, to the second %d\n", before, counted(count[0]));
    kill(second, SIGKILL);
    kill(server, SIGKILL);
    return 0;
}
