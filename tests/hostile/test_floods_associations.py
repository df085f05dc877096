# SPDX-License-Identifier: MIT
"""Peers begin associations, more than anybody accepts, each with as many streams as there are, or end them unheard.

What a server holds of that stays within the bounds that `listen`, `InitMessage` and `subscribe` state.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support.common import SCALE, eventually
from tests.support.effort import chance, rounds

from .degree import heavy
from .flood import BACKLOG, DEAF, KIB, SLACK, Gauge, paced, whole
from .peer import Peer, Refused
from .target import Target, target
from .victim import GOOD

pytestmark = pytest.mark.usefixtures("attackable")

# Bytes of an association and its UDP peer, of each of its incoming streams, and of a notification of its end; userland.
ASSOCIATION, STREAM, NOTIFICATION = 10 * KIB, 64, 5 * KIB
STREAMS, FEW = 2048, 10
SEND_BUFFER = 64 * KIB


@contextlib.contextmanager
def peers(victim: Target, port: int, count: int, name: str, *, streams: int = FEW) -> Iterator[list[Peer]]:
    """Associations that exist, and end with this."""
    with contextlib.ExitStack() as stack:
        source = chance(f"flood of {name}")
        made: list[Peer] = []
        for number in range(count):
            peer = stack.enter_context(Peer(victim.udp_port, port, source, streams=streams))
            peer.own_port = 10_000 + number
            made.append(peer.connect())
        yield made

        def ended() -> bool:
            for peer in made:  # again, as many at once get lost
                peer.abort()
            return not victim.report().associations

        eventually(ended, "their end")


def gone(victim: Target) -> bool:
    report = victim.report()
    return report.associations == 0 and report.accepted == 0


@heavy
def test_nobody_waits_to_be_accepted_above_the_backlog() -> None:
    refused = waiting = 0
    with target(DEAF) as victim, contextlib.ExitStack() as stack:
        source = chance("backlog")
        for number in range(3 * BACKLOG):
            peer = stack.enter_context(Peer(victim.udp_port, victim.one, source))
            peer.own_port = 10_000 + number
            try:
                peer.connect(limit=0.5 * SCALE)
                waiting += 1
            except (Refused, TimeoutError):
                refused += 1
            if refused == 2:
                break
        # Stacks add some: one, or half as many again.
        assert BACKLOG <= waiting <= BACKLOG * 3 // 2 + 1
        victim.ask("read")
        eventually(lambda: victim.report().accepted == waiting, "the accepted sockets")
        with Peer(victim.udp_port, victim.one, source) as late:
            late.connect()
            late.abort()


@heavy
@pytest.mark.parametrize("streams", [pytest.param(FEW, marks=pytest.mark.slow), 65_535])
def test_associations_and_their_streams(streams: int) -> None:
    count = int(rounds(100, 1000) / SCALE)
    with target(replace(DEAF, reads=True, in_streams=STREAMS)) as victim:
        gauge = Gauge(victim)
        with peers(victim, victim.many, count, f"associations {streams}", streams=streams):
            eventually(lambda: victim.report().associations == count, "the associations")
            assert gauge.growth().process < count * (ASSOCIATION + min(streams, STREAMS) * STREAM) + SLACK
        eventually(lambda: gone(victim), "their end")


def test_fewer_streams_where_fewer_are_allowed() -> None:
    count = int(rounds(100, 1000) / SCALE)
    with target(replace(DEAF, reads=True, in_streams=FEW)) as victim:
        gauge = Gauge(victim)
        with peers(victim, victim.many, count, "few streams", streams=65_535) as made:
            eventually(lambda: victim.report().associations == count, "the associations")
            assert {peer.granted for peer in made} == {FEW}
            assert gauge.growth().process < count * (ASSOCIATION + FEW * STREAM) + SLACK
        eventually(lambda: gone(victim), "their end")


def test_notifications_that_nobody_reads() -> None:
    """They count against nothing: each that is subscribed to is kept until it is read, and then no more."""
    count = int(rounds(300, 600) / SCALE)
    with target(replace(DEAF, subscribes=True)) as victim:
        gauge = Gauge(victim)
        for part in range(2):
            with peers(victim, victim.many, count, f"notifications {part}"):
                pass
            # The second time takes the memory of the first.
            assert gauge.growth().sum < count * NOTIFICATION + SLACK
            victim.ask("read")
            eventually(lambda: gone(victim) and not victim.report().unread, "the reading")
            victim.ask("deaf")


def test_reports_of_failed_sends_that_nobody_reads() -> None:
    """A peer makes the server answer, takes none of it, and goes."""
    with target(replace(DEAF, reads=True, subscribes=True, send_buffer=SEND_BUFFER)) as victim:
        gauge = Gauge(victim)
        with Peer(victim.udp_port, victim.many, chance("failed sends")).connect() as peer:
            peer.acknowledges = False
            for number in range(2 * SEND_BUFFER // KIB):
                assert paced(peer, whole(peer, GOOD + b"%d " % number + bytes(KIB), ssn=number))
            victim.ask("deaf")
            peer.abort()
            eventually(lambda: not victim.report().associations, "the end of the association")
        assert gauge.growth().sum < 8 * SEND_BUFFER + SLACK
        victim.ask("read")
        eventually(lambda: any("SendFailed" in event for event in victim.report().events), "the reports")
