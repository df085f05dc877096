/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_SYS_SOCKET_H
#define SOLARIS_SYS_SOCKET_H

#include <sys/types.h>
#include <sys/uio.h>

typedef uint32_t socklen_t;
typedef uint16_t sa_family_t;
#ifdef _XPG4_2
#define SOLARIS_LENGTH socklen_t *restrict
#else
#define SOLARIS_LENGTH void *restrict
#endif

#define SOCK_DGRAM 1
#define SOCK_STREAM 2
#define SOCK_RAW 4
#define SOCK_SEQPACKET 6
#ifndef SOLARIS_5_10
#define SOCK_CLOEXEC 0x080000
#define SOCK_NONBLOCK 0x100000
#endif

#define SOL_SOCKET 0xffff
#define SO_ACCEPTCONN 0x0002
#define SO_REUSEADDR 0x0004
#define SO_KEEPALIVE 0x0008
#define SO_LINGER 0x0080
#define SO_SNDBUF 0x1001
#define SO_RCVBUF 0x1002
#define SO_SNDLOWAT 0x1003
#define SO_RCVLOWAT 0x1004
#define SO_SNDTIMEO 0x1005
#define SO_RCVTIMEO 0x1006
#define SO_ERROR 0x1007
#define SO_TYPE 0x1008
#define SO_PROTOTYPE 0x1009
#ifndef SOLARIS_5_10
#define SO_DOMAIN 0x100c
#endif

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 26
#define PF_INET AF_INET
#define PF_INET6 AF_INET6

#define SOMAXCONN 128
#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2

struct linger {
    int l_onoff;
    int l_linger;
};

struct sockaddr {
    sa_family_t sa_family;
    char sa_data[14];
};

typedef double sockaddr_maxalign_t;

struct sockaddr_storage {
    sa_family_t ss_family;
    char _ss_pad1[6];
    sockaddr_maxalign_t _ss_align;
    char _ss_pad2[240];
};

struct msghdr {
    void *msg_name;
    socklen_t msg_namelen;
    struct iovec *msg_iov;
    int msg_iovlen;
#ifdef _XPG4_2
    void *msg_control;
    socklen_t msg_controllen;
    int msg_flags;
#else
    caddr_t msg_accrights;
    int msg_accrightslen;
#endif
};

#define MSG_OOB 0x1
#define MSG_PEEK 0x2
#define MSG_DONTROUTE 0x4
#define MSG_EOR 0x8
#define MSG_CTRUNC 0x10
#define MSG_TRUNC 0x20
#define MSG_WAITALL 0x40
#define MSG_DONTWAIT 0x80
#define MSG_NOTIFICATION 0x100
#ifdef SOLARIS_ILLUMOS
#define MSG_NOSIGNAL 0x200
#endif
#define MSG_MAXIOVLEN 16

struct cmsghdr {
    socklen_t cmsg_len;
    int cmsg_level;
    int cmsg_type;
};

#ifdef _XPG4_2
/* Heads are aligned to 8 on SPARC and to 4 elsewhere, data to 4. */
#ifdef __sparc
#define SOLARIS_HEAD 8u
#else
#define SOLARIS_HEAD 4u
#endif
#define SOLARIS_UP(at, to) (((uintptr_t)(at) + (to) - 1u) & ~(uintptr_t)((to) - 1u))
#define CMSG_DATA(head) ((unsigned char *)SOLARIS_UP((struct cmsghdr *)(head) + 1, 4u))
#define CMSG_FIRSTHDR(message)                                                                     \
    ((message)->msg_controllen < sizeof(struct cmsghdr) ? (struct cmsghdr *)0                      \
                                                        : (struct cmsghdr *)(message)->msg_control)
#define SOLARIS_NEXT(head)                                                                         \
    SOLARIS_UP((char *)(head) + ((struct cmsghdr *)(head))->cmsg_len, SOLARIS_HEAD)
#define CMSG_NXTHDR(message, head)                                                                 \
    ((head) == 0 ? CMSG_FIRSTHDR(message)                                                          \
     : SOLARIS_NEXT(head) + sizeof(struct cmsghdr) >                                               \
             (uintptr_t)(message)->msg_control + (message)->msg_controllen                         \
         ? (struct cmsghdr *)0                                                                     \
         : (struct cmsghdr *)SOLARIS_NEXT(head))
#define CMSG_SPACE(size) ((unsigned int)SOLARIS_UP(sizeof(struct cmsghdr) + (size), SOLARIS_HEAD))
#define CMSG_LEN(size) ((unsigned int)SOLARIS_UP(sizeof(struct cmsghdr), 4u) + (size))

#pragma redefine_extname bind __xnet_bind
#pragma redefine_extname connect __xnet_connect
#pragma redefine_extname getsockopt __xnet_getsockopt
#pragma redefine_extname recvmsg __xnet_recvmsg
#pragma redefine_extname sendmsg __xnet_sendmsg
#pragma redefine_extname sendto __xnet_sendto
#pragma redefine_extname socket __xnet_socket
#pragma redefine_extname socketpair __xnet_socketpair
#endif

extern int accept(int, struct sockaddr *restrict, SOLARIS_LENGTH);
#ifdef SOLARIS_ILLUMOS
extern int accept4(int, struct sockaddr *restrict, SOLARIS_LENGTH, int);
#endif
extern int bind(int, const struct sockaddr *, socklen_t);
extern int connect(int, const struct sockaddr *, socklen_t);
extern int getpeername(int, struct sockaddr *restrict, SOLARIS_LENGTH);
extern int getsockname(int, struct sockaddr *restrict, SOLARIS_LENGTH);
extern int getsockopt(int, int, int, void *restrict, SOLARIS_LENGTH);
extern int listen(int, int);
extern ssize_t recv(int, void *, size_t, int);
extern ssize_t recvmsg(int, struct msghdr *, int);
extern ssize_t send(int, const void *, size_t, int);
extern ssize_t sendmsg(int, const struct msghdr *, int);
extern ssize_t sendto(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
extern int setsockopt(int, int, int, const void *, socklen_t);
extern int shutdown(int, int);
extern int socket(int, int, int);
extern int socketpair(int, int, int, int *);

#if !defined(_STRICT_SYMBOLS)
#include <netinet/in.h>
#endif

#endif
