# SPDX-License-Identifier: MIT
"""lksctp-tools' clients print what they send, and how; our servers receive it so."""

import itertools

import pytest

import sctpx
from sctpx import AssociationChange, CommState, Endpoint, Message, Socket
from tests.support.common import events, wait_message
from tests.support.effort import FULL, SEED, rounds
from tests.support.shapes import OneEndpoint, Opener, Server

from .payload import SIZES
from .process import Start
from .programs import HOST, SctpDarn, SctpTest, free_port
from .reports import UNORDERED, Sent, printed_ppid, sent

STYLES = pytest.mark.parametrize("theirs", [(), ("-T",)], ids=["one-to-many", "one-to-one"])
# Cases of ten messages with sizes of their own, with any sizes, and with one size; by streams, ordered or not.
MIXED = ("-c", 3, "-M", 4, "-o", 2)
CASES = [
    MIXED,
    ("-c", 6, "-m", 65515, "-M", 10, "-t", 1, "-o", 3),
    *(("-c", -size, "-X", 2, "-o", 1) for size in (SIZES if FULL else SIZES[-1:])),
    *(("-c", case, "-M", case, "-o", case % 3) for case in (range(6) if FULL else ())),
]


def described(message: Message) -> Sent:
    return Sent(message.size, message.stream, message.ppid, message.unordered)


def pattern(size: int) -> bytes:
    """What sctp_test sends: digits, in C."""
    return (b"0123456789" * (size // 10 + 1))[: size - 1] + b"\0"


def until_the_end(hub: Endpoint) -> list[Message]:
    """All messages of an association in the order in which they were sent."""
    messages: list[Message] = []
    for event in events(hub):
        if isinstance(event, AssociationChange) and event.state is not CommState.UP:
            assert event.state is CommState.SHUTDOWN_COMPLETE
            break
        if isinstance(event, Message):
            messages.append(event)
    return sorted(messages, key=lambda message: (message.tsn - messages[0].tsn + (1 << 31)) % (1 << 32))


@STYLES
@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(map(str, case)))
def test_all_that_they_send(
    start: Start, endpoint: OneEndpoint, theirs: tuple[str, ...], case: tuple[object, ...]
) -> None:
    hub = endpoint(events=[AssociationChange])
    process = SctpTest(theirs).send(start, hub.local_addresses()[0], "-x", rounds(1, 3), "-r", SEED, *case)
    messages = until_the_end(hub)
    assert process.status() == 0
    assert [described(message) for message in messages] == [one for _, one in sent(process.out.all())]
    assert all(message.data == pattern(message.size) for message in messages)
    assert messages


@STYLES
@pytest.mark.slow
def test_what_we_send_back(start: Start, server: Server, keep: Opener, theirs: tuple[str, ...]) -> None:
    """sctp_test waits for an answer to each of its messages, and prints how that was sent."""
    listener = server()
    options = ("-D", "-x", rounds(1, 3), "-r", SEED, *MIXED)
    process = SctpTest(theirs).send(start, listener.local_addresses()[0], *options)
    ours = keep(listener.accept()[0])
    answers = 0
    for message in ours.messages():
        ours.send_many([message])
        answers += 1
    assert process.status() == 0
    said = process.out.all()
    told = [one for _, one in sent(said)]
    assert len(told) == answers == said.count(" First ")
    # How the first was sent it does not tell: a notification has used up its place for that.
    back = [line.split() for line in said.splitlines() if "SNDRCV" in line and "tsn=" in line]
    assert len(back) >= answers - 1
    for one, words in zip(told[-len(back) :], back, strict=True):
        assert f"SNDRCV(stream={one.stream}" in words[0]
        assert (int(words[3][6:], 16) & UNORDERED == UNORDERED, printed_ppid(words[4][5:])) == (one.unordered, one.ppid)


@pytest.mark.slow
def test_one_of_theirs_at_many_of_ours(start: Start, keep: Opener) -> None:
    """One one-to-many socket of sctp_test sends to ports in a row, all ours: endpoints and listeners."""
    first = free_port(HOST, 3)
    hubs = [keep(sctpx.create_endpoint((HOST, first + number), events=[AssociationChange])) for number in (0, 1)]
    listener = keep(sctpx.create_server((HOST, first + 2)))
    target = hubs[0].local_addresses()[0]
    process = SctpTest().send(start, target, "-S", 3, "-x", 1, "-c", 4, "-M", 3, "-o", 1, "-r", SEED)
    ours = keep(listener.accept()[0])
    received = [*(until_the_end(hub) for hub in hubs), list(ours.messages())]
    assert process.status() == 0
    told = sent(process.out.all())
    for number, messages in enumerate(received):
        expected = [one for association, one in told if association == number]
        assert sorted(map(repr, map(described, messages))) == sorted(map(repr, expected))
        assert len(messages) == 10


@pytest.mark.slow
def test_many_of_theirs_at_one_of_ours(start: Start, endpoint: OneEndpoint) -> None:
    hub = endpoint(events=[AssociationChange])
    count = rounds(3, 8)
    options = ("-x", 1, "-c", 3, "-M", 4, "-o", 1, "-r", SEED)
    running = [SctpTest().send(start, hub.local_addresses()[0], *options) for _ in range(count)]
    messages: dict[int, list[Message]] = {}
    ended = 0
    for event in events(hub):
        if isinstance(event, Message):
            messages.setdefault(event.association, []).append(event)
        elif isinstance(event, AssociationChange) and event.state is not CommState.UP:
            assert event.state is CommState.SHUTDOWN_COMPLETE
            ended += 1
            if ended == count:
                break
    assert not hub.associations
    assert len(messages) == count
    for process in running:
        assert process.status() == 0
    told = [repr(one) for _, one in sent(running[0].out.all())]
    # All had the same seed.
    assert all(sorted(repr(described(one)) for one in those) == sorted(told) for those in messages.values())


@pytest.mark.slow
@pytest.mark.parametrize("theirs", [(), ("-t",)], ids=["one-to-many", "one-to-one"])
def test_lines(start: Start, server: Server, keep: Opener, theirs: tuple[str, ...]) -> None:
    listener = server(events=[])
    process = SctpDarn(theirs).send(start, listener.local_addresses()[0])
    lines = ["first", "Grüße, 世界", "x" * 20_000]
    accepted: list[Socket] = []
    for line in lines:
        process.write(f"{line}\n".encode())
        accepted = accepted or [keep(listener.accept()[0])]
        assert wait_message(accepted[0]).data == f"{line}\n\0".encode()
        process.out.expect("> ")
    process.end_input()
    assert accepted[0].recv() is None


@pytest.mark.slow
def test_sizes_by_command(start: Start, endpoint: OneEndpoint) -> None:
    hub = endpoint()
    process = SctpDarn(("-I",)).send(start, hub.local_addresses()[0])
    # It goes on through the printable characters from one message to the next.
    letters = itertools.cycle(range(0x21, 0x7F))
    for size in SIZES:
        process.write(b"snd=%d\n" % size)
        assert wait_message(hub).data == bytes(itertools.islice(letters, size))
        process.out.expect("mode> ")
    process.end_input()
    process.status()
