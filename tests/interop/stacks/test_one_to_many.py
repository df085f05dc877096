# SPDX-License-Identifier: MIT
"""One-to-many sockets across stacks, on either side and on both."""

import pytest

from sctpx import AbortedError, Outgoing

from . import actions
from .conftest import Sides


def test_an_endpoint_serves_sockets_of_the_other_stack(sides: Sides) -> None:
    where = sides.passive(actions.endpoint, "hub", sides.passive.host.addresses)
    names = ["one", "two", "three"]
    for name in names:
        sides.active(actions.connect, name, where, sides.active.host.addresses)
        sides.active(actions.send, name, Outgoing(name.encode(), stream=2, ppid=46))
    answered = sides.passive(actions.answer, "hub", len(names))
    assert len(set(answered)) == len(names)
    for name in names:
        (answer,) = sides.active(actions.receive, name, 1)
        assert (answer.data, answer.stream, answer.ppid) == (b"seen " + name.encode(), 2, 46)


def test_an_endpoint_reaches_a_socket_of_the_other_stack(sides: Sides) -> None:
    where = sides.passive(actions.serve, "listener", sides.passive.host.addresses)
    sides.active(actions.endpoint, "hub", sides.active.host.addresses)
    sides.active(actions.send_to, "hub", where, b"first words")
    sides.passive(actions.accept, "listener", "b")
    assert sides.passive(actions.receive, "b", 1)[0].data == b"first words"
    sides.passive(actions.send, "b", Outgoing(b"hello"))
    assert len(sides.active(actions.answer, "hub", 1)) == 1
    assert sides.passive(actions.receive, "b", 1)[0].data == b"seen hello"


def test_endpoints_of_both_stacks(sides: Sides) -> None:
    where = sides.passive(actions.endpoint, "hub", sides.passive.host.addresses)
    sides.active(actions.endpoint, "other", sides.active.host.addresses)
    sides.active(actions.send_to, "other", where, b"hub to hub")
    assert len(sides.passive(actions.answer, "hub", 1)) == 1
    assert sides.active(actions.heard, "other") == b"seen hub to hub"


@pytest.mark.parametrize("reason", [b"", b"enough"])
def test_an_endpoint_aborts_with_a_reason(sides: Sides, reason: bytes) -> None:
    """From one-to-many sockets Linux carries it too."""
    where = sides.passive(actions.endpoint, "hub", sides.passive.host.addresses[:1])
    sides.active(actions.connect, "a", where, sides.active.host.addresses[:1])
    sides.active(actions.send, "a", Outgoing(b"good day"))
    sides.passive(actions.abort_sender, "hub", reason)
    _, error = sides.active(actions.until_error, "a")
    assert isinstance(error, AbortedError) and error.reason == reason


def test_one_is_peeled_off(sides: Sides) -> None:
    where = sides.passive(actions.endpoint, "hub", sides.passive.host.addresses)
    for name in ("one", "two"):
        sides.active(actions.connect, name, where, sides.active.host.addresses)
    sides.active(actions.send, "one", Outgoing(b"peel me"))
    sides.passive(actions.peel_sender, "hub", "own")
    sides.active(actions.send, "one", Outgoing(b"to its own"))
    sides.active(actions.send, "two", Outgoing(b"to the hub"))
    assert sides.passive(actions.receive, "own", 1)[0].data == b"to its own"
    assert len(sides.passive(actions.answer, "hub", 1)) == 1
    sides.passive(actions.close, "own")
    assert sides.active(actions.until_end, "one") == []
