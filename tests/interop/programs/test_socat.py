# SPDX-License-Identifier: MIT
"""What socat can do beyond copying its standard input: keep the bounds of messages, serve many, abort."""

import socket
from collections.abc import Iterator

import pytest

import sctpx
from sctpx import AssociationChange
from tests.support.common import LIMIT, eventually, wait_message, wait_messages
from tests.support.effort import chance, rounds
from tests.support.shapes import OneEndpoint, Opener, Server

from .payload import is_aborted, read, sizes
from .process import Start
from .programs import Socat


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a socket that keeps the bounds of what is written to it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        ours.settimeout(LIMIT)
        yield ours, theirs


@pytest.mark.parametrize("listening", [True, False], ids=["they-listen", "we-listen"])
def test_messages_keep_their_bounds(
    start: Start, keep: Opener, server: Server, ends: tuple[socket.socket, socket.socket], listening: bool
) -> None:
    far, given = ends
    socat = Socat(f"FD:{given.fileno()}")
    if listening:
        _, address = socat.listen(start, inherit=[given.fileno()])
        near = keep(sctpx.create_connection(address, LIMIT))
    else:
        listener = server()
        socat.connect(start, listener.local_addresses()[0], inherit=[given.fileno()])
        near = keep(listener.accept()[0])
    given.close()
    random = chance("bounds")
    for size in sizes(random):
        batch = [random.randbytes(size), b"short", random.randbytes(size)]
        near.send_many(batch)
        assert [far.recv(1 << 17) for _ in batch] == batch
        for data in batch:
            far.send(data)
        assert [message.data for message in wait_messages(near, 3)] == batch
    far.close()
    assert near.recv() is None


@pytest.mark.parametrize("listening", [True, False], ids=["they-listen", "we-listen"])
def test_their_abort(start: Start, keep: Opener, server: Server, listening: bool) -> None:
    """Without lingering, a close is an ABORT."""
    socat = Socat(options=",linger=0,shut-close")
    events = [AssociationChange]
    if listening:
        theirs, address = socat.listen(start)
        ours = keep(sctpx.create_connection(address, LIMIT, events=events))
    else:
        listener = server(events=events)
        theirs = socat.connect(start, listener.local_addresses()[0])
        ours = keep(listener.accept()[0])
    theirs.write(b"before")
    assert read(ours, 6) == b"before"
    theirs.end_input()
    is_aborted(ours)


def test_many_at_an_echo_that_forks(start: Start, endpoint: OneEndpoint, keep: Opener) -> None:
    """One of our endpoints and some of our sockets, each with a child of socat to itself."""
    _, address = Socat("PIPE", ",fork").listen(start)
    clients = [keep(sctpx.create_connection(address, LIMIT)) for _ in range(rounds(2, 8))]
    hub = endpoint()
    ours = hub.connect([address]).id
    for number, client in enumerate(clients):
        client.send(b"%d" % number * 1000)
    hub.send(b"from an endpoint", to=ours)
    for number, client in enumerate(clients):
        assert read(client, 1000) == b"%d" % number * 1000
        client.close()
    message = wait_message(hub)
    assert (message.data, message.association, message.source) == (b"from an endpoint", ours, address)
    hub.associations[ours].shutdown()
    eventually(lambda: ours not in hub.associations, "the end of the association")
