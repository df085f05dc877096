# SPDX-License-Identifier: MIT
"""One of two paths dies under traffic and comes back: nothing is lost, and what happened is told."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.paths.lab import TUNED, Lab, stacks
from tests.support.ledger import reconcile_alive
from tests.support.records import Path, Received
from tests.support.traffic import End

PACE = 0.02


@dataclass(frozen=True)
class Way:
    """To lose path 0, and to get it back."""

    lose: Callable[[Lab], None]
    restore: Callable[[Lab], None]


WAYS = {
    "link-here": Way(lambda lab: lab.net.down(0, host=0), lambda lab: lab.net.up(0)),
    "link-there": Way(lambda lab: lab.net.down(0, host=1), lambda lab: lab.net.up(0)),
    "silence": Way(lambda lab: lab.net.cut(0), lambda lab: lab.net.clear(0)),
    "address-here": Way(lambda lab: lab.net.remove_address(0, 0), lambda lab: lab.net.add_address(0, 0)),
    "address-there": Way(lambda lab: lab.net.remove_address(1, 0), lambda lab: lab.net.add_address(1, 0)),
}


def through(lab: Lab, way: Way, client: End, server: End) -> None:
    """Traffic both ways, while path 0 dies and comes back."""
    client.send(pace=PACE)
    server.send(pace=PACE)
    sides = list(zip((client, server), lab.of(0), lab.of(1), strict=True))
    for end, *_ in sides:
        end.wait_received(20)
    marks = [end.mark for end, *_ in sides]
    lost = time.monotonic()
    way.lose(lab)
    for (end, dead, alive), mark in zip(sides, marks, strict=True):
        told = end.wait_path("UNREACHABLE", after=mark)
        assert told.host == dead
        assert TUNED.allows(told.t - lost), f"told after {told.t - lost:.2f} s"
        assert {path["host"]: path["state"] for path in end.paths()}[dead] == "INACTIVE"
        assert {one.source for one in end.wait_received(20, after=end.mark)} == {alive}
    way.restore(lab)
    for (end, dead, _), mark in zip(sides, marks, strict=True):
        end.wait_path("AVAILABLE", after=mark)
        end.wait(Received, lambda one, dead=dead: one.source == dead, after=end.mark)  # type: ignore[misc]
    for sender, receiver in ((client, server), (server, client)):
        receiver.wait_received(sender.stop())
        reconcile_alive(sender.records, receiver.records)
    for (end, dead, _), mark in zip(sides, marks, strict=True):
        assert [(path.event, path.host) for path in end.of(Path, after=mark)] == [
            ("UNREACHABLE", dead), ("AVAILABLE", dead),
        ]


@stacks(quick="kernel userland")
def test_a_link_goes_down_and_comes_up(lab: Lab) -> None:
    through(lab, WAYS["link-here"], *lab.pair())


@pytest.mark.parametrize("way", [way for way in WAYS if way != "link-here"])
@stacks()
def test_a_path_dies_and_comes_back(lab: Lab, way: str) -> None:
    through(lab, WAYS[way], *lab.pair())


@stacks()
def test_an_endpoints_path_dies_and_comes_back(lab: Lab) -> None:
    through(lab, WAYS["silence"], *lab.pair(endpoint=True))
