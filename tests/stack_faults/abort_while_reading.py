# SPDX-License-Identifier: MIT
"""`python -m tests.stack_faults.abort_while_reading UDP_PORT`: the peer of abort_while_reading.c, until that dies."""

import random
import sys

from tests.hostile.packets import FIRST
from tests.hostile.peer import Peer

PORT = 9


def main() -> None:
    chance = random.Random(1)
    for number in range(10_000):
        with Peer(int(sys.argv[1]), PORT, chance) as peer:
            peer.own_port = 20_000 + number
            try:
                peer.connect(limit=2.0)
            except TimeoutError:
                sys.exit(f"the server is silent after {number} aborted messages")
            for at in range(110):
                peer.send(peer.data(bytes(1200), flags=FIRST if at == 0 else 0))
            peer.abort()


if __name__ == "__main__":
    main()
