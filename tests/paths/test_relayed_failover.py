# SPDX-License-Identifier: MIT
"""Natively on userland: one of two paths dies and comes back; what is told, in which order, and how soon."""

import time
from collections.abc import Callable

import pytest

from sctpx.options import AssociationInfo, EndpointSettable, PathParameters, RtoInfo
from tests.paths.relayed import RTO, Relayed
from tests.support.common import LIMIT
from tests.support.effort import rounds
from tests.support.impairment import HOSTS
from tests.support.records import Association, Path, Raised, Received
from tests.support.traffic import End


def primary_of(end: End) -> str:
    paths = end.do("paths")
    assert isinstance(paths, list)
    return str(next(one["host"] for one in paths if one["primary"]))


def other(host: str) -> str:
    return next(one for one in HOSTS if one != host)


def path_events(end: End, after: int) -> list[tuple[str, str]]:
    return [(one.event, one.host) for one in end.of(Path, after)]


def time_to_fail(rto: RtoInfo, retransmissions: int) -> tuple[float, float]:
    """From the first packet that is lost to the path's end: so many time-outs and one, each twice the last.

    A heartbeat that was under way may have been one of them.
    """
    shortest = sum(min(rto.min * 2**n, rto.max) for n in range(retransmissions))
    longest = sum(min(rto.initial * 2**n, rto.max) for n in range(retransmissions + 1))
    return shortest, longest


@pytest.mark.parametrize("round_", range(rounds(1, 5)))
def test_a_path_is_lost_and_found_while_all_is_delivered(relayed: Callable[..., Relayed], round_: int) -> None:
    both = relayed(options=[PathParameters(heartbeat_interval=0.5)])
    client, server = both.client, both.server
    client.send(pace=0.002)
    server.wait_received(20)
    dead = primary_of(client)
    mark = client.mark
    both.net.cut(dead)
    cut = time.monotonic()
    down = client.wait_path("UNREACHABLE", dead)
    shortest, longest = time_to_fail(RTO, 2)
    # Timers run late by up to 10 ms each, and the packet that is missed may have gone a little before.
    assert shortest - 0.05 <= down.t - cut <= longest + 1.0
    # Over the other path now.
    before = len(server.of(Received))
    server.wait_received(before + 20)
    both.net.restore(dead)
    client.wait_path("AVAILABLE", dead, after=mark)
    server.wait_received(client.stop())
    assert path_events(client, mark) == [("UNREACHABLE", dead), ("AVAILABLE", dead)]
    both.reconcile_alive()


def test_a_path_that_flaps_loses_nothing(relayed: Callable[..., Relayed]) -> None:
    both = relayed()
    both.client.send(pace=0.002)
    for turn in range(rounds(2, 10)):
        host = HOSTS[turn % 2]
        mark = both.client.mark
        both.net.cut(host)
        both.client.wait_path("UNREACHABLE", host, after=mark)
        both.net.restore(host)
        both.client.wait_path("AVAILABLE", host, after=mark)
    both.server.wait_received(both.client.stop())
    both.reconcile_alive()


def test_acknowledgements_lost_on_the_way_back_cost_nothing(relayed: Callable[..., Relayed]) -> None:
    both = relayed()
    both.client.send(count=100, pace=0.002)
    both.server.wait_received(20)
    host = primary_of(both.client)
    both.net.cut(host, direction="back")
    both.server.wait_received(100)
    both.net.restore()
    both.client.wait_sent()
    both.reconcile_alive()


DEFAULTS: list[EndpointSettable] = [
    RtoInfo(initial=1.0, min=1.0, max=60.0),
    AssociationInfo(max_retransmissions=10),
    PathParameters(max_retransmissions=5, heartbeat_interval=30.0),
]


@pytest.mark.slow
@pytest.mark.timeout(150)
def test_by_the_protocols_own_defaults_it_takes_up_to_a_minute(relayed: Callable[..., Relayed]) -> None:
    both = relayed(options=DEFAULTS)
    both.client.send(pace=0.01)
    both.server.wait_received(20)
    dead = primary_of(both.client)
    both.net.cut(dead)
    cut = time.monotonic()
    down = both.client.wait_path("UNREACHABLE", dead, limit=100)
    # RFC 9260: RTO.Min 1 s, Path.Max.Retrans 5: 1 + 2 + 4 + 8 + 16 + 32 s, the last less when a heartbeat is lost too.
    assert 30 <= down.t - cut <= 70
    both.server.wait_received(both.client.stop())
    both.reconcile_alive()


def test_all_paths_dead_is_an_error_that_says_so(relayed: Callable[..., Relayed]) -> None:
    both = relayed(options=[AssociationInfo(max_retransmissions=3)])
    both.client.send(pace=0.002)
    both.server.wait_received(20)
    mark = both.client.mark
    both.net.cut()
    raised = both.client.wait(Raised, limit=3 * LIMIT)
    assert raised.error == "AssociationLostError"
    assert [one.state for one in both.client.of(Association, mark)] == ["LOST"]
    assert {event for event, _ in path_events(both.client, mark)} <= {"UNREACHABLE"}
    both.client.wait_sent()
    both.reconcile()
