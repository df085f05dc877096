# SPDX-License-Identifier: MIT
"""ncat as a server of many: each to a program of its own, and all to one another."""

import pytest

import sctpx
from tests.support.common import LIMIT
from tests.support.effort import chance, rounds
from tests.support.shapes import Opener

from .payload import read
from .process import Start
from .programs import Ncat


def test_each_has_an_echo(start: Start, keep: Opener) -> None:
    _, address = Ncat(("--keep-open", "--exec", "/bin/cat")).listen(start)
    random = chance("echo")
    clients = [keep(sctpx.create_connection(address, LIMIT)) for _ in range(rounds(2, 8))]
    sent = [random.randbytes(20_000) for _ in clients]
    for client, data in zip(clients, sent, strict=True):
        client.send(data, stream=2)
    for client, data in zip(clients, sent, strict=True):
        assert read(client, len(data)) == data
    for client in clients:
        client.shutdown()
        assert client.recv() is None


@pytest.mark.slow
def test_a_broker_hands_on_to_all_others(start: Start, keep: Opener) -> None:
    broker, address = Ncat(("--broker",)).listen(start)
    clients = [keep(sctpx.create_connection(address, LIMIT)) for _ in range(3)]
    for _ in clients:
        broker.err.expect(r"Connection from \S+:\d+\.\n")
    clients[0].send(b"to the others")
    for other in clients[1:]:
        assert read(other, 13) == b"to the others"
    clients[1].abort()
    clients[2].send(b"to whoever is left")
    assert read(clients[0], 18) == b"to whoever is left"
