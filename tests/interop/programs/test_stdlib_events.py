# SPDX-License-Identifier: MIT
"""Ends and notifications with plain sockets of the standard library, and two readers of the same bytes."""

import contextlib
import os
import select
import socket
import struct
from collections.abc import Callable, Iterator

import pytest

from sctpx import (
    Address,
    AssociationChange,
    CommState,
    Endpoint,
    ErrorCause,
    Message,
    Notification,
    PeerShutdown,
    Socket,
)
from sctpx.options import Linger
from tests.support.common import LIMIT, eventually, wait_message
from tests.support.effort import chance, rounds
from tests.support.shapes import OneEndpoint, Opener, Pair, Server

from . import ancillary
from .payload import ends_well, is_aborted, sizes

EVENTS = [AssociationChange, PeerShutdown]
STATES = {ancillary.COMM_UP: CommState.UP, ancillary.COMM_LOST: CommState.LOST}


@pytest.fixture
def met(server: Server, keep: Opener) -> tuple[Socket, socket.socket]:
    """One of our sockets, and the plain one that connected to it."""
    listener = server(events=EVENTS)
    theirs = ancillary.plain()
    theirs.connect(listener.local_addresses()[0])
    return keep(listener.accept()[0]), theirs


@pytest.mark.parametrize("how", ["close", "shutdown"])
def test_their_end(met: tuple[Socket, socket.socket], how: str) -> None:
    ours, theirs = met
    with theirs:
        if how == "shutdown":
            theirs.shutdown(socket.SHUT_WR)
        else:
            theirs.close()
        ends_well(ours)


def test_their_abort_by_linger(met: tuple[Socket, socket.socket]) -> None:
    ours, theirs = met
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("@ii", 1, 0))
    theirs.close()
    is_aborted(ours)


@pytest.mark.slow
@pytest.mark.parametrize("reason", [b"", b"short", "Grüße".encode(), bytes(range(256))])
@pytest.mark.parametrize("kind", [ancillary.SNDRCV, ancillary.SNDINFO], ids=["SNDRCV", "SNDINFO"])
def test_their_abort_with_a_reason(server: Server, keep: Opener, reason: bytes, kind: int) -> None:
    """A one-to-many socket says why; what it says is ours to read."""
    listener = server(events=EVENTS)
    to = listener.local_addresses()[0]
    with ancillary.plain(socket.SOCK_SEQPACKET) as theirs:
        ancillary.send(theirs, b"hello", to=to)
        ours = keep(listener.accept()[0])
        assert wait_message(ours).data == b"hello"
        ancillary.send(theirs, reason, kind=kind, flags=ancillary.ABORT, to=to)
        is_aborted(ours, reason)


def test_their_end_of_one_among_many(server: Server, keep: Opener) -> None:
    listener = server(events=EVENTS)
    to = listener.local_addresses()[0]
    with ancillary.plain(socket.SOCK_SEQPACKET) as theirs:
        ancillary.send(theirs, b"hello", to=to)
        ours = keep(listener.accept()[0])
        ancillary.send(theirs, b"", flags=ancillary.EOF, to=to)
        assert wait_message(ours).data == b"hello"
        ends_well(ours)


@pytest.mark.slow
@pytest.mark.parametrize("reason", [b"", b"short", "Grüße".encode(), bytes(range(256))])
def test_our_abort_with_a_reason(endpoint: OneEndpoint, reason: bytes) -> None:
    with ancillary.plain() as listener:
        listener.listen()
        association = endpoint().connect([Address(*listener.getsockname())])
        with listener.accept()[0] as theirs:
            theirs.settimeout(LIMIT)
            assert ancillary.change(theirs).state == ancillary.COMM_UP
            association.abort(reason)
            lost = ancillary.change(theirs)
            assert (lost.state, lost.cause) == (ancillary.COMM_LOST, ErrorCause.USER_INITIATED_ABORT)
            # Cause, length, reason (RFC 9260 §3.3.10.12).
            assert lost.causes == struct.pack("!HH", 12, 4 + len(reason)) + reason
            with pytest.raises(ConnectionResetError):
                ancillary.receive(theirs)


