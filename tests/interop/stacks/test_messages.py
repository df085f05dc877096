# SPDX-License-Identifier: MIT
"""Messages across stacks: as many bytes, streams and PPIDs as were sent, in order, both ways."""


import pytest

from sctpx import Message, Outgoing
from sctpx.options import InitMessage, SendBuffer
from tests.support.effort import chance, rounds

from . import actions
from .conftest import Sides
from .peer import Peer

MEGA = 1 << 20


def directions(sides: Sides) -> list[tuple[Peer, Peer, str, str]]:
    """Whose socket sends, and whose receives."""
    return [(sides.active, sides.passive, "a", "b"), (sides.passive, sides.active, "b", "a")]


@pytest.mark.parametrize("sides", ["userland", "kernel"], indirect=True)
def test_messages_arrive_as_they_were_sent(sides: Sides) -> None:
    sides.associate(options=[InitMessage(out_streams=32, max_in_streams=32)])
    random = chance("across stacks")
    sizes = [1, 2, 3, 4, 5, 1000, 1401, 1452, 1453, 10_000, 65_535, 65_536]
    for sender, receiver, source, sink in directions(sides):
        for _ in range(rounds(1, 3)):
            sent = [
                Outgoing(
                    random.randbytes(size), stream=random.randrange(32), ppid=random.randrange(1 << 32),
                    unordered=random.random() < 0.3,
                )
                for size in random.sample(sizes, len(sizes))
            ]
            going = sender.start(actions.send, source, *sent)
            came = receiver(actions.receive, sink, len(sent))
            going.result()
            for stream in range(32):
                assert [fields(one) for one in came if one.stream == stream and not one.unordered] == [
                    fields(one) for one in sent if one.stream == stream and not one.unordered
                ]
            assert sorted(map(fields, came)) == sorted(map(fields, sent))


def fields(one: Outgoing | Message) -> tuple[object, ...]:
    return one.data, one.stream, one.ppid, one.unordered


@pytest.mark.parametrize("size", [65_536, *(pytest.param(count * MEGA, marks=pytest.mark.slow) for count in (1, 3))])
def test_large_messages(sides: Sides, size: int) -> None:
    """Those of 3 MiB are larger than any receive buffer: the sender's must hold a message, the receiver's a part."""
    sides.associate(options=[SendBuffer(4 * MEGA)])
    for sender, receiver, source, sink in directions(sides):
        sent = chance(f"large {size}").randbytes(size)
        going = sender.start(actions.send, source, Outgoing(sent, stream=1, ppid=7), Outgoing(b"next", stream=1))
        large, small = receiver(actions.receive, sink, 2)
        going.result()
        assert (large.data == sent, large.ppid, small.data) == (True, 7, b"next")
