# SPDX-License-Identifier: MIT
"""`python -m tests.stack_faults.read_256_times UDP_PORT`: two peers of abort_while_reading.c, which merely reads.

The first one begins a message and falls silent. The second one sends a message in small pieces, each read at once.
How often a message was read is counted in eight bits (some_taken), and a reader passes over an unfinished message with
nothing in it to the next one with a count above zero: after the 256th read that is no longer the second message.
"""

import random
import sys

from tests.hostile.flood import endless, paced
from tests.hostile.peer import Peer
from tests.stack_faults.abort_while_reading import PORT


def main() -> None:
    chance = random.Random(1)
    udp_port = int(sys.argv[1])
    with Peer(udp_port, PORT, chance).connect() as idle, Peer(udp_port, PORT, chance).connect() as other:
        paced(idle, endless(idle, 200_000))
        pieces = 0
        while pieces < 2000 and paced(other, endless(other, 2400, first=pieces == 0)):
            pieces += 1
        print(f"taken: {pieces} pieces of 2400 bytes; window: {other.window}")
        for peer in (idle, other):
            peer.abort()


if __name__ == "__main__":
    main()
