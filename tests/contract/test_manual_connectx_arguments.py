# SPDX-License-Identifier: MIT
"""sctp_connectx(3), EINVAL and EAFNOSUPPORT: wrong peers are told before the call, the same everywhere."""

import errno
import socket

import pytest

from sctpx import Address, Endpoint, InvalidArgumentError, Socket, WouldBlockError
from tests.support.common import Loopback
from tests.support.shapes import OneEndpoint, Opener, Server

from .manual import UNREACHABLE, at, unconnected

WRONG_PEERS = {
    "broadcast": ("255.255.255.255", 9),
    "multicast": ("224.0.0.1", 9),
    "IPv6_multicast": ("ff02::1", 9),
    "wildcard": ("0.0.0.0", 9),
    "IPv6_wildcard": ("::", 9),
    "empty_host": ("", 9),
    "port_0": ("127.0.0.1", 0),
}
wrong_peers = pytest.mark.parametrize("peer", WRONG_PEERS.values(), ids=WRONG_PEERS)


@wrong_peers
def test_connectx_EINVAL_wrong_peer(peer: tuple[str, int], keep: Opener) -> None:
    sock = keep(Socket(socket.AF_INET6))
    for call in (lambda: sock.connect(peer), lambda: sock.connectx([peer]), lambda: sock.connectx([_good(), peer])):
        with pytest.raises(InvalidArgumentError) as caught:
            call()
        assert caught.value.errno == errno.EINVAL
        assert isinstance(caught.value, ValueError)
    assert sock.local_addresses() == [], "nothing was bound: the call was never made"


@wrong_peers
def test_connectx_EINVAL_wrong_peer_of_an_endpoint(peer: tuple[str, int], keep: Opener) -> None:
    endpoint = keep(Endpoint(socket.AF_INET6))
    with pytest.raises(InvalidArgumentError) as caught:
        endpoint.connect(peer)
    assert caught.value.errno == errno.EINVAL
    with pytest.raises(InvalidArgumentError):
        endpoint.send(b"x", to=peer)
    assert endpoint.local_addresses() == []


def test_connectx_EINVAL_no_addresses(keep: Opener) -> None:
    sock, endpoint = keep(Socket()), keep(Endpoint())
    for call in (lambda: sock.connectx([]), lambda: sock.connect([]), lambda: endpoint.connect([])):
        with pytest.raises(InvalidArgumentError) as caught:
            call()
        assert caught.value.errno == errno.EINVAL


@pytest.mark.parametrize("port", [-1, 65536, 1 << 40])
def test_connectx_EINVAL_bad_port(port: int, keep: Opener) -> None:
    sock = keep(Socket())
    with pytest.raises(ValueError):
        sock.connectx([("127.0.0.1", port)])


@pytest.mark.parametrize("host", ["no address", "127.0.0.256", "127.1", "::g", "a\0b"])
def test_connectx_EINVAL_bad_address(host: str, keep: Opener) -> None:
    sock = keep(Socket())
    with pytest.raises(ValueError):
        sock.connectx([(host, 9)])


def test_connectx_EINVAL_different_ports(server: Server, keep: Opener, addresses: Loopback) -> None:
    listener = server(paths=2)
    sock = unconnected(keep, addresses, paths=2)
    first, second = listener.local_addresses()
    with pytest.raises(InvalidArgumentError) as caught:
        sock.connectx([first, Address(second.host, second.port ^ 1)])
    assert caught.value.errno == errno.EINVAL


def test_connectx_EAFNOSUPPORT_or_EINVAL_bad_family(server: Server, keep: Opener, addresses: Loopback) -> None:
    listener = server()
    sock = unconnected(keep, addresses)
    with pytest.raises(InvalidArgumentError) as caught:
        sock.connectx([at(addresses(1, socket.AF_INET6)[0].host, listener)])
    assert caught.value.errno in (errno.EAFNOSUPPORT, errno.EINVAL)
    with pytest.raises(ValueError):
        Socket(socket.AF_UNIX)


def test_connectx_wrong_type(keep: Opener, endpoint: OneEndpoint) -> None:
    sock = keep(Socket())
    for wrong in (None, 7, "127.0.0.1", [("127.0.0.1",)], [("127.0.0.1", "http")], [(b"127.0.0.1", 9)]):
        with pytest.raises((TypeError, ValueError)):
            sock.connectx(wrong)  # type: ignore[arg-type]


def test_connectx_a_subnets_own_broadcast_address_goes_to_the_stack(keep: Opener, addresses: Loopback) -> None:
    sock = unconnected(keep, addresses)
    sock.setblocking(False)
    with pytest.raises(WouldBlockError) as caught:
        sock.connect((UNREACHABLE, 9))
    assert caught.value.errno == errno.EINPROGRESS


def _good() -> tuple[str, int]:
    return "127.0.0.1", 9
