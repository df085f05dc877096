/* SPDX-License-Identifier: MIT */
/* What the rows of STATUS, PATH_INFO and PRIMARY cannot say. */
#include "posix/kernel/rows.h"

#include <string.h>

int status_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    struct sctp_status status;

    memcpy(&status, native, sizeof status);
    (void)slot;
    /* Of the socket itself, where an association was meant. */
    if (os_standing(status.sstat_state) == STANDING_NONE)
        return -SCTPX_ENOTCONN;
    /* Some kernels leave out what they were asked by. */
    if (status.sstat_assoc_id != 0)
        option->association = (int64_t)status.sstat_assoc_id;
    option->fields[7] = os_path_state(status.sstat_primary.spinfo_state);
    option->fields[9] = os_status_srtt(option->fields[9]);
    option->fields[10] = os_status_rto(option->fields[10]);
    option->given |= 1u << 7;
    return 0;
}

int path_info_decode(struct slot *slot, const void *native, struct sctpx_option *option)
{
    struct sctp_paddrinfo info;

    (void)slot;
    memcpy(&info, native, sizeof info);
    option->fields[0] = os_path_state(info.spinfo_state);
    option->fields[2] = os_path_srtt(option->fields[2]);
    option->given |= 1u;
    return 0;
}

int primary_encode(struct slot *slot, const struct sctpx_option *option, void *native)
{
    (void)slot;
    (void)native;
    return option->address.family == SCTPX_FAMILY_NONE ? -SCTPX_EINVAL : 0;
}
