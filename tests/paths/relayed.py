# SPDX-License-Identifier: MIT
"""Two programs on userland, a process each, on two paths that the tests' own relay makes worse or cuts."""

import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from sctpx import Address
from sctpx.options import AssociationInfo, EndpointSettable, NoDelay, PathParameters, RtoInfo, UdpEncapsulation
from tests.support.impairment import HOSTS, TwoPaths
from tests.support.ledger import Ledger, reconcile, reconcile_alive
from tests.support.traffic import End, Setup, execute

RTO = RtoInfo(initial=0.1, min=0.05, max=0.2)
QUICK: list[EndpointSettable] = [
    RTO,
    NoDelay(True),
    AssociationInfo(max_retransmissions=8),
    PathParameters(max_retransmissions=2, heartbeat_interval=0.1),
]


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        probe.bind(("::", 0))
        return int(probe.getsockname()[1])


@dataclass
class Relayed:
    """`client` connects to `server`, both on `::1` and `127.0.0.1`, through `net`."""

    name: str
    options: Sequence[EndpointSettable] = ()
    checksums: bool = False
    ports: tuple[int, int] = field(default_factory=lambda: (free_udp_port(), free_udp_port()))

    def __post_init__(self) -> None:
        self.net = TwoPaths(self.name, *self.ports)
        self.server = self.end(1, Setup(local=here(), options=[*QUICK, *self.options, UdpEncapsulation(self.net.far)]))
        self.client = self.connect(here())

    def connect(self, local: Sequence[Address]) -> End:
        """The connecting end, or another one."""
        client = self.dial(local)
        client.answer_to("connected")
        return client

    def dial(self, local: Sequence[Address], *options: EndpointSettable) -> End:
        """One that is about to connect."""
        given = [*QUICK, *self.options, *options, UdpEncapsulation(self.net.port)]
        return self.end(0, Setup(local=local, peer=self.server.addresses, options=given))

    def end(self, which: int, setup: Setup) -> End:
        environment = {"SCTPX_BACKEND": "userland", "SCTPX_UDP_PORT": str(self.ports[which])}
        command = [sys.executable, "-m", "tests.paths.checked"] if self.checksums else []
        return End(execute(setup, command, environment))

    def reconcile(self, *, receiver_lives: bool = True) -> Ledger:
        return reconcile(self.client.records, self.server.records, receiver_lives=receiver_lives)

    def reconcile_alive(self) -> None:
        """Both directions."""
        reconcile_alive(self.client.records, self.server.records)
        reconcile_alive(self.server.records, self.client.records)

    def close(self) -> None:
        self.client.end()
        self.server.end()
        self.net.end()


def here(port: int = 0) -> list[Address]:
    return [Address(host, port) for host in HOSTS]


@pytest.fixture
def relayed(request: pytest.FixtureRequest) -> Iterator[Callable[..., Relayed]]:
    """`pair = relayed(options=[…])`."""
    made: list[Relayed] = []

    def make(*, options: Sequence[EndpointSettable] = (), checksums: bool = False) -> Relayed:
        made.append(Relayed(request.node.name, options, checksums))
        return made[-1]

    yield make
    for one in made:
        one.close()
