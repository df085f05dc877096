/* SPDX-License-Identifier: MIT */
/*
 * libusrsctp 0.9.5 frees a socket twice when it is closed while a packet for its association comes in.
 *
 *     cc close_while_answered.c -lusrsctp -lpthread && ./a.out UDP_PORT
 *
 * Associations are begun with a listener of the same process and closed at once, while the answer is on its way.  The
 * closing thread is held up wherever it lets go of a lock, as any scheduler may do (a fork does, now and then).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <usrsctp.h>

#define TIMES 20000

static uint16_t udp_port;
static _Thread_local int closing;

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    static int (*unlock)(pthread_mutex_t *);
    int result;

    if (unlock == NULL)
        unlock = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_unlock");
    result = unlock(mutex);
    if (closing)
        usleep(50);
    return result;
}

static struct socket *make(void)
{
    struct socket *so = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    struct sctp_udpencaps udp = {.sue_address.ss_family = AF_INET, .sue_port = htons(udp_port)};

    usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &udp, sizeof udp);
    return so;
}

static struct sockaddr_in listener(void)
{
    struct sockaddr_in where = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(5000)};

    return where;
}

int main(int argc, char **argv)
{
    struct linger abort_it = {.l_onoff = 1, .l_linger = 0};
    struct sockaddr_in where = listener();
    struct socket *so;
    int i;

    udp_port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 9899);
    usrsctp_init(udp_port, NULL, NULL);
    so = make();
    usrsctp_bind(so, (struct sockaddr *)&where, sizeof where);
    usrsctp_listen(so, 5);
    for (i = 0; i < TIMES; i++) {
        so = make();
        usrsctp_set_non_blocking(so, 1);
        usrsctp_setsockopt(so, SOL_SOCKET, SO_LINGER, &abort_it, sizeof abort_it);
        usrsctp_connect(so, (struct sockaddr *)&where, sizeof where);
        usleep((useconds_t)(i % 100));
        closing = 1;
        usrsctp_close(so);
        closing = 0;
    }
    printf("%d closed\n", i);
    return 0;
}
