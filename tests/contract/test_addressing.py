# SPDX-License-Identifier: MIT
"""Addresses in every form: IPv4, IPv6, both together, names, wildcards, and ports."""

import errno
import socket
from ipaddress import ip_address

import pytest

import sctpx
from sctpx import Address, AddressLike, SctpError, Socket
from sctpx.options import Status
from tests.support.common import ELSEWHERE, LIMIT, Loopback, family_of, wait_message
from tests.support.shapes import Client, Opener, Pair, Server


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6], ids=["IPv4", "IPv6"])
def test_each_family_works_alone(pair: Pair, family: socket.AddressFamily) -> None:
    a, b = pair(family=family)
    assert a.family == b.family == family
    assert {address.family for address in (*a.local_addresses(), *a.peer_addresses())} == {family}
    a.send(b"x")
    message = wait_message(b)
    assert message.source == a.local_addresses()[0]
    assert message.source.family == family


def test_an_ipv6_socket_holds_both_families(addresses: Loopback, keep: Opener) -> None:
    four, six = addresses(1, socket.AF_INET), addresses(1, socket.AF_INET6)
    listener = keep(sctpx.create_server(four + six))
    assert listener.family == socket.AF_INET6
    assert sorted(listener.local_addresses()) == sorted(
        (one.host, listener.local_addresses()[0].port) for one in four + six
    )
    a = keep(sctpx.create_connection(listener.local_addresses(), timeout=LIMIT, source=six + four))
    b = keep(listener.accept()[0])
    assert sorted(address.host for address in b.peer_addresses()) == sorted(one.host for one in four + six)
    a.send(b"x")
    assert wait_message(b).source in b.peer_addresses()


def test_an_ipv4_peer_of_an_ipv6_socket_is_shown_plain(addresses: Loopback, keep: Opener) -> None:
    listener = keep(sctpx.create_server(addresses(1, socket.AF_INET)))
    a = keep(Socket(socket.AF_INET6))
    a.connect(listener.local_addresses())
    b, peer = listener.accept()
    keep(b)
    assert a.peer_addresses() == listener.local_addresses()
    assert peer.family == socket.AF_INET
    b.send(b"x")
    message = wait_message(a)
    assert message.source == listener.local_addresses()[0]
    assert [path.address for path in a.paths()] == listener.local_addresses()


def test_an_ipv6_listener_takes_ipv4_peers(addresses: Loopback, keep: Opener) -> None:
    mapped = [("::ffff:" + one.host, 0) for one in addresses(1, socket.AF_INET)]
    listener = keep(Socket(socket.AF_INET6))
    listener.bind(mapped)
    listener.listen()
    assert {one.family for one in listener.local_addresses()} == {socket.AF_INET}
    a = keep(Socket(socket.AF_INET))
    a.connect(listener.local_addresses())
    b, peer = listener.accept()
    keep(b)
    assert peer.family == socket.AF_INET
    a.send(b"x")
    assert wait_message(b).source == peer


def test_an_ipv4_socket_takes_no_ipv6(addresses: Loopback, keep: Opener) -> None:
    sock = keep(Socket(socket.AF_INET))
    six = addresses(1, socket.AF_INET6)[0]
    with pytest.raises(ValueError):
        sock.bind(six)
    with pytest.raises(ValueError):
        sock.connect((six.host, 9))
    assert sock.local_addresses() == []


def test_port_nought_is_one_free_port_for_all(addresses: Loopback, keep: Opener) -> None:
    for made in (sctpx.create_server(addresses(2)), sctpx.create_endpoint(addresses(2))):
        keep(made)
        ports = {address.port for address in made.local_addresses()}
        assert len(made.local_addresses()) == 2
        assert len(ports) == 1
        assert ports != {0}


def test_a_port_can_be_chosen(addresses: Loopback, keep: Opener) -> None:
    first = keep(sctpx.create_endpoint(addresses()))
    port = first.local_addresses()[0].port
    first.close()
    again = keep(Socket())
    host = addresses(1, socket.AF_INET)[0].host
    try:
        again.bind((host, port))
    except SctpError:
        return  # somebody else was quicker
    assert again.local_addresses() == [(host, port)]


def test_a_port_in_use_is_told(server: Server, keep: Opener) -> None:
    listener = server()
    other = keep(Socket(listener.family))
    with pytest.raises(SctpError) as caught:
        other.bind(listener.local_addresses())
    assert caught.value.errno == errno.EADDRINUSE
    assert caught.value.operation == "bind"


