# SPDX-License-Identifier: MIT
"""Plain sockets of the standard library at the other end: streams, PPIDs, order and numbers, packed by hand."""

import random
import socket
from collections.abc import Iterator

import pytest

import sctpx
from sctpx import Address, InvalidStreamError, Socket
from sctpx.options import InitMessage, Status
from tests.support.common import LIMIT, wait_message, wait_messages
from tests.support.effort import chance, rounds
from tests.support.shapes import OneEndpoint, Opener, Server

from . import ancillary
from .payload import SIZES, sizes

STREAMS = 10


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with ancillary.plain() as sock:
        sock.listen()
        yield sock


def where(sock: socket.socket) -> Address:
    return Address(*sock.getsockname())


def any_way(chance: random.Random) -> tuple[int, int, bool]:
    """A stream, a PPID, and whether unordered."""
    return chance.randrange(STREAMS), chance.randrange(1 << 32), chance.random() < 0.4


@pytest.mark.parametrize("told", ["SNDRCV", "RCVINFO"])
@pytest.mark.parametrize("style", ["socket", "endpoint"])
def test_they_decode_what_we_send(
    listener: socket.socket, keep: Opener, endpoint: OneEndpoint, told: str, style: str
) -> None:
    to = where(listener)
    ours = keep(sctpx.create_connection(to, LIMIT)) if style == "socket" else endpoint().connect([to])
    theirs = listener.accept()[0]
    theirs.settimeout(LIMIT)
    if told == "RCVINFO":
        theirs.setsockopt(ancillary.SCTP, ancillary.EVENTS, b"\0")
        theirs.setsockopt(ancillary.SCTP, ancillary.RECVRCVINFO, 1)
    next_ssn, tsn = [0] * STREAMS, None
    random = chance("to stdlib")
    with theirs:
        for size in sizes(random):
            data, (stream, ppid, unordered) = random.randbytes(size), any_way(random)
            ours.send(data, stream=stream, ppid=ppid, unordered=unordered)
            got, info = ancillary.message(theirs)
            assert got == data
            assert (info.stream, info.ppid, info.unordered) == (stream, ppid, unordered)
            if not unordered:
                assert info.ssn == next_ssn[stream]
                next_ssn[stream] += 1
            assert tsn is None or 0 < (info.tsn - tsn) % (1 << 32) <= 1 + size // 500
            tsn = info.tsn


@pytest.mark.parametrize("kind", [ancillary.SNDRCV, ancillary.SNDINFO], ids=["SNDRCV", "SNDINFO"])
def test_we_tell_what_they_send(server: Server, keep: Opener, kind: int) -> None:
    ours_listening = server()
    random = chance("from stdlib")
    with ancillary.plain() as theirs:
        theirs.connect(ours_listening.local_addresses()[0])
        ours = keep(ours_listening.accept()[0])
        next_ssn, tsn = [0] * STREAMS, None
        for size in sizes(random):
            data, (stream, ppid, unordered) = random.randbytes(size), any_way(random)
            flags = ancillary.UNORDERED if unordered else 0
            ancillary.send(theirs, data, kind=kind, stream=stream, ppid=ppid, flags=flags)
            message = wait_message(ours)
            assert message.data == data
            assert (message.stream, message.ppid, message.unordered) == (stream, ppid, unordered)
            assert message.source == where(theirs)
            if not unordered:
                assert message.ssn == next_ssn[stream]
                next_ssn[stream] += 1
            assert tsn is None or 0 < (message.tsn - tsn) % (1 << 32) <= 1 + size // 500
            tsn = message.tsn


def test_batches_both_ways(listener: socket.socket, keep: Opener) -> None:
    """What we receive we send back as it is: they find all as they sent it, stream by stream in its order."""
    ours = keep(sctpx.create_connection(where(listener), LIMIT))
    theirs = listener.accept()[0]
    theirs.settimeout(LIMIT)
    random = chance("batches")
    with theirs:
        for _ in range(rounds(2, 20)):
            batch = [(random.randbytes(random.choice([1, 100, 3000])), *any_way(random)) for _ in range(30)]
            for data, stream, ppid, unordered in batch:
                flags = ancillary.UNORDERED if unordered else 0
                ancillary.send(theirs, data, stream=stream, ppid=ppid, flags=flags)
            received = wait_messages(ours, len(batch))
            first = received[0].tsn
            received.sort(key=lambda message: (message.tsn - first + (1 << 31)) % (1 << 32))
            assert [(one.data, one.stream, one.ppid, one.unordered) for one in received] == batch
            ours.send_many(received)
            back = [ancillary.message(theirs) for _ in batch]
            first = back[0][1].tsn
            back.sort(key=lambda one: (one[1].tsn - first + (1 << 31)) % (1 << 32))
            assert [(data, info.stream, info.ppid, info.unordered) for data, info in back] == batch


def test_streams_are_what_both_allow(listener: socket.socket, keep: Opener) -> None:
    ancillary.streams(listener, 3, 7)
    ours = keep(
        sctpx.create_connection(where(listener), LIMIT, options=[InitMessage(out_streams=20, max_in_streams=5)])
    )
    with listener.accept()[0] as theirs:
        theirs.settimeout(LIMIT)
        told = ancillary.change(theirs)
        status = ours.get(Status)
        assert (status.out_streams, status.in_streams) == (told.in_streams, told.out_streams) == (7, 3)
        ours.send(b"the last one", stream=6)
        assert ancillary.message(theirs)[1].stream == 6
        with pytest.raises(InvalidStreamError):
            ours.send(b"one too many", stream=7)
        ancillary.send(theirs, b"their last one", stream=2)
        assert wait_message(ours).stream == 2


def test_one_of_theirs_with_many_of_ours(keep: Opener, endpoint: OneEndpoint) -> None:
    """A one-to-many socket answers each by its association, and by its address."""
    with ancillary.plain(socket.SOCK_SEQPACKET) as theirs:
        theirs.listen()
        clients: list[Socket] = [keep(sctpx.create_connection(where(theirs), LIMIT)) for _ in range(rounds(3, 20))]
        hub = endpoint()
        hub.send(b"endpoint", to=where(theirs), ppid=99)
        told = {}
        for number, client in enumerate(clients):
            client.send(b"%d" % number, stream=number % STREAMS, ppid=number)
        for _ in range(len(clients) + 1):
            data, info = ancillary.message(theirs)
            told[info.ppid] = info
            assert data == (b"endpoint" if info.ppid == 99 else b"%d" % info.ppid)
        assert len({info.association for info in told.values()}) == len(clients) + 1
        for number, client in enumerate(clients):
            kind = (ancillary.SNDINFO, ancillary.SNDRCV)[number % 2]
            association, stream = told[number].association, told[number].stream
            ancillary.send(theirs, b"by id", kind=kind, stream=stream, association=association)
            ancillary.send(theirs, b"by address", to=client.local_addresses()[0])
            assert [(one.data, one.stream) for one in wait_messages(client, 2)] == [
                (b"by id", number % STREAMS),
                (b"by address", 0),
            ]
        ancillary.send(theirs, bytes(SIZES[-1]), association=told[99].association)
        assert wait_message(hub).size == SIZES[-1]
