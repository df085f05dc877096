# SPDX-License-Identifier: MIT
"""Ending an association with so much unacknowledged that no more can be sent: many small messages, or a few large."""

import contextlib
from collections.abc import Callable

import pytest

from sctpx import AbortedError, Endpoint, EndpointAssociation, Message, Socket
from sctpx.options import ReceiveBuffer, RtoInfo, SendBuffer, Status
from tests.support.common import SCALE, drain, eventually, wait_messages
from tests.support.relay import Relay
from tests.support.shapes import OneEndpoint, Opener, Server

SIZES = pytest.mark.parametrize("size", [1, 1400])
REASONS = pytest.mark.parametrize("reason", [b"", b"r" * 1000], ids=["plain", "reason"])
# A graceful end may take five times the longest RTO, and no longer (RFC 9260 §9.2).
OPTIONS = [SendBuffer(16_000), ReceiveBuffer(400_000), RtoInfo(initial=0.1 * SCALE, min=0.05 * SCALE, max=60)]


def until_full(sock: Socket | Endpoint, send: Callable[[bytes], object], size: int) -> int:
    """How many messages went until none would; nothing is acknowledged meanwhile."""
    before, sent = sock.gettimeout(), 0
    sock.settimeout(0.05 * SCALE)
    with contextlib.suppress(TimeoutError):
        while True:
            send(bytes(size))
            sent += 1
    sock.settimeout(before)
    return sent


def widen(association: Socket | EndpointAssociation, peer: Socket) -> None:
    """Let the congestion window grow, so that a stack has many chunks on their way; none is when this is done."""
    for _ in range(20):
        for _ in range(14):
            association.send(bytes(1000))
        wait_messages(peer, 14)
    eventually(lambda: not association.get(Status).unacknowledged, "everything acknowledged")


def full_socket(relay: Relay, size: int) -> tuple[Socket, Socket, int]:
    a, b = relay.pair(options=OPTIONS)
    widen(a, b)
    with relay.losing():
        return a, b, until_full(a, a.send, size)


def full_endpoint(
    relay: Relay, endpoint: OneEndpoint, server: Server, keep: Opener, size: int
) -> tuple[Endpoint, EndpointAssociation, Socket, int]:
    listener = server(options=relay.options)
    hub = endpoint(options=[*relay.options, *OPTIONS])
    one = hub.connect(listener.local_addresses())
    peer = keep(listener.accept()[0])
    widen(one, peer)
    with relay.losing():
        return hub, one, peer, until_full(hub, one.send, size)


def messages(peer: Socket) -> list[int]:
    return [event.size for event in drain(peer) if isinstance(event, Message)]


def until_aborted(peer: Socket) -> AbortedError:
    with pytest.raises(AbortedError) as caught:
        while peer.recv() is not None:
            pass
    return caught.value


@SIZES
@REASONS
def test_aborting_a_full_socket(relay: Relay, size: int, reason: bytes) -> None:
    a, b, sent = full_socket(relay, size)
    assert sent
    a.abort(reason)
    assert a.closed
    assert reason.startswith(until_aborted(b).reason)


@SIZES
@REASONS
def test_aborting_a_full_association(
    relay: Relay, endpoint: OneEndpoint, server: Server, keep: Opener, size: int, reason: bytes
) -> None:
    hub, one, peer, sent = full_endpoint(relay, endpoint, server, keep, size)
    assert sent
    one.abort(reason)
    assert reason.startswith(until_aborted(peer).reason)
    eventually(lambda: not hub.associations, "the end")


@SIZES
def test_shutting_down_a_full_socket(relay: Relay, size: int) -> None:
    a, b, sent = full_socket(relay, size)
    a.shutdown()
    assert messages(b) == [size] * sent


@SIZES
def test_shutting_down_a_full_association(
    relay: Relay, endpoint: OneEndpoint, server: Server, keep: Opener, size: int
) -> None:
    hub, one, peer, sent = full_endpoint(relay, endpoint, server, keep, size)
    one.shutdown()
    assert messages(peer) == [size] * sent
    eventually(lambda: not hub.associations, "the end")


@SIZES
def test_closing_a_full_socket(relay: Relay, size: int) -> None:
    a, b, sent = full_socket(relay, size)
    a.close()
    assert messages(b) == [size] * sent


@SIZES
def test_closing_a_full_endpoint(
    relay: Relay, endpoint: OneEndpoint, server: Server, keep: Opener, size: int
) -> None:
    hub, _, peer, sent = full_endpoint(relay, endpoint, server, keep, size)
    hub.close()
    assert messages(peer) == [size] * sent


def test_closing_an_endpoint_with_more_than_its_buffer(
    relay: Relay, endpoint: OneEndpoint, server: Server, keep: Opener
) -> None:
    hub, _, peer, sent = full_endpoint(relay, endpoint, server, keep, 1400)
    hub.set(SendBuffer(5000))
    hub.close()
    assert messages(peer) == [1400] * sent
