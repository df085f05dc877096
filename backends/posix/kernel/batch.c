/* SPDX-License-Identifier: MIT */
#include "posix/kernel/batch.h"

#include <errno.h>

#include "posix/kernel/os_hooks.h"

#if OS_BATCHES

int batch_send(int descriptor, batch_message *messages, unsigned count)
{
    return sendmmsg(descriptor, messages, count, OS_SEND_FLAGS);
}

int batch_receive(int descriptor, batch_message *messages, unsigned count, int *late)
{
    *late = 0;
    return recvmmsg(descriptor, messages, count, OS_RECEIVE_FLAGS, NULL);
}

#else

int batch_send(int descriptor, batch_message *messages, unsigned count)
{
    unsigned i;

    for (i = 0; i < count; i++) {
        ssize_t length = os_sendmsg(descriptor, &messages[i].msg_hdr, OS_SEND_FLAGS);

        if (length < 0)
            return i > 0 ? (int)i : -1;
        messages[i].msg_len = (unsigned)length;
    }
    return (int)i;
}

int batch_receive(int descriptor, batch_message *messages, unsigned count, int *late)
{
    unsigned i;

    *late = 0;
    for (i = 0; i < count; i++) {
        ssize_t length = recvmsg(descriptor, &messages[i].msg_hdr, OS_RECEIVE_FLAGS);

        if (length < 0) {
            *late = i > 0 ? errno : 0;
            return i > 0 ? (int)i : -1;
        }
        messages[i].msg_len = (unsigned)length;
        if (length == 0)
            return (int)i + 1;
    }
    return (int)i;
}

#endif
