/* SPDX-License-Identifier: MIT */
#include "posix/kernel/rows.h"

#include "posix/kernel/backend.h"

/* Without a UDP port of its own the kernel keeps a peer's, and goes on to send
 * plain SCTP. */
int encapsulation_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    (void)slot;
    (void)native;
    if (option->fields[0] != 0 && os_sysctl("udp_tunneling_port") == 0)
        return -SCTPX_EUNSUPPORTED;
    return 0;
}