def test_an_address_that_is_not_here_is_told(keep: Opener) -> None:
    sock = keep(Socket())
    with pytest.raises(SctpError) as caught:
        sock.bind((ELSEWHERE, 0))
    assert caught.value.errno == errno.EADDRNOTAVAIL


def test_different_ports_in_a_list_are_an_error(addresses: Loopback, keep: Opener) -> None:
    first, second = addresses(2)
    with pytest.raises(ValueError):
        sctpx.create_server([(first.host, 4000), (second.host, 4001)])
    sock = keep(Socket(family_of([first, second])))
    with pytest.raises(ValueError):
        sock.connect([(first.host, 4000), (second.host, 4001)])


@pytest.mark.parametrize("host", ["", "0.0.0.0"])
def test_a_wildcard_is_every_ipv4_address(host: str, addresses: Loopback, keep: Opener, client: Client) -> None:
    listener = keep(sctpx.create_server((host, 0)))
    local = listener.local_addresses()
    assert {address.port for address in local} == {local[0].port}
    assert "0.0.0.0" not in {address.host for address in local}
    target = addresses(1, socket.AF_INET)[0].host
    assert target in {address.host for address in local}
    a = keep(sctpx.create_connection((target, local[0].port), timeout=LIMIT))
    b = keep(listener.accept()[0])
    a.send(b"x")
    assert wait_message(b).data == b"x"


def test_an_ipv6_wildcard_takes_both_families(addresses: Loopback, keep: Opener) -> None:
    listener = keep(sctpx.create_server(("::", 0)))
    port = listener.local_addresses()[0].port
    for family in (socket.AF_INET, socket.AF_INET6):
        host = addresses(1, family)[0].host
        a = keep(sctpx.create_connection((host, port), timeout=LIMIT, source=(host, 0)))
        b, peer = listener.accept()
        keep(b)
        assert peer.host == host
        a.send(b"x")
        assert wait_message(b).data == b"x"


def test_an_unbound_socket_has_no_addresses_and_a_connected_one_has(server: Server, keep: Opener) -> None:
    listener = server()
    sock = keep(Socket(listener.family))
    assert sock.local_addresses() == []
    sock.connect(listener.local_addresses())
    local = sock.local_addresses()
    assert local and local[0].port > 0


def test_names_are_resolved_by_the_functions_that_create(keep: Opener) -> None:
    hosts = {info[4][0] for info in socket.getaddrinfo("localhost", 0, socket.AF_INET, socket.SOCK_STREAM)}
    listener = keep(sctpx.create_server(("localhost", 0)))
    found = listener.local_addresses()
    assert {address.host for address in found if address.family == socket.AF_INET} == hosts
    a = keep(
        sctpx.create_connection(("localhost", found[0].port), timeout=LIMIT, source=[(one.host, 0) for one in found])
    )
    keep(listener.accept()[0])
    assert sorted(a.peer_addresses()) == sorted(found)
    with pytest.raises(ValueError):
        keep(Socket()).connect(("localhost", 9))


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(OSError):
        sctpx.create_connection(("no-such-name.invalid", 9), timeout=1)


def test_addresses_are_taken_in_every_form(server: Server, keep: Opener) -> None:
    listener = server()
    host, port = listener.local_addresses()[0]
    forms: list[sctpx.Addresses] = [
        (host, port),
        Address(host, port),
        (ip_address(host), port),
        [(host, port)],
        iter([(host, port)]),
        ((host, port),),
    ]
    for form in forms:
        a = keep(Socket(listener.family))
        a.connect(form)
        assert a.peer_addresses() == [(host, port)]
        keep(listener.accept()[0])


def test_an_ipv6_address_may_have_four_items(server: Server, keep: Opener) -> None:
    listener = server(family=socket.AF_INET6)
    host, port = listener.local_addresses()[0]
    target: AddressLike = (host, port, 0, 0)
    a = keep(Socket(socket.AF_INET6))
    a.connect(target)
    assert a.peer_addresses() == [(host, port)]
    keep(listener.accept()[0])


def test_connectx_gives_the_association(server: Server, keep: Opener) -> None:
    listener = server(paths=2)
    a = keep(Socket(listener.family))
    id = a.connectx(listener.local_addresses())
    assert id == a.get(Status).association
    keep(listener.accept()[0])
    assert sorted(a.peer_addresses()) == sorted(listener.local_addresses())
