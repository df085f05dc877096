/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 frees a listener twice when it is closed while a client's COOKIE-ECHO comes in.
 *
 *     cc listener_closed.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * A client of the same process connects; the listener is closed meanwhile, and nothing else ever
 * is.  The stack's own threads are held up where they let go of a lock, one time in sixteen, as any
 * scheduler may do.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <usrsctp.h>

#define TIMES 2000

static uint16_t udp_port;
static _Thread_local int ours; /* not one of the stack's threads */
static _Thread_local unsigned unlocked;

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    static int (*unlock)(pthread_mutex_t *);
    int result;

    if (unlock == NULL)
        unlock = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_unlock");
    result = unlock(mutex);
    if (!ours && ++unlocked % 16 == 0)
        usleep(300);
    return result;
}

static struct socket *make(void)
{
    struct socket *so = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    struct sctp_udpencaps udp = {.sue_address.ss_family = AF_INET, .sue_port = htons(udp_port)};

    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    usrsctp_set_non_blocking(so, 1);
    return so;
}

static struct sockaddr_in at(int port)
{
    struct sockaddr_in where = {.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                .sin_port = htons((uint16_t)port)};

    return where;
}

int main(int argc, char **argv)
{
    int i, before = 0;

    ours = 1;
    udp_port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    usrsctp_init(udp_port, NULL, NULL);
    for (i = 0; i < TIMES; i++) {
        struct sockaddr_in where = at(5000 + i);
        struct socket *listener = make(), *client = make();

        usrsctp_bind(listener, (struct sockaddr *)&where, sizeof where);
        usrsctp_listen(listener, 5);
        usrsctp_connect(client, (struct sockaddr *)&where, sizeof where);
        usleep((useconds_t)(i % 100 * 100));
        usrsctp_listen(listener, 0);
        while (usrsctp_accept(listener, NULL, NULL) != NULL)
            before++;
        usrsctp_close(listener);
    }
    printf("%d closed, %d of them after their client was there\n", i, before);
    return 0;
}
