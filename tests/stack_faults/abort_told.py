# SPDX-License-Identifier: MIT
"""`python -m tests.stack_faults.abort_told`, on a Linux with SCTP: what a peer is told of an abort with a reason.

RFC 6458 §6.1.1: `sac_info` is the whole ABORT chunk; Linux leaves out its four bytes of header, and begins with the
cause (12: user-initiated). A one-to-one socket may not send an SCTP_ABORT at all; it can linger for no time, and close.
"""

import socket
import struct

SCTP = 132
EVENTS, SNDRCV, ABORT = 11, 1, 4
NOTIFICATION, ASSOC_CHANGE, COMM_LOST = 0x8000, 0x8001, 1
CHANGES_ALONE = bytes([0, 1, 0, 0, 0, 0, 0, 0])  # struct sctp_event_subscribe
CHANGE = struct.Struct("@HHIHHHHi")  # struct sctp_assoc_change, before sac_info


def changed(got: bytes) -> tuple[int, int]:
    """The kind of a notification, and what an ASSOC_CHANGE tells of."""
    kind, _, _, state, *_ = CHANGE.unpack_from(got)
    return kind, state


def told(sock: socket.socket) -> bytes:
    """What stands behind the ASSOC_CHANGE that tells of the loss."""
    while True:
        got, _, flags, _ = sock.recvmsg(4096)
        if flags & NOTIFICATION and changed(got) == (ASSOC_CHANGE, COMM_LOST):
            return got[CHANGE.size :]


def aborted(kind: socket.SocketKind) -> bytes:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, SCTP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    client = socket.socket(socket.AF_INET, kind, SCTP)
    client.connect(listener.getsockname())
    server, _ = listener.accept()
    server.setsockopt(SCTP, EVENTS, CHANGES_ALONE)
    server.settimeout(20)
    info = struct.pack("@HHHxxIIIIIi", 0, 0, ABORT, 0, 0, 0, 0, 0, 0)
    to = [listener.getsockname()] if kind == socket.SOCK_SEQPACKET else []
    try:
        client.sendmsg([b"why"], [(SCTP, SNDRCV, info)], 0, *to)
    except OSError as error:
        print("SCTP_ABORT:", error)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("@ii", 1, 0))
        client.close()
    return told(server)


def main() -> None:
    print("from a one-to-many socket:", aborted(socket.SOCK_SEQPACKET).hex(" ") or "nothing")
    print("from a one-to-one socket:", aborted(socket.SOCK_STREAM).hex(" ") or "nothing")


if __name__ == "__main__":
    main()
