# SPDX-License-Identifier: MIT
"""sctp_getpaddrs(3SOCKET), its errors. EINVAL for a NULL pointer cannot be had from Python: see shim/."""

import contextlib
import errno
import os

import pytest

import sctpx
from sctpx import AssociationId, ClosedError, NotConnectedError, SctpError, Socket, UnsupportedError
from tests.support.common import Loopback, drain, eventually
from tests.support.shapes import EndpointPair, OneEndpoint, Opener, Pair, Server

from .manual import UNREACHABLE, unconnected


def test_getpaddrs_EBADF_closed_socket(pair: Pair) -> None:
    active, _ = pair()
    active.close()
    with pytest.raises(ClosedError) as caught:
        active.peer_addresses()
    assert caught.value.errno == errno.EBADF


def test_getpaddrs_EBADF_closed_endpoint(endpoints: EndpointPair) -> None:
    a, _, to_b, _ = endpoints()
    association = a.associations[to_b]
    a.close()
    with pytest.raises(ClosedError):
        association.peer_addresses()


def test_getpaddrs_ENOTSOCK_not_a_socket() -> None:
    end, other = os.pipe()
    try:
        with pytest.raises(SctpError) as caught:
            Socket(fileno=end).peer_addresses()
        if sctpx.backend.name == "userland":
            assert isinstance(caught.value, UnsupportedError)
        else:
            assert caught.value.errno == errno.ENOTSOCK
    finally:
        os.close(end)
        os.close(other)


def test_getpaddrs_ENOTCONN_never_connected(keep: Opener, addresses: Loopback) -> None:
    for sock in (keep(Socket()), unconnected(keep, addresses)):
        with pytest.raises(NotConnectedError) as caught:
            sock.peer_addresses()
        assert caught.value.errno == errno.ENOTCONN
        assert caught.value.operation == "peer_addresses"


def test_getpaddrs_ENOTCONN_listener(server: Server) -> None:
    with pytest.raises(NotConnectedError):
        server().peer_addresses()


def test_getpaddrs_ENOTCONN_the_association_has_ended(pair: Pair) -> None:
    active, passive = pair()
    passive.close()
    assert drain(active) == []
    eventually(lambda: _is_not_connected(active), "NotConnectedError")


def test_getpaddrs_ENOTCONN_refused(keep: Opener, addresses: Loopback, refusing: list[sctpx.Address]) -> None:
    sock = unconnected(keep, addresses)
    with pytest.raises(ConnectionRefusedError):
        sock.connect(refusing)
    assert _is_not_connected(sock)


def test_getpaddrs_while_connecting_lists_or_says_ENOTCONN(keep: Opener, addresses: Loopback) -> None:
    """Stacks differ in whether an association that is being set up has peer addresses yet."""
    sock = unconnected(keep, addresses)
    sock.setblocking(False)
    with pytest.raises(BlockingIOError):
        sock.connect((UNREACHABLE, 9))
    with contextlib.suppress(NotConnectedError):
        assert sock.peer_addresses() == [(UNREACHABLE, 9)]


def test_getpaddrs_EINVAL_one_to_many_needs_a_valid_id(endpoint: OneEndpoint) -> None:
    """The page's EINVAL; one facade error for an association that is not, or no longer, there."""
    unknown = AssociationId(123_456_789)
    sock = endpoint()
    assert unknown not in sock.associations
    with pytest.raises(NotConnectedError) as caught:
        sock.associations[unknown].peer_addresses()
    assert caught.value.errno == errno.ENOTCONN


def test_getpaddrs_EINVAL_one_to_many_association_has_ended(endpoints: EndpointPair) -> None:
    a, b, to_b, _ = endpoints()
    association = a.associations[to_b]
    b.close()
    eventually(lambda: to_b not in a.associations, "the end of the association")
    with pytest.raises(NotConnectedError) as caught:
        association.peer_addresses()
    assert caught.value.errno == errno.ENOTCONN


def _is_not_connected(sock: Socket) -> bool:
    try:
        sock.peer_addresses()
    except NotConnectedError as error:
        return error.errno == errno.ENOTCONN
    return False
