/* SPDX-License-Identifier: MIT */
/* What headers older than the running kernel may lack.  Whether the kernel has
 * it too shows at run time (ENOPROTOOPT). */
#ifndef SCTPX_LINUX_COMPAT_H
#define SCTPX_LINUX_COMPAT_H

#include <netinet/in.h>
#include <netinet/sctp.h>
#include <sys/socket.h>

#ifndef SO_PROTOCOL
#define SO_PROTOCOL 38
#endif
#ifndef SO_DOMAIN
#define SO_DOMAIN 39
#endif
#ifndef SCTP_SOCKOPT_PEELOFF_FLAGS
#define SCTP_SOCKOPT_PEELOFF_FLAGS 122
#endif
#ifndef SCTP_STREAM_SCHEDULER
#define SCTP_STREAM_SCHEDULER 123
#endif
#ifndef SCTP_INTERLEAVING_SUPPORTED
#define SCTP_INTERLEAVING_SUPPORTED 125
#endif
#ifndef SCTP_EVENT
#define SCTP_EVENT 127
struct sctp_event {
    sctp_assoc_t se_assoc_id;
    uint16_t se_type;
    uint8_t se_on;
};
#endif
#ifndef SCTP_ASCONF_SUPPORTED
#define SCTP_ASCONF_SUPPORTED 128
#endif
#ifndef SCTP_AUTH_SUPPORTED
#define SCTP_AUTH_SUPPORTED 129
#endif
#ifndef SCTP_ECN_SUPPORTED
#define SCTP_ECN_SUPPORTED 130
#endif
#ifndef SCTP_EXPOSE_POTENTIALLY_FAILED_STATE
#define SCTP_EXPOSE_POTENTIALLY_FAILED_STATE 131
#endif
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif
#ifndef SCTP_REMOTE_UDP_ENCAPS_PORT
#define SCTP_REMOTE_UDP_ENCAPS_PORT 132
struct sctp_udpencaps {
    sctp_assoc_t sue_assoc_id;
    struct sockaddr_storage sue_address;
    uint16_t sue_port;
};
#endif
#ifndef SCTP_PLPMTUD_PROBE_INTERVAL
#define SCTP_PLPMTUD_PROBE_INTERVAL 133
struct sctp_probeinterval {
    sctp_assoc_t spi_assoc_id;
    struct sockaddr_storage spi_address;
    uint32_t spi_interval;
};
#endif

#endif
