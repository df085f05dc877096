/* SPDX-License-Identifier: MIT */
/*
 * For LD_PRELOAD: the call behind sctp_connectx answers what SCTPX_TEST_ERRNO
 * says.  A firewall's refusal and a bad address cannot be had from a real
 * stack without touching the machine that the tests run on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#define LEVEL_SCTP 132
/* SCTP_SOCKOPT_CONNECTX_OLD, SCTP_SOCKOPT_CONNECTX, SCTP_SOCKOPT_CONNECTX3 */
#define CONNECTS(name) ((name) == 107 || (name) == 110 || (name) == 111)

static int wanted(void)
{
    const char *text = getenv("SCTPX_TEST_ERRNO");

    return text != NULL ? atoi(text) : 0;
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    static int (*next)(int, int, int, void *, socklen_t *);

    if (level == LEVEL_SCTP && CONNECTS(name) && wanted() != 0) {
        errno = wanted();
        return -1;
    }
    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "getsockopt");
    return next(fd, level, name, value, size);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    static int (*next)(int, int, int, const void *, socklen_t);

    if (level == LEVEL_SCTP && CONNECTS(name) && wanted() != 0) {
        errno = wanted();
        return -1;
    }
    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "setsockopt");
    return next(fd, level, name, value, size);
}

/* Userland: the stack is a library, and this is its call. */
int usrsctp_connectx(void *sock, const void *addresses, int count, void *id)
{
    static int (*next)(void *, const void *, int, void *);

    if (wanted() != 0) {
        errno = wanted();
        return -1;
    }
    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "usrsctp_connectx");
    return next(sock, addresses, count, id);
}
