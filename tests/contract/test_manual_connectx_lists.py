# SPDX-License-Identifier: MIT
"""sctp_connectx(3), what it does with its list: a test for each row of FreeBSD's and Linux' pages."""

import socket

import pytest

import sctpx
from sctpx import InvalidArgumentError, Message, PathEvent, PeerAddressChange, Socket
from sctpx.options import PathState, Status
from tests.support.common import Loopback, events
from tests.support.shapes import OneEndpoint, Opener, Server

from .manual import IMPATIENT, UNREACHABLE, at, unconnected


def test_connectx_several_addresses(server: Server, keep: Opener, addresses: Loopback) -> None:
    listener = server(paths=2)
    sock = unconnected(keep, addresses, paths=2)
    sock.connectx(listener.local_addresses())
    assert set(sock.peer_addresses()) == set(listener.local_addresses())
    assert len(sock.peer_addresses()) == 2


def test_connectx_works_when_the_first_listed_is_unreachable(
    server: Server, keep: Opener, addresses: Loopback
) -> None:
    listener = server()
    sock = unconnected(keep, addresses, options=IMPATIENT[:1])
    sock.connectx([at(UNREACHABLE, listener), *listener.local_addresses()])
    assert sock.peer_addresses() == listener.local_addresses()
    keep(listener.accept()[0]).send(b"through")
    received = sock.recv_message()
    assert received is not None and received.data == b"through"


def test_connectx_listed_addresses_count_as_confirmed(server: Server, keep: Opener, addresses: Loopback) -> None:
    listener = server(paths=2)
    sock = unconnected(keep, addresses, paths=2)
    sock.subscribe(PeerAddressChange)
    sock.connectx(listener.local_addresses())
    assert {path.address: path.state for path in sock.paths()} == dict.fromkeys(
        listener.local_addresses(), PathState.ACTIVE
    )
    keep(listener.accept()[0]).send(b"the end of the handshake")
    seen = []
    for event in events(sock):
        if isinstance(event, Message):
            break
        seen.append(event)
    assert not [one for one in seen if isinstance(one, PeerAddressChange) and one.event is PathEvent.CONFIRMED]


def test_connectx_addresses_that_the_peer_does_not_list_are_dropped(
    server: Server, keep: Opener, addresses: Loopback
) -> None:
    listed = addresses(2)
    listener = server(family=listed[0].family)
    sock = unconnected(keep, addresses, paths=2)
    sock.connectx([at(address.host, listener) for address in listed])
    assert sock.peer_addresses() == [at(listed[0].host, listener)]


def test_connectx_the_association_id_comes_back(server: Server, keep: Opener, addresses: Loopback) -> None:
    listener = server()
    sock = unconnected(keep, addresses)
    association = sock.connectx(listener.local_addresses())
    assert association > 0
    assert sock.get(Status).association == association


def test_connectx_the_association_id_comes_back_on_an_endpoint(endpoint: OneEndpoint) -> None:
    a, b = endpoint(), endpoint()
    association = a.connect(b.local_addresses())
    assert association.id > 0
    assert association.get(Status).association == association.id
    assert a.associations[association.id].peer_addresses() == b.local_addresses()


def test_connectx_no_association_id_is_needed(server: Server, keep: Opener, addresses: Loopback) -> None:
    listener = server()
    sock = unconnected(keep, addresses)
    sock.connect(listener.local_addresses())
    sock.send(b"no id")
    received = keep(listener.accept()[0]).recv_message()
    assert received is not None and received.data == b"no id"


def test_connectx_IPv4_socket_takes_IPv4_only(server: Server, keep: Opener, addresses: Loopback) -> None:
    listener = server()
    sock = unconnected(keep, addresses)
    ipv6 = at(addresses(1, socket.AF_INET6)[0].host, listener)
    for wrong in ([ipv6], [*listener.local_addresses(), ipv6]):
        with pytest.raises(InvalidArgumentError):
            sock.connectx(wrong)
    sock.connectx(listener.local_addresses())
    assert sock.peer_addresses() == listener.local_addresses()


def test_connectx_IPv6_socket_takes_both(server: Server, keep: Opener, addresses: Loopback) -> None:
    both = [*addresses(1, socket.AF_INET6), *addresses(1, socket.AF_INET)]
    listener = keep(sctpx.create_server(both))
    sock = keep(Socket(socket.AF_INET6))
    sock.bind(both)
    sock.connectx(listener.local_addresses())
    assert {address.family for address in sock.peer_addresses()} == {socket.AF_INET, socket.AF_INET6}
    assert set(sock.peer_addresses()) == set(listener.local_addresses())


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_connectx_IPv6_socket_takes_one_of_either_family(
    family: socket.AddressFamily, keep: Opener, addresses: Loopback
) -> None:
    both = [*addresses(1, socket.AF_INET6), *addresses(1, socket.AF_INET)]
    listener = keep(sctpx.create_server(both))
    sock = keep(Socket(socket.AF_INET6))
    sock.bind(both)
    sock.connectx([address for address in listener.local_addresses() if address.family == family])
    assert sock.get(Status).primary.address.family == family