@pytest.mark.parametrize("how", ["close", "shutdown", "abort", "linger"])
def test_our_ends(met: tuple[Socket, socket.socket], how: str) -> None:
    ours, theirs = met
    with theirs:
        assert ancillary.change(theirs).state == ancillary.COMM_UP
        ours.send(b"last words")
        if how == "linger":
            assert ancillary.message(theirs)[0] == b"last words"
            ours.set(Linger(0))
        (ours.shutdown if how == "shutdown" else ours.abort if how == "abort" else ours.close)()
        if how in ("close", "shutdown"):
            assert ancillary.message(theirs)[0] == b"last words"
            assert ancillary.receive(theirs).type == ancillary.SHUTDOWN_EVENT
            # The kernel shows the end from the SHUTDOWN on: the change may come after it, or never be read.
            rest = ancillary.receive(theirs)
            assert not rest.data or rest.change.state == ancillary.SHUTDOWN_COMP
        else:
            lost = ancillary.change(theirs)
            assert (lost.state, lost.cause) == (ancillary.COMM_LOST, ErrorCause.USER_INITIATED_ABORT)


@contextlib.contextmanager
def twin(ours: Socket | Endpoint) -> Iterator[Callable[[], tuple[ancillary.Arrived, Message | Notification | None]]]:
    """What comes next as read by hand, and as a socket of ours reads it then."""
    with socket.socket(fileno=os.dup(ours.fileno())) as plain:

        def both() -> tuple[ancillary.Arrived, Message | Notification | None]:
            assert select.select([plain], [], [], LIMIT)[0]
            return ancillary.receive(plain, socket.MSG_PEEK | socket.MSG_DONTWAIT), ours.recv()

        yield both


@pytest.mark.slow
def test_two_readers_of_the_same_messages(pair: Pair) -> None:
    a, b = pair()
    random = chance("twins")
    with twin(b) as both:
        for size in sizes(random) * rounds(1, 3):
            data, stream, ppid = random.randbytes(size), random.randrange(10), random.randrange(1 << 32)
            a.send(data, stream=stream, ppid=ppid, unordered=random.random() < 0.5)
            arrived, message = both()
            info = arrived.info
            assert isinstance(message, Message) and info is not None
            assert (message.data, message.source) == (arrived.data, Address(*arrived.source))
            assert (message.stream, message.ssn, message.unordered) == (info.stream, info.ssn, info.unordered)
            assert (message.ppid, message.association) == (info.ppid, info.association) == (ppid, info.association)
            assert (message.tsn, message.cumulative_tsn) == (info.tsn, info.cumulative_tsn)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["shutdown", "abort"])
def test_two_readers_of_the_same_notifications(endpoint: OneEndpoint, how: str) -> None:
    hub, other = endpoint(events=EVENTS), endpoint()
    with twin(hub) as both:
        association = other.connect(hub.local_addresses())
        arrived, event = both()
        compare(arrived.change, event)
        assert arrived.change.state == ancillary.COMM_UP
        if how == "abort":
            association.abort(b"for a reason")
        else:
            association.shutdown()
            arrived, event = both()
            assert arrived.type == ancillary.SHUTDOWN_EVENT and isinstance(event, PeerShutdown)
            assert struct.unpack_from("@i", arrived.data, 8)[0] == event.association
        arrived, event = both()
        compare(arrived.change, event)
        assert arrived.change.state != ancillary.COMM_UP
    eventually(lambda: not hub.associations, "the end of the association")


def compare(change: ancillary.Change, event: object) -> None:
    assert isinstance(event, AssociationChange)
    assert event.state is STATES.get(change.state, CommState.SHUTDOWN_COMPLETE)
    assert (event.cause, event.association) == (change.cause, change.association)
    assert (event.out_streams, event.in_streams) == (change.out_streams, change.in_streams)
    # Ours is the whole chunk: its type, no flags and its length come first (RFC 9260 §3.3.7).
    header = struct.pack("!BBH", 6, 0, 4 + len(change.causes)) if change.causes else b""
    assert event.abort_chunk == header + change.causes
    assert event.reason == change.causes[4 : 4 + len(event.reason)]
