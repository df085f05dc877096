# SPDX-License-Identifier: MIT
"""How associations across stacks end, from either side, and what both are told of it."""

import pytest

from sctpx import (
    AbortedError,
    AssociationChange,
    CommState,
    ErrorCause,
    Message,
    Notification,
    Outgoing,
    PeerShutdown,
    SenderDry,
    SendFailed,
)
from sctpx.options import ReceiveBuffer, SendBuffer

from . import actions
from .conftest import Sides
from .peer import Peer

TOLD = [AssociationChange, PeerShutdown, SendFailed]


def ends(sides: Sides) -> dict[str, tuple[Peer, Peer, str, str]]:
    """Who ends it, and whom by: by who began it."""
    return {"active": (sides.active, sides.passive, "a", "b"), "passive": (sides.passive, sides.active, "b", "a")}


def names(events: list[Message | Notification]) -> list[str]:
    return [event.state.name if isinstance(event, AssociationChange) else type(event).__name__ for event in events]


@pytest.mark.parametrize("who", ["active", "passive"])
def test_shutdown_delivers_all_and_is_told(sides: Sides, who: str) -> None:
    sides.associate(events=TOLD)
    side, other, name, reader = ends(sides)[who]
    side(actions.send, name, *(Outgoing(bytes([n]) * 5000) for n in range(10)))
    side(actions.shutdown, name)
    ending = side.start(actions.until_end, name)
    seen = other(actions.until_end, reader)
    assert [event.data for event in seen if isinstance(event, Message)] == [bytes([n]) * 5000 for n in range(10)]
    told = names([event for event in seen if not isinstance(event, Message)])
    assert told[:2] == ["UP", "PeerShutdown"] and told[2:] in ([], ["SHUTDOWN_COMPLETE"])
    assert names(ending.result()) == ["UP", "SHUTDOWN_COMPLETE"]


@pytest.mark.parametrize("who", ["active", "passive"])
def test_close_delivers_all(sides: Sides, who: str) -> None:
    sides.associate()
    side, other, name, reader = ends(sides)[who]
    side(actions.send, name, *(Outgoing(bytes([n]) * 5000) for n in range(10)))
    side(actions.close, name)
    seen = other(actions.until_end, reader)
    assert [event.data for event in seen if isinstance(event, Message)] == [bytes([n]) * 5000 for n in range(10)]


@pytest.mark.parametrize("reason", [b"", b"why not"])
@pytest.mark.parametrize("who", ["active", "passive"])
def test_abort_is_told_with_its_reason(sides: Sides, who: str, reason: bytes) -> None:
    sides.associate(events=TOLD)
    side, other, name, reader = ends(sides)[who]
    side(actions.abort, name, reason)
    told, error = other(actions.until_error, reader)
    assert isinstance(error, AbortedError)
    assert names(told) == ["UP", "LOST"]
    last = told[-1]
    assert isinstance(last, AssociationChange)
    # From a one-to-one socket Linux carries no reason.
    carried = reason if side.backend == "userland" else b""
    assert (last.reason, error.reason) == (carried, carried)
    assert last.state is CommState.LOST and last.cause is ErrorCause.USER_INITIATED_ABORT
    assert last.abort_chunk[:1] == b"\x06"


@pytest.mark.parametrize("who", ["active", "passive"])
def test_what_was_not_acknowledged_at_an_abort_is_told(sides: Sides, who: str) -> None:
    sides.associate(events=TOLD, options=[SendBuffer(65_536), ReceiveBuffer(16_384)])
    side, other, name, reader = ends(sides)[who]
    # More than the receiver takes, as it does not read.
    count = 30
    side(actions.send, name, *(Outgoing(bytes(1000), stream=1, ppid=46, context=n) for n in range(1, count + 1)))
    other(actions.abort, reader, b"")
    told, error = side(actions.until_error, name)
    assert isinstance(error, AbortedError)
    failed = [event for event in told if isinstance(event, SendFailed)]
    numbers = [event.context for event in failed]
    # What the receiver had acknowledged is not reported; everything else is, once and in order.
    assert numbers == list(range(count - len(numbers) + 1, count + 1)) and numbers
    assert {event.stream for event in failed} == {1} and {event.ppid for event in failed} == {46}


def test_both_are_told_when_all_is_acknowledged(sides: Sides) -> None:
    sides.associate(events=[SenderDry])
    for side, other, name, reader in ends(sides).values():
        side(actions.send, name, Outgoing(bytes(100_000)))
        other(actions.receive, reader, 1)
        side(actions.wait, name, SenderDry)
