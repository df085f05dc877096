/* SPDX-License-Identifier: MIT */
/*
 * Shows by libusrsctp alone that it uses memory after free, and ends a message
 * that has no end, when a peer aborts within a message that is being read.
 *
 *     cc -g -fsanitize=address abort_while_reading.c -lusrsctp -lpthread -o server
 *     ./server 9900 &  python -m tests.stack_faults.abort_while_reading 9900
 *
 * sctp_free_assoc() marks the message on the read queue as ended, but leaves it
 * on its stream's queue as long as a reader holds the association; the reader
 * frees it, and sctp_clean_up_stream() then meets it again.  AddressSanitizer
 * needs a libusrsctp that is compiled with it to tell where; without, it is a
 * segmentation fault in one of some hundred tries.
 */
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <usrsctp.h>

int main(int argc, char **argv)
{
    static char bytes[65536];
    struct sockaddr_in at;
    struct socket *so;

    if (argc != 2)
        return 2;
    usrsctp_init((uint16_t)atoi(argv[1]), NULL, NULL);
    so = usrsctp_socket(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_port = htons(9);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (so == NULL || usrsctp_bind(so, (struct sockaddr *)&at, sizeof at) < 0 ||
        usrsctp_listen(so, 1) < 0)
        return 1;
    for (;;) {
        struct sctp_rcvinfo info;
        socklen_t length = sizeof info;
        unsigned kind = 0;
        int flags = 0;
        ssize_t got =
            usrsctp_recvv(so, bytes, sizeof bytes, NULL, NULL, &info, &length, &kind, &flags);

        if (got > 0 && (flags & MSG_EOR) != 0)
            printf("the end of a message that has none\n");
        fflush(stdout);
    }
}
