# SPDX-License-Identifier: MIT
"""sctp_getpaddrs(3SOCKET), what it returns: a test for each row of SunOS' page."""

import socket
import threading
from functools import partial

import sctpx
from sctpx import Address, Socket
from tests.support.common import Loopback, eventually
from tests.support.shapes import EndpointPair, InBackground, Opener, Pair


def test_getpaddrs_all_peer_addresses(pair: Pair) -> None:
    active, passive = pair(paths=2)
    assert len(active.peer_addresses()) == len(passive.peer_addresses()) == 2
    assert set(active.peer_addresses()) == set(passive.local_addresses())
    assert set(passive.peer_addresses()) == set(active.local_addresses())


def test_getpaddrs_all_peer_addresses_of_an_endpoints_association(endpoints: EndpointPair) -> None:
    a, b, to_b, to_a = endpoints(paths=2)
    assert set(a.associations[to_b].peer_addresses()) == set(b.local_addresses())
    assert set(b.associations[to_a].peer_addresses()) == set(a.local_addresses())


def test_getpaddrs_IPv4_socket_IPv4_addresses(pair: Pair) -> None:
    for sock in pair(family=socket.AF_INET):
        assert [address.family for address in sock.peer_addresses()] == [socket.AF_INET]


def test_getpaddrs_IPv6_socket_IPv6_addresses(pair: Pair) -> None:
    for sock in pair(family=socket.AF_INET6):
        assert [address.family for address in sock.peer_addresses()] == [socket.AF_INET6]


def test_getpaddrs_IPv6_socket_IPv4_addresses_are_shown_plain(keep: Opener, addresses: Loopback) -> None:
    listener = keep(sctpx.create_server([*addresses(1, socket.AF_INET6), *addresses(1, socket.AF_INET)]))
    sock = keep(Socket(socket.AF_INET6))
    sock.bind([*addresses(1, socket.AF_INET6), *addresses(1, socket.AF_INET)])
    sock.connect(listener.local_addresses())
    accepted, source = listener.accept()
    for one in (sock, keep(accepted)):
        assert one.family == socket.AF_INET6
        assert {address.host for address in one.peer_addresses()} == {"::1", "127.0.0.1"}
    assert "ffff" not in source.host


def test_getpaddrs_addresses_have_the_peers_port(pair: Pair) -> None:
    active, passive = pair()
    assert active.peer_addresses() == passive.local_addresses()
    for address in active.peer_addresses():
        assert isinstance(address, Address)
        assert address.port == passive.local_addresses()[0].port


def test_getpaddrs_one_to_many_each_association_its_own(keep: Opener, endpoints: EndpointPair) -> None:
    a, b, to_b, _ = endpoints()
    c = keep(sctpx.create_endpoint([Address(address.host, 0) for address in b.local_addresses()]))
    to_c = a.connect(c.local_addresses())
    assert to_c.peer_addresses() == c.local_addresses()
    assert a.associations[to_b].peer_addresses() == b.local_addresses()


def test_getpaddrs_peeled_off_socket(keep: Opener, endpoints: EndpointPair) -> None:
    a, b, to_b, _ = endpoints()
    peeled = keep(a.associations[to_b].peeloff())
    assert peeled.peer_addresses() == b.local_addresses()


def test_getpaddrs_MT_safe_many_threads_at_once(pair: Pair, background: InBackground) -> None:
    active, passive = pair(paths=2)
    expected = {passive: sorted(active.local_addresses()), active: sorted(passive.local_addresses())}
    together = threading.Barrier(8)

    def ask(sock: Socket) -> bool:
        together.wait()
        return all(sorted(sock.peer_addresses()) == expected[sock] for _ in range(50))

    tasks = [background(partial(ask, sock)) for sock in [active, passive] * 4]
    assert all(task.result() for task in tasks)


def test_getpaddrs_MT_safe_while_another_thread_closes(pair: Pair, background: InBackground) -> None:
    active, _ = pair()
    expected = active.peer_addresses()
    asked = threading.Event()

    def ask() -> str:
        while True:
            try:
                assert active.peer_addresses() == expected
            except sctpx.SctpError as error:
                return type(error).__name__
            asked.set()

    tasks = [background(ask) for _ in range(4)]
    eventually(asked.is_set, "an answer")
    active.close()
    assert {task.result() for task in tasks} == {"ClosedError"}
