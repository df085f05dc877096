# SPDX-License-Identifier: MIT
"""Associations across stacks as they come up: what each side is told of streams and addresses, and refusals."""

from collections.abc import Iterator

import pytest

import sctpx
from sctpx import AssociationChange, CommState, Outgoing, PathEvent, PeerAddressChange
from sctpx.options import AssociationState, InitMessage, Status, UdpEncapsulation
from tests.support.network import Network

from . import actions
from .conftest import Sides
from .peer import UDP_PORT, Peer


def test_both_sides_are_told_of_the_streams(sides: Sides) -> None:
    passive = sides.passive.host.addresses[:1]
    where = sides.passive(
        actions.serve, "listener", passive, options=[InitMessage(out_streams=5, max_in_streams=20)],
        events=[AssociationChange],
    )
    sides.active(
        actions.connect, "a", where, sides.active.host.addresses[:1],
        options=[InitMessage(out_streams=30, max_in_streams=4)], events=[AssociationChange],
    )
    sides.passive(actions.accept, "listener", "b")
    for side, name, out, incoming in ((sides.active, "a", 20, 4), (sides.passive, "b", 4, 20)):
        change = side(actions.wait, name, AssociationChange)
        assert (change.state, change.out_streams, change.in_streams) == (CommState.UP, out, incoming)
        status = side(actions.get, name, Status)
        assert (status.state, status.out_streams, status.in_streams) == (AssociationState.ESTABLISHED, out, incoming)


def test_both_sides_see_all_addresses_and_paths(sides: Sides) -> None:
    sides.associate(paths=2, events=[PeerAddressChange])
    for side, other, name in ((sides.active, sides.passive, "a"), (sides.passive, sides.active, "b")):
        assert sorted(address.host for address in side(actions.peer_addresses, name)) == other.host.addresses
        side(actions.wait_paths, name, ["ACTIVE", "ACTIVE"])
    # The one that was connected to is sure only of the address that the INIT came from.
    confirmed = sides.passive(actions.wait, "b", PeerAddressChange, field="event", value=PathEvent.CONFIRMED)
    assert confirmed.address.host in sides.active.host.addresses


def test_the_primary_path_is_changed(sides: Sides) -> None:
    sides.associate(paths=2)
    for side, other, name, reader in (
        (sides.active, sides.passive, "a", "b"), (sides.passive, sides.active, "b", "a")
    ):
        side(actions.wait_paths, name, ["ACTIVE", "ACTIVE"])
        for path in (1, 0, 1):
            side(actions.set_primary, name, other.host.addresses[path])
            assert {info.address.host: info.primary for info in side(actions.paths, name)} == {
                host: number == path for number, host in enumerate(other.host.addresses)
            }
            side(actions.send, name, Outgoing(b"by the primary"))
            assert other(actions.receive, reader, 1)[0].source.host == side.host.addresses[path]


def test_a_message_takes_the_path_that_it_is_told(sides: Sides) -> None:
    sides.associate(paths=2)
    for side, other, name, reader in (
        (sides.active, sides.passive, "a", "b"), (sides.passive, sides.active, "b", "a")
    ):
        side(actions.wait_paths, name, ["ACTIVE", "ACTIVE"])
        for path in (1, 0):
            side(actions.send, name, Outgoing(b"by one path", path=other.host.addresses[path]))
            assert other(actions.receive, reader, 1)[0].source.host == side.host.addresses[path]


def test_nobody_listens(sides: Sides) -> None:
    taken = sides.passive(actions.bind, "idle", sides.passive.host.addresses[:1])
    with pytest.raises(sctpx.RefusedError):
        sides.active(actions.connect, "a", taken, sides.active.host.addresses[:1])


def test_the_option_alone_encapsulates(sides: Sides, encap_port_unset: None) -> None:
    """The kernel has no UDP port to send to by default: connecting it is told, connected to it learns."""
    sides.associate(paths=2, options=[UdpEncapsulation(UDP_PORT)] if sides.active.backend == "linux" else [])
    for side, other, name, reader in (
        (sides.active, sides.passive, "a", "b"), (sides.passive, sides.active, "b", "a")
    ):
        side(actions.send, name, Outgoing(b"over UDP"))
        assert other(actions.receive, reader, 1)[0].data == b"over UDP"
        side(actions.wait_paths, name, ["ACTIVE", "ACTIVE"])


@pytest.fixture
def encap_port_unset(sides: Sides) -> Iterator[None]:
    (kernel,) = (side for side in sides if side.backend == "linux")
    kernel.host.sysctl("net.sctp.encap_port", 0)
    yield
    kernel.host.sysctl("net.sctp.encap_port", UDP_PORT)


def test_a_sockets_own_namespace_tells_whether_it_encapsulates(network: Network, stacks: tuple[Peer, Peer]) -> None:
    """Of a socket that was made elsewhere, this process cannot tell: it is not refused."""
    with stacks[1].host.inside():
        there = sctpx.Socket()
    with there, sctpx.Socket() as here:
        there.set(UdpEncapsulation(UDP_PORT))
        with pytest.raises(sctpx.UnsupportedError, match=r"net\.sctp\.udp_port is 0; sysctl -w"):
            here.set(UdpEncapsulation(UDP_PORT))
