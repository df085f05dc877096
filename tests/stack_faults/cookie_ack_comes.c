/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 forgets a message that is sent while the COOKIE-ACK of its association comes in.
 *
 *     cc cookie_ack_comes.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * usrsctp_sendv finds that the association is not up yet: the message is only to be queued.  If it
 * comes up before that is done, nobody looks at the queue until something else is to be sent.  The
 * sending thread is held up wherever it lets go of a lock, as any scheduler may do.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <usrsctp.h>

#define ROUNDS 200
#define SECONDS 3

static uint16_t udp_port;
static _Thread_local int sending;

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    static int (*unlock)(pthread_mutex_t *);
    int result;

    if (unlock == NULL)
        unlock = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_unlock");
    result = unlock(mutex);
    if (sending)
        usleep(50);
    return result;
}

static struct socket *make(void)
{
    struct socket *so = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    struct sctp_udpencaps udp = {.sue_address.ss_family = AF_INET, .sue_port = htons(udp_port)};
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    usrsctp_bind(so, (struct sockaddr *)&where, sizeof where);
    return so;
}

static int came(struct socket *so)
{
    char bytes[100];
    int flags, rounds;
    unsigned kind;
    socklen_t length;
    ssize_t size = -1;

    usrsctp_set_non_blocking(so, 1);
    for (rounds = 0; rounds < SECONDS * 1000 && size < 0; rounds++) {
        length = 0;
        kind = flags = 0;
        size = usrsctp_recvv(so, bytes, sizeof bytes, NULL, NULL, NULL, &length, &kind, &flags);
        if (size < 0)
            usleep(1000);
    }
    return size > 0;
}

int main(int argc, char **argv)
{
    struct socket *listener, *client, *server;
    struct sockaddr *address;
    ssize_t sent;
    int round, missing = 0;

    udp_port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    usrsctp_init(udp_port, NULL, NULL);
    listener = make();
    usrsctp_listen(listener, 5);
    usrsctp_getladdrs(listener, 0, &address);
    for (round = 0; round < ROUNDS; round++) {
        client = make();
        usrsctp_set_non_blocking(client, 1);
        usrsctp_connect(client, address, sizeof(struct sockaddr_in));
        usleep((useconds_t)(round % 20) * 20);
        sending = 1;
        sent = usrsctp_sendv(client, "message", 7, NULL, 0, NULL, 0, SCTP_SENDV_NOINFO, 0);
        sending = 0;
        server = usrsctp_accept(listener, NULL, NULL);
        missing += sent > 0 && !came(server);
        usrsctp_close(server);
    }
    printf("messages that were taken and did not come within %d seconds, in %d associations: %d\n",
           SECONDS, ROUNDS, missing);
    return 0;
}
