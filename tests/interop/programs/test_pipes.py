# SPDX-License-Identifier: MIT
"""socat and ncat, which copy bytes: what one end writes the other reads, and either end may end it."""

import signal

import pytest

from sctpx import AssociationChange, AssociationId, CommState, PeerShutdown, SenderDry
from tests.support.common import wait_for, wait_message
from tests.support.effort import chance, rounds
from tests.support.shapes import OneEndpoint

from .conftest import Meet
from .payload import ends_well, is_aborted, lost, read, sizes
from .process import Process, Start
from .programs import Ncat, Socat

pytestmark = pytest.mark.slow

GREETING = "Grüße, 世界: καλημέρα κόσμε\n".encode()


def test_text_and_bytes_both_ways_until_their_input_ends(meet: Meet) -> None:
    ours, theirs = meet(events=[AssociationChange, PeerShutdown])
    random = chance("pipes")
    for number, size in enumerate([0, *sizes(random)]):
        sent, answered = (random.randbytes(size), random.randbytes(size)) if size else (GREETING, GREETING[::-1])
        ours.send(sent, stream=number % 10, ppid=number, unordered=number % 2 == 1)
        assert theirs.out.take(len(sent)) == sent
        theirs.write(answered)
        assert read(ours, len(answered)) == answered
    theirs.end_input()
    ends_well(ours)
    assert theirs.status() == 0


def test_ipv6(meet: Meet) -> None:
    ours, theirs = meet("::1")
    sent = chance("ipv6").randbytes(5000)
    ours.send(sent)
    assert theirs.out.take(5000) == sent
    theirs.write(b"back")
    assert read(ours, 4) == b"back"


def test_much_at_once(meet: Meet) -> None:
    """More than the buffers on the way hold, so that the windows close and open."""
    ours, theirs = meet()
    sent = chance("much").randbytes(1 << 20)
    for at in range(0, len(sent), 1 << 16):
        ours.send(sent[at : at + (1 << 16)], stream=3)
    assert theirs.out.take(len(sent)) == sent
    ours.shutdown()
    assert theirs.status() == 0


def test_our_close_delivers_what_was_sent(meet: Meet) -> None:
    ours, theirs = meet()
    sent = chance("close").randbytes(65536)
    ours.send(sent)
    ours.close()
    assert theirs.out.take(65536) == sent
    assert theirs.status() == 0


def test_our_abort_ends_them(meet: Meet, pipe: Socat | Ncat) -> None:
    ours, theirs = meet()
    ours.send(b"something")
    assert theirs.out.take(9) == b"something"
    ours.abort(b"no more")
    theirs.status()
    said = theirs.err.all()
    # As a server ncat takes any error for the end.
    assert "Connection reset by peer" in said or (isinstance(pipe, Ncat) and "Listening" in said)


def test_their_death_is_a_shutdown_when_they_had_read_all(meet: Meet) -> None:
    ours, theirs = meet(events=[AssociationChange, PeerShutdown])
    ours.send(b"something")
    assert theirs.out.take(9) == b"something"
    theirs.signal(signal.SIGKILL)
    ends_well(ours)


def test_their_death_is_an_abort_when_they_had_not(meet: Meet) -> None:
    ours, theirs = meet(events=[AssociationChange, SenderDry])
    theirs.signal(signal.SIGSTOP)
    ours.send(b"never read")
    wait_for(ours, SenderDry)
    theirs.signal(signal.SIGKILL)
    is_aborted(ours)
    assert theirs.status() == -signal.SIGKILL


def test_many_of_theirs_at_one_endpoint(start: Start, pipe: Socat | Ncat, endpoint: OneEndpoint) -> None:
    """Each has an answer of its own; one of them ends, we abort another, the last one shuts down last."""
    hub = endpoint(events=[AssociationChange, PeerShutdown])
    here = hub.local_addresses()[0]
    clients: dict[AssociationId, Process] = {}
    for number in range(rounds(3, 4)):
        process = pipe.connect(start, here)
        process.write(b"client %d" % number)
        message = wait_message(hub)
        assert message.data == b"client %d" % number
        clients[message.association] = process
        hub.send(message.data * 1000, to=message.association, stream=number % 10)
    for number, process in enumerate(clients.values()):
        assert process.out.take(8000) == b"client %d" % number * 1000
    first, second, *others = clients
    clients[first].end_input()
    change = lost(hub)
    assert (change.association, change.state) == (first, CommState.SHUTDOWN_COMPLETE)
    hub.associations[second].abort(b"no more")
    clients[second].status()
    for other in others:
        hub.send(b"still", to=other)
        assert clients[other].out.take(5) == b"still"
        hub.associations[other].shutdown()
        assert clients[other].status() == 0
    assert set(hub.associations) <= set(others)
