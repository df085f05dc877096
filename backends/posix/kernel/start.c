/* SPDX-License-Identifier: MIT */
/* The backend as a whole, of which a kernel needs little. */
#include "posix/kernel/kernel.h"

#include <unistd.h>

#include "posix/error.h"
#include "posix/kernel/backend.h"
#include "posix/kernel/descriptor.h"

/* The ports are userland's. */
int sctpx_start(uint16_t udp_port, uint16_t peer_udp_port)
{
    (void)udp_port;
    (void)peer_udp_port;
    return 0;
}

int sctpx_udp_port(void)
{
    return -SCTPX_EUNSUPPORTED;
}

int sctpx_schedulers(void)
{
    return 0;
}

/* The kernel goes on by itself. */
int sctpx_exit(int64_t timeout)
{
    (void)timeout;
    return 0;
}

static int probe_style(int type)
{
    int descriptor = descriptor_open(AF_INET, type);

    if (descriptor < 0)
        return error_now(SCTPX_CALL_OPEN);
    close(descriptor);
    return 0;
}

int sctpx_probe(void)
{
    int result = probe_style(SOCK_STREAM);

    return result < 0 ? result : probe_style(SOCK_SEQPACKET);
}

int sctpx_describe(uint32_t topic, char *bytes, uint32_t size)
{
    struct text text = text_begin(bytes, size);

    switch (topic) {
    case SCTPX_TOPIC_VERSIONS:
        os_versions(&text);
        break;
    case SCTPX_TOPIC_SYSCTLS:
        os_sysctls(&text);
        break;
    case SCTPX_TOPIC_REMEDY:
        text_put(&text, os_words.remedy);
        break;
    case SCTPX_TOPIC_COUNTERS:
        os_counters(&text);
        break;
    default:
        return -SCTPX_EINVAL;
    }
    return text.length <= INT32_MAX ? (int)text.length : -SCTPX_E2BIG;
}
