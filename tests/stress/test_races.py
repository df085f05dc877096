# SPDX-License-Identifier: MIT
"""Close, abort and shutdown raced against send and recv in other threads: each ends, and says the right thing."""

import contextlib
from collections.abc import Callable

import pytest

import sctpx
from sctpx import AbortedError, AssociationClosedError, ClosedError, NotConnectedError, Socket
from tests.support.common import LIMIT, Background
from tests.support.effort import chance
from tests.support.shapes import Server

from .ring import PATIENCE, Ring, turns

pytestmark = pytest.mark.timeout(60 * LIMIT)
# tests/stack_faults/late_send.c: mostly the sender is told, unless the association went before anyone could look.
MAY_STRAND = 1 if sctpx.backend.name == "userland" else 0
# How the peer of a socket that is closed or aborted may learn of it; None is the end of the stream.
PEERS_WORDS = (AbortedError, AssociationClosedError)


@pytest.mark.parametrize("way", [Socket.close, Socket.abort], ids=["close", "abort"])
def test_ending_a_socket_in_use(server: Server, way: Callable[[Socket], None]) -> None:
    luck = chance(f"ending {way.__name__}")
    listener = server()
    for _ in range(turns(25, 1500)):
        ring = Ring(listener, luck)
        ring.run_a_little()
        way(ring.a)
        for one in ring.near:
            error = one.result(PATIENCE).error
            assert isinstance(error, ClosedError), error
        for one in ring.far:
            error = one.result(PATIENCE).error
            assert error is None or isinstance(error, PEERS_WORDS), error
        ring.close()


def test_shutting_down_a_socket_in_use(server: Server) -> None:
    """All that a send took arrives, in order, before the end; on userland but for one that the end came under."""
    luck = chance("shutting down")
    listener = server()
    for _ in range(turns(20, 800)):
        ring = Ring(listener, luck)
        ring.run_a_little()
        ring.a.shutdown()
        sent, received = (one.result(PATIENCE) for one in ring.near)
        peer_sent, peer_received = (one.result(PATIENCE) for one in ring.far)
        assert isinstance(sent.error, AssociationClosedError), sent.error
        assert isinstance(peer_sent.error, AssociationClosedError), peer_sent.error
        assert received.error is None and peer_received.error is None, (received.error, peer_received.error)
        for out, arrived in ((sent.numbers, peer_received.numbers), (peer_sent.numbers, received.numbers)):
            assert arrived == out[: len(arrived)]
            assert len(out) - len(arrived) <= MAY_STRAND
        ring.close()


def test_both_ends_at_once(server: Server) -> None:
    """Any way of ending at one end, with any at the other, at the same time; several threads close one socket."""
    luck = chance("both ends")
    listener = server()
    ways: list[Callable[[Socket], None]] = [Socket.close, Socket.abort, Socket.shutdown]

    def end(sock: Socket, way: Callable[[Socket], None]) -> None:
        with contextlib.suppress(ClosedError, NotConnectedError, AssociationClosedError):
            way(sock)
        sock.close()

    for _ in range(turns(20, 800)):
        ring = Ring(listener, luck)
        ring.run_a_little()
        socks = [ring.a, ring.b, *luck.choices([ring.a, ring.b], k=2)]
        plan = [(sock, luck.choice(ways)) for sock in socks]
        for ending in [Background(lambda s=sock, w=way: end(s, w)) for sock, way in plan]:  # type: ignore[misc]
            ending.result(PATIENCE)
        for one in [*ring.near, *ring.far]:
            error = one.result(PATIENCE).error
            assert error is None or isinstance(error, (*PEERS_WORDS, ClosedError)), error


def test_closing_a_listener_in_use(server: Server) -> None:
    """Against accept, and against clients that come."""
    luck = chance("listener")
    for _ in range(turns(10, 300)):
        listener = server()
        peers = listener.local_addresses()
        accepted: list[Socket] = []

        def serve(listener: Socket = listener, accepted: list[Socket] = accepted) -> None:
            while True:
                accepted.append(listener.accept()[0])

        def come(peers: object = peers, family: object = listener.family) -> None:
            while True:
                with Socket(family) as sock:  # type: ignore[arg-type]
                    sock.settimeout(LIMIT)
                    sock.connect(peers)  # type: ignore[arg-type]

        serving = [Background(serve) for _ in range(2)]
        coming = [Background(come) for _ in range(2)]
        wanted = luck.randrange(5)
        while len(accepted) < wanted:
            assert not any(one.done for one in serving)
        listener.close()
        for one in serving:
            with pytest.raises(ClosedError):
                one.result()
        for one in coming:
            with pytest.raises((ConnectionError, NotConnectedError)):
                one.result()
        for sock in accepted:
            sock.close()
