/* SPDX-License-Identifier: MIT */
/* What shared code has words for, and older headers not. */
#ifndef SCTPX_SOLARIS_COMPAT_H
#define SCTPX_SOLARIS_COMPAT_H

#include <stdint.h>

#include <netinet/sctp.h>
#include <sys/socket.h>

/* Here these never reach the kernel, which is given struct sctp_sndrcvinfo. */
#ifndef SCTPX_HAVE_RFC6458_CMSGS
struct sctpx_sndinfo {
    uint16_t snd_sid;
    uint16_t snd_flags;
    uint32_t snd_ppid;
    uint32_t snd_context;
    sctp_assoc_t snd_assoc_id;
};
#define sctp_sndinfo sctpx_sndinfo

struct sctpx_prinfo {
    uint16_t pr_policy;
    uint32_t pr_value;
};
#define sctp_prinfo sctpx_prinfo
#endif

/* RFC 3542; the alignments are the system's own. */
#ifndef CMSG_LEN
#define CMSG_LEN(length) ((size_t)_CMSG_DATA_ALIGN(sizeof(struct cmsghdr)) + (size_t)(length))
#endif
#ifndef CMSG_SPACE
#define CMSG_SPACE(length) ((size_t)_CMSG_HDR_ALIGN(CMSG_LEN(length)))
#endif

#endif
