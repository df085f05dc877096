/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_NETINET_IN_H
#define SOLARIS_NETINET_IN_H

#include <sys/socket.h>

typedef uint16_t in_port_t;
typedef uint32_t in_addr_t;

#define IPPROTO_IP 0
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_IPV6 41
#define IPPROTO_SCTP 132
#define IPV6_V6ONLY 0x27
#define INET_ADDRSTRLEN 16
#define INET6_ADDRSTRLEN 46

struct in_addr {
    union {
        struct {
            uint8_t s_b1, s_b2, s_b3, s_b4;
        } S_un_b;
        struct {
            uint16_t s_w1, s_w2;
        } S_un_w;
        uint32_t S_addr;
    } S_un;
};
#define s_addr S_un.S_addr
#define INADDR_ANY 0x00000000u
#define INADDR_LOOPBACK 0x7f000001u
#define INADDR_BROADCAST 0xffffffffu
#define INADDR_NONE 0xffffffffu
#define IN_MULTICAST(address) (((address) & 0xf0000000u) == 0xe0000000u)
#define IN_CLASSD(address) IN_MULTICAST(address)

struct in6_addr {
    union {
        uint8_t _S6_u8[16];
        uint16_t _S6_u16[8];
        uint32_t _S6_u32[4];
        uint32_t __S6_align;
    } _S6_un;
};
#define s6_addr _S6_un._S6_u8

struct sockaddr_in {
    sa_family_t sin_family;
    in_port_t sin_port;
    struct in_addr sin_addr;
    char sin_zero[8];
};

struct sockaddr_in6 {
    sa_family_t sin6_family;
    in_port_t sin6_port;
    uint32_t sin6_flowinfo;
    struct in6_addr sin6_addr;
    uint32_t sin6_scope_id;
    uint32_t __sin6_src_id;
};

extern const struct in6_addr in6addr_any;
extern const struct in6_addr in6addr_loopback;

#define SOLARIS_WORD(address, index) ((address)->_S6_un._S6_u32[index])
#define IN6_IS_ADDR_UNSPECIFIED(address)                                                           \
    (SOLARIS_WORD(address, 0) == 0 && SOLARIS_WORD(address, 1) == 0 &&                             \
     SOLARIS_WORD(address, 2) == 0 && SOLARIS_WORD(address, 3) == 0)
#define IN6_IS_ADDR_V4MAPPED(address)                                                              \
    (SOLARIS_WORD(address, 0) == 0 && SOLARIS_WORD(address, 1) == 0 &&                             \
     SOLARIS_WORD(address, 2) == htonl(0xffff))
#define IN6_IS_ADDR_MULTICAST(address) ((address)->_S6_un._S6_u8[0] == 0xff)
#define IN6_IS_ADDR_LINKLOCAL(address)                                                             \
    ((address)->_S6_un._S6_u8[0] == 0xfe && ((address)->_S6_un._S6_u8[1] & 0xc0) == 0x80)

#ifdef __sparc
#define htonl(value) ((uint32_t)(value))
#define htons(value) ((uint16_t)(value))
#define ntohl(value) ((uint32_t)(value))
#define ntohs(value) ((uint16_t)(value))
#else
extern uint32_t htonl(uint32_t);
extern uint16_t htons(uint16_t);
extern uint32_t ntohl(uint32_t);
extern uint16_t ntohs(uint16_t);
#endif

#endif
