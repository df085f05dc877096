# SPDX-License-Identifier: MIT
"""Two hosts with two links, a stack on each, and traffic between them; and how long a failover may take."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pytest

from sctpx import Address
from sctpx.options import AssociationInfo, DelayedSack, EndpointSettable, NoDelay, PathParameters, RtoInfo
from tests.support.common import LIMIT, SCALE, eventually
from tests.support.network import Host, Network
from tests.support.nursery import Nursery
from tests.support.traffic import End, Setup

Stack = Literal["linux", "userland"]
STACKS: dict[str, tuple[Stack, Stack]] = {
    "kernel": ("linux", "linux"),
    "userland": ("userland", "userland"),
    "kernel-userland": ("linux", "userland"),
    "userland-kernel": ("userland", "linux"),
}
PORT = 5000
UDP_PORT = 9899


@dataclass(frozen=True, kw_only=True)
class Timing:
    """What decides how soon a path is given up, seconds."""

    rto_min: float
    rto_max: float
    path_limit: int
    """Retransmissions until a path is given up (Path.Max.Retrans)."""
    heartbeat: float
    association_limit: int = 10

    @property
    def options(self) -> list[EndpointSettable]:
        return [
            RtoInfo(initial=self.rto_min, min=self.rto_min, max=self.rto_max),
            PathParameters(
                heartbeat=True, heartbeat_interval=self.heartbeat, max_retransmissions=self.path_limit
            ),
            AssociationInfo(max_retransmissions=self.association_limit),
            # A SACK that waits longer than the peer's RTO would make it retransmit.
            DelayedSack(delay=min(0.2, self.rto_min / 5)),
            NoDelay(True),
        ]

    def allows(self, seconds: float, *, limit: int | None = None) -> bool:
        """Whether a path, or with `limit` an association, may have taken so long to be given up.

        Heartbeats count too, acknowledgements go on for a moment, and emulation is late.
        """
        expected = self.until_given_up(limit)
        return expected / 3 <= seconds <= 3 * expected + 0.2 * SCALE

    def until_given_up(self, limit: int | None = None) -> float:
        """So many time-outs and one more in a row, each twice as long as the one before (RFC 9260 §6.3.3, §8.2)."""
        waits = [self.rto_min * 2.0**n for n in range((limit or self.path_limit) + 1)]
        return sum(min(wait, self.rto_max) for wait in waits)


TUNED = Timing(rto_min=0.05 * SCALE, rto_max=0.1 * SCALE, path_limit=2, heartbeat=0.25 * SCALE, association_limit=8)
# RFC 9260 §16, which both stacks keep.
DEFAULT = Timing(rto_min=1.0, rto_max=60.0, path_limit=5, heartbeat=30.0)


class Lab:
    """`client` of one stack on the first host, `server` of one on the second; `other` is the second path."""

    def __init__(self, nursery: Nursery, net: Network, client: Stack, server: Stack) -> None:
        self.nursery = nursery
        self.net = net
        self.stacks: dict[int, Stack] = {0: client, 1: server}
        self.ends = contextlib.ExitStack()
        if client != server:
            host = net.hosts[0 if client == "linux" else 1]
            host.sysctl("net.sctp.udp_port", UDP_PORT)
            host.sysctl("net.sctp.encap_port", UDP_PORT)

    @property
    def hosts(self) -> tuple[Host, Host]:
        return self.net.hosts

    def start(
        self, host: int, *, peer: Sequence[Address] = (), port: int = 0, options: Iterable[EndpointSettable] = (),
        endpoint: bool = False, limit: float = LIMIT,
    ) -> End:
        here = self.hosts[host]
        stack = self.stacks[host]
        environment: dict[str, str] = {"SCTPX_BACKEND": stack}
        if stack == "userland":
            environment |= {"SCTPX_UDP_PORT": str(UDP_PORT), "SCTPX_PEER_UDP_PORT": str(UDP_PORT)}
        local = [Address(address, port) for address in here.addresses]
        setup = Setup(local=local, peer=peer, options=list(options), endpoint=endpoint, limit=limit)
        return self.ends.enter_context(End(self.nursery.start(setup.json(), environment, here.pid)))

    def pair(
        self, timing: Timing = TUNED, *, options: Iterable[EndpointSettable] = (), endpoint: bool = False
    ) -> tuple[End, End]:
        """Connected, all paths confirmed, the first one primary at both ends."""
        given = [*timing.options, *options]
        server = self.start(1, port=PORT, options=given, endpoint=endpoint)
        server.answer_to("listening")
        client = self.start(0, peer=self.addresses(1), options=given, endpoint=endpoint)
        client.answer_to("connected")
        server.wait_up()
        for end, peer in ((client, 1), (server, 0)):
            self.settle(end)
            end.do("set_primary", host=self.hosts[peer].addresses[0])
        return client, server

    def addresses(self, host: int) -> list[Address]:
        return [Address(address, PORT) for address in self.hosts[host].addresses]

    def settle(self, end: End, count: int | None = None) -> None:
        """Wait until all paths of an end are confirmed."""
        end.do("heartbeat")
        eventually(
            lambda: [path["state"] for path in end.paths()].count("ACTIVE") == (count or self.net.paths),
            "active paths",
        )


    def of(self, path: int) -> tuple[str, str]:
        """A path's addresses as the client and as the server name it: each by its peer's."""
        return self.hosts[1].addresses[path], self.hosts[0].addresses[path]


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as made:
        yield made


@pytest.fixture
def lab(nursery: Nursery, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """On the stacks that `stacks` names."""
    with Network(paths=2) as net:
        made = Lab(nursery, net, *STACKS[request.param])
        with made.ends:
            yield made


def stacks(quick: str = "", full: str = " ".join(STACKS)) -> pytest.MarkDecorator:
    """A test for each of these pairs of stacks; all but the `quick` ones are slow."""
    return pytest.mark.parametrize(
        "lab",
        [pytest.param(name, marks=[] if name in quick.split() else [pytest.mark.slow]) for name in full.split()],
        indirect=True,
    )
