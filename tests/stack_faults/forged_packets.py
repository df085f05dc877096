# SPDX-License-Identifier: MIT
"""`python -m tests.stack_faults.forged_packets UDP_PORT`: against abort_while_reading.c, what strangers may send.

None of it may have any effect: a verification tag that is wrong (RFC 6951 §5.4: the UDP port is learned from packets
that belong to the association), an INIT that is not allowed (RFC 9260 §3.3.2: no incoming streams), a wrong checksum.
"""

import random
import socket
import sys

from tests.hostile.packets import FIRST, Chunk, Kind, Packet, parse
from tests.hostile.peer import INIT, Peer
from tests.stack_faults.abort_while_reading import PORT

CHANCE = random.Random(1)


def stranger(address: str) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((address, 0))
    made.settimeout(2)
    return made


def answered(sock: socket.socket) -> str:
    try:
        return Kind(parse(sock.recv(2000)).chunks[0].kind).name
    except TimeoutError:
        return "nothing"


def wrong_tag(udp_port: int) -> None:
    """The acknowledgement of one message is waited with: the packet comes meanwhile."""
    with Peer(udp_port, PORT, CHANCE).connect() as peer, stranger("127.0.0.1") as other:
        peer.send(peer.data(b"0", flags=FIRST))
        assert peer.settled()
        peer.send(peer.data(b"1", flags=0))
        forged = Packet(peer.own_port, PORT, peer.tag ^ 1, (Chunk(Kind.HEARTBEAT, bytes(8)),))
        other.sendto(bytes(forged), ("127.0.0.1", udp_port))
        print("after a wrong verification tag, its sender gets:", answered(other))
        peer.abort()


def faulty_init(udp_port: int) -> None:
    with Peer(udp_port, PORT, CHANCE).connect() as peer:
        peer.send(Chunk(Kind.INIT, INIT.pack(1, 1 << 20, 10, 0, 1)), tag=0)
        peer.receive(0.5)
        peer.send(peer.data(b"0", flags=FIRST))
        print("after a faulty INIT, the association", "goes on" if peer.settled(2) else "is gone")


def wrong_checksum(udp_port: int) -> None:
    with Peer(udp_port, PORT, CHANCE) as peer, stranger("127.0.0.2") as other:
        raw = bytes(Packet(1025, PORT, 0, (peer.init(),)))
        other.sendto(raw[:8] + bytes(4) + raw[12:], ("127.0.0.1", udp_port))
        print("to a packet without a checksum comes:", answered(other))


def main() -> None:
    for attack in (wrong_checksum, wrong_tag, faulty_init, wrong_checksum):
        attack(int(sys.argv[1]))


if __name__ == "__main__":
    main()
