/* SPDX-License-Identifier: MIT */
/* Several messages in one system call, or, where there is none for it, in a
 * loop that answers the same: the number, or the error of the first. */
#ifndef SCTPX_POSIX_KERNEL_BATCH_H
#define SCTPX_POSIX_KERNEL_BATCH_H

#include "os.h"

/* At most in one call: bounds what lies on the stack. */
#define BATCH 64u

#if OS_BATCHES
typedef struct mmsghdr batch_message;
#else
typedef struct {
    struct msghdr msg_hdr;
    unsigned msg_len;
} batch_message;
#endif

int batch_send(int descriptor, batch_message *messages, unsigned count);

/* `late`: the errno of what came behind those received, 0 if nothing did. */
int batch_receive(int descriptor, batch_message *messages, unsigned count, int *late);

#endif
