# SPDX-License-Identifier: MIT
"""`python -m tests.stack_faults.abandoned_unreported`, as root on a Linux with SCTP; lo loses all packets for a moment.

A message is sent, lost, and given up when its lifetime is over. It is not delivered, and no SCTP_SEND_FAILED tells so:
Linux reports it only if the association ends before the peer has acknowledged that it will never come.
"""

import socket
import struct
import subprocess
import time

from tests.interop.programs.ancillary import EVENTS, NOTIFICATION, SCTP, SNDRCV

LIFETIME = 0.25
SEND_FAILED_ALONE = bytes([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])  # struct sctp_event_subscribe


def lo(*words: str) -> None:
    subprocess.run(["tc", "qdisc", *words], check=True)


def send(sock: socket.socket, data: bytes, milliseconds: int = 0) -> None:
    info = struct.pack("@HHHxxIIIIIi", 0, 0, 0, 0, 0, milliseconds, 0, 0, 0)
    sock.sendmsg([data], [(SCTP, SNDRCV, info)])


def told(sock: socket.socket, seconds: float) -> list[bytes]:
    """The notifications until the end, or the time-out."""
    sock.settimeout(seconds)
    came: list[bytes] = []
    try:
        while (got := sock.recvmsg(4096))[0]:
            came += [got[0]] if got[2] & NOTIFICATION else []
    except TimeoutError:
        pass
    return came


def main() -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, SCTP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, SCTP)
    client.setsockopt(SCTP, EVENTS, SEND_FAILED_ALONE)
    client.connect(listener.getsockname())
    server, _ = listener.accept()
    lo("add", "dev", "lo", "root", "netem", "loss", "100%")
    send(client, b"late", int(LIFETIME * 1000))
    send(client, b"after")
    time.sleep(2 * LIFETIME)
    lo("delete", "dev", "lo", "root")
    server.settimeout(60)
    print("delivered:", server.recv(100).decode())
    reports = told(client, 5)
    server.close()
    reports += told(client, 5)
    print("reported:", len(reports))


if __name__ == "__main__":
    main()
