# SPDX-License-Identifier: MIT
"""A hostile peer and a socket that is being closed: what comes behind the SHUTDOWN does no harm."""

import os
import subprocess

import pytest

import sctpx
from tests.support.common import LIMIT
from tests.support.effort import chance
from tests.support.shapes import Program

from .degree import heavy, times
from .packets import FIRST, Kind
from .peer import Peer

SERVER = """
import sys
from socket import AF_INET
import sctpx
backend, style, limit, rounds = sys.argv[1:]
sctpx.use_backend(backend)
for _ in range(int(rounds)):
    with (sctpx.Socket if style == "one" else sctpx.Endpoint)(AF_INET) as sock:
        sock.settimeout(float(limit))
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        if style == "many":
            sock.subscribe(sctpx.AssociationChange)
        print(sock.local_addresses()[0].port, sctpx.backend.udp_port, flush=True)
        if style == "one":
            sock.accept()[0].close()
        else:
            sock.recv()
print("closed", flush=True)
sys.stdin.readline()
"""
PIECES = 110  # of 1,200 bytes: more than is held back for its end


def told(process: "subprocess.Popen[str]") -> list[str]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate(timeout=LIMIT)[1] or process.returncode
    return line.split()


@heavy
@pytest.mark.usefixtures("attackable")
@pytest.mark.parametrize("style", ["one", "many"])
def test_a_message_begun_and_aborted_behind_the_close_does_no_harm(program: Program, style: str) -> None:
    """libusrsctp alone does not survive it, where what comes for a closed socket is read and thrown away."""
    count = times(60, 800)
    server = program(SERVER, sctpx.backend.name, style, LIMIT, count)
    for number in range(count):
        port, udp_port = told(server)
        own = int(os.environ["SCTPX_UDP_PORT"]) if udp_port == "None" else int(udp_port)
        with Peer(own, int(port), chance(f"closing {style} {number}")) as peer:
            peer.connect()
            while (packet := peer.receive()) is not None and Kind.SHUTDOWN not in packet.kinds:
                pass
            for at in range(PIECES):
                peer.send(peer.data(bytes(1200), flags=FIRST if at == 0 else 0))
            peer.abort()
    assert told(server) == ["closed"]
    assert server.communicate("\n", timeout=2 * LIMIT)[1] == ""
    assert server.returncode == 0
