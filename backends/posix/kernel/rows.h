/* SPDX-License-Identifier: MIT */
/* The hooks of the option table. */
#ifndef SCTPX_POSIX_KERNEL_ROWS_H
#define SCTPX_POSIX_KERNEL_ROWS_H

#include "posix/kernel/kernel.h"

#include "posix/option.h"

enum path_field {
    PATH_HEARTBEAT,
    PATH_INTERVAL,
    PATH_RETRANSMISSIONS,
    PATH_DISCOVERY,
    PATH_MTU,
    PATH_DSCP,
    PATH_FLOW_LABEL,
    PATH_HEARTBEAT_NOW
};

/* 0 or a native errno. */
int stack_get(struct slot *slot, int level, int name, void *value, uint32_t *size);
int stack_set(struct slot *slot, int level, int name, const void *value, uint32_t size);
int stack_has_association(struct slot *slot, int64_t association);

int rto_encode(struct slot *slot, const struct sctpx_option *option, void *native);
int segment_encode(struct slot *slot, const struct sctpx_option *option, void *native);
int primary_encode(struct slot *slot, const struct sctpx_option *option, void *native);
int encapsulation_encode(struct slot *slot, const struct sctpx_option *option, void *native);
int path_info_decode(struct slot *slot, const void *native, struct sctpx_option *option);
int status_decode(struct slot *slot, const void *native, struct sctpx_option *option);

int path_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size);
int path_set(struct slot *slot, const struct sctpx_option *option, const void *list,
             uint32_t list_size);
int buffer_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size);
int buffer_set(struct slot *slot, const struct sctpx_option *option, const void *list,
               uint32_t list_size);
int event_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size);
int event_set(struct slot *slot, const struct sctpx_option *option, const void *list,
              uint32_t list_size);
int interleave_set(struct slot *slot, const struct sctpx_option *option, const void *list,
                   uint32_t list_size);
int send_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size);
int send_set(struct slot *slot, const struct sctpx_option *option, const void *list,
             uint32_t list_size);

#endif
