# SPDX-License-Identifier: MIT
"""Two stacks on two hosts. `sides` gives who connects, and who is connected to: all tests run both ways in full."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pytest

from sctpx import EventType
from sctpx.options import EndpointSettable
from tests.support.network import Network

from . import actions
from .peer import Peer
from .process import clear


class Sides(NamedTuple):
    """The connecting side and the connected one; their sockets are "a" and "b"."""

    active: Peer
    passive: Peer

    def associate(
        self, *, paths: int = 1, options: Iterable[EndpointSettable] = (), events: Iterable[EventType] = (),
    ) -> None:
        """Connect "a" of the active side to "b" of the passive side, by so many paths."""
        options, events = list(options), list(events)
        passive, active = self.passive.host.addresses[:paths], self.active.host.addresses[:paths]
        where = self.passive(actions.serve, "listener", passive, options=options, events=events)
        self.active(actions.connect, "a", where, active, options=options, events=events)
        self.passive(actions.accept, "listener", "b")


@pytest.fixture(scope="session")
def network() -> Iterator[Network]:
    with Network(paths=2) as made:
        yield made


@pytest.fixture(scope="session")
def stacks(network: Network) -> tuple[Peer, Peer]:
    """Userland and kernel."""
    return Peer(network.hosts[0], "userland"), Peer(network.hosts[1], "linux")


@pytest.fixture(params=["userland", pytest.param("kernel", marks=pytest.mark.slow)])
def sides(request: pytest.FixtureRequest, network: Network, stacks: tuple[Peer, Peer]) -> Iterator[Sides]:
    """Both ways; the parameter connects."""
    yield Sides(*(stacks if request.param == "userland" else reversed(stacks)))
    for path in range(network.paths):
        network.clear(path)
        network.up(path)
    for stack in stacks:
        stack(clear)
