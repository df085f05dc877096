# SPDX-License-Identifier: MIT
"""SendFailed: for every message that was not acknowledged, however it was sent and however its association ended."""

from collections.abc import Callable

import pytest

import sctpx
from sctpx import AssociationChange, CommState, Endpoint, Feature, Notification, Outgoing, SendFailed, Socket
from sctpx.options import AssociationInfo, EndpointSettable, MaxSegment, SendBuffer
from tests.support.common import LIMIT, eventually
from tests.support.relay import Relay
from tests.support.shapes import OneEndpoint, Pair

FEW: list[EndpointSettable] = [AssociationInfo(max_retransmissions=3)]


def until_lost(sock: Socket) -> list[SendFailed]:
    """What is reported until the end."""
    sock.settimeout(LIMIT)
    seen: list[SendFailed] = []
    with pytest.raises((sctpx.AssociationLostError, sctpx.AbortedError)):
        while (event := sock.recv()) is not None:
            if isinstance(event, SendFailed):
                seen.append(event)
    return seen


def until(endpoint: Endpoint, condition: Callable[[list[object]], bool]) -> list[SendFailed]:
    endpoint.settimeout(LIMIT)
    seen: list[object] = []
    while not condition(seen):
        seen.append(endpoint.recv())
    return [event for event in seen if isinstance(event, SendFailed)]


def test_each_message_of_a_batch_is_told_with_its_context(relay: Relay) -> None:
    a, _ = relay.pair(events=[SendFailed], options=FEW)
    with relay.losing():
        a.send_many([Outgoing(bytes([n] * 100), context=n, stream=n % 5, ppid=n, unordered=n < 9) for n in range(40)])
        failed = until_lost(a)
    told = {event.context: (event.data, event.stream, event.ppid) for event in failed}
    assert len(failed) == 40
    assert told == {n: (bytes([n]) * 100, n % 5, n) for n in range(40)}


def test_the_parts_of_a_message_are_told_with_its_context_and_make_it_up(relay: Relay) -> None:
    a, _ = relay.pair(events=[SendFailed], options=[*FEW, MaxSegment(1000), SendBuffer(200_000)])
    messages = [bytes([n]) * 30_000 for n in range(3)]
    with relay.losing():
        for n, message in enumerate(messages):
            a.send(message, context=77 + n, stream=n, ppid=5)
        failed = until_lost(a)
    assert not any(event.complete and len(event.data) < 30_000 for event in failed)
    for n, message in enumerate(messages):
        parts = [event for event in failed if event.context == 77 + n]
        assert b"".join(part.data for part in parts) == message
        assert {(part.stream, part.ppid) for part in parts} == {(n, 5)}


def test_what_a_shutdown_waits_for_is_told_when_the_peer_is_lost(relay: Relay) -> None:
    a, _ = relay.pair(events=[SendFailed], options=FEW)
    with relay.losing():
        for n in range(5):
            a.send(b"unheard", context=n)
        a.shutdown()
        failed = until_lost(a)
    assert [event.context for event in failed] == list(range(5))


def test_what_the_peers_abort_leaves_is_told(relay: Relay) -> None:
    a, b = relay.pair(events=[SendFailed])
    with relay.losing(b"unheard"):
        for n in range(5):
            a.send(b"unheard", context=n)
        relay.wait_lost()
        b.abort()
        failed = until_lost(a)
    assert [event.context for event in failed] == list(range(5))


def test_what_is_acknowledged_is_not_told(relay: Relay) -> None:
    a, b = relay.pair(events=[SendFailed], options=FEW)
    for n in range(20):
        a.send(b"heard", context=n)
    for _ in range(20):
        assert b.recv_message()
    eventually(lambda: a.get(sctpx.options.Status).unacknowledged == 0, "the acknowledgements")
    with relay.losing():
        a.send(b"unheard", context=20)
        assert [event.context for event in until_lost(a)] == [20]


def endpoints(relay: Relay, endpoint: OneEndpoint) -> tuple[Endpoint, Endpoint]:
    a = endpoint(options=[*relay.options, *FEW])
    b = endpoint(options=relay.options)
    a.settimeout(LIMIT)
    return a, b


def test_an_association_that_asked_for_itself_is_told(relay: Relay, endpoint: OneEndpoint) -> None:
    a, b = endpoints(relay, endpoint)
    one = a.connect(b.local_addresses())
    one.subscribe(SendFailed, AssociationChange)
    with relay.losing():
        one.send(b"unheard", context=9)
        failed = until(a, lambda seen: {type(event) for event in seen} >= {SendFailed, AssociationChange})
    assert [(event.association, event.context) for event in failed] == [(one.id, 9)]


def test_ones_own_abort_is_told_on_an_endpoint(relay: Relay, endpoint: OneEndpoint) -> None:
    a, b = endpoints(relay, endpoint)
    a.subscribe(SendFailed, AssociationChange)
    one = a.connect(b.local_addresses())
    with relay.losing():
        for n in range(3):
            one.send(b"unheard", context=n)
        one.abort()
        failed = until(a, lambda seen: sum(isinstance(event, SendFailed) for event in seen) == 3)
    assert [(event.association, event.context) for event in failed] == [(one.id, n) for n in range(3)]


def test_a_socket_that_was_peeled_off_is_told(relay: Relay, endpoint: OneEndpoint) -> None:
    a, b = endpoints(relay, endpoint)
    a.subscribe(SendFailed)
    one = a.connect(b.local_addresses())
    with relay.losing():
        one.send(b"before", context=1)
        with one.peeloff() as own:
            own.send(b"after", context=2)
            assert [(event.context, event.data) for event in until_lost(own)] == [(1, b"before"), (2, b"after")]


def test_a_message_begun_and_never_ended_is_told(relay: Relay) -> None:
    a, _ = relay.pair(events=[SendFailed], options=FEW)
    if not sctpx.supports(Feature.EXPLICIT_EOR):
        with pytest.raises(sctpx.UnsupportedError):
            a.send(b"begun, ", context=3, more=True)
        return
    with relay.losing():
        a.send(b"begun, ", context=3, more=True)
        a.send(b"not ended", context=3, more=True)
        failed = until_lost(a)
    assert {event.context for event in failed} == {3}
    assert b"".join(event.data for event in failed) == b"begun, not ended"


def test_nothing_is_told_of_a_good_end(pair: Pair) -> None:
    a, b = pair(events=[SendFailed, AssociationChange])
    for n in range(100):
        a.send(bytes(1000), context=n)
    a.shutdown()
    assert sum(isinstance(event, sctpx.Message) for event in b) == 100
    seen: list[sctpx.Message | Notification] = list(a)
    assert not any(isinstance(event, SendFailed) for event in seen)
    assert CommState.LOST not in [event.state for event in seen if isinstance(event, AssociationChange)]
