# SPDX-License-Identifier: MIT
"""`python -m tests.stack_faults.encapsulated_nowhere`, as root on a Linux with SCTP: UDP is asked for and not used.

While net.sctp.udp_port is 0, Linux takes a peer's UDP port (RFC 6951), and goes on without UDP, and without an error.
"""

import socket
import struct
import time
from pathlib import Path

SCTP, REMOTE_UDP_ENCAPS_PORT = 132, 132
UDP_PORT = 9899


def heard(protocol: int, kind: socket.SocketKind, port: int) -> str:
    """Whether the INIT of a socket with that option comes by this protocol."""
    with socket.socket(socket.AF_INET, kind, protocol) as wire:
        wire.bind(("127.0.0.1", port))
        wire.settimeout(3)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, SCTP) as client:
            option = struct.pack("@i4xH126xH6x", 0, socket.AF_INET, socket.htons(UDP_PORT))  # struct sctp_udpencaps
            client.setsockopt(SCTP, REMOTE_UDP_ENCAPS_PORT, option)
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", 5000))
            try:
                return f"{len(wire.recv(2000))} bytes"
            except TimeoutError:
                return "nothing"


def main() -> None:
    print("net.sctp.udp_port:", Path("/proc/sys/net/sctp/udp_port").read_text().strip())
    print("by UDP:", heard(0, socket.SOCK_DGRAM, UDP_PORT))
    time.sleep(0.1)
    print("by IP:", heard(SCTP, socket.SOCK_RAW, 0))


if __name__ == "__main__":
    main()
