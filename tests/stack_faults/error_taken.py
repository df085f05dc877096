# SPDX-License-Identifier: MIT
"""`python -m tests.stack_faults.error_taken`, on a Linux with SCTP: what poll shows of an association that was aborted.

Any call may take its error, recvmmsg even where it then gives out what is queued. From then on nothing is shown.
"""

import errno
import select
import socket
import struct

SCTP = 132
PATIENCE = 5000


def readable(sock: socket.socket, wait: int) -> str:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return "readable" if poll.poll(wait) else "not readable"


def main() -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, SCTP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, SCTP)
    client.connect(listener.getsockname())
    server, _ = listener.accept()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("@ii", 1, 0))
    client.close()
    print("before:", readable(server, PATIENCE))
    print("error:", errno.errorcode[server.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)])
    print("after:", readable(server, PATIENCE))


if __name__ == "__main__":
    main()
