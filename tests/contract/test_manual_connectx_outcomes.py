# SPDX-License-Identifier: MIT
"""sctp_connectx(3), how it ends: EISCONN, ECONNREFUSED, ETIMEDOUT, EINPROGRESS, EALREADY."""

import contextlib
import errno
import select
import socket
import time

import pytest

from sctpx import (
    Address,
    AlreadyConnectedError,
    Endpoint,
    InvalidArgumentError,
    NotConnectedError,
    RefusedError,
    SctpTimeoutError,
    Socket,
    WouldBlockError,
)
from sctpx.options import UdpEncapsulation
from tests.support.common import LIMIT, Loopback, drain, wait_message
from tests.support.shapes import EndpointPair, OneEndpoint, Opener, Pair, Server

from .manual import IMPATIENT, UNREACHABLE, unconnected


def wait_writable(sock: Socket) -> None:
    _, writable, _ = select.select([], [sock], [], LIMIT)
    assert writable, "the end of the attempt is never told"


def test_connectx_EISCONN_socket_already_connected(pair: Pair) -> None:
    active, _ = pair()
    for _ in range(2):
        with pytest.raises(AlreadyConnectedError) as caught:
            active.connectx(active.peer_addresses())
        assert caught.value.errno == errno.EISCONN
    with pytest.raises(AlreadyConnectedError):
        active.connect((UNREACHABLE, 9))


def test_connectx_EISCONN_leaves_the_association_alone(pair: Pair) -> None:
    active, passive = pair()
    with pytest.raises(AlreadyConnectedError):
        active.connect(active.peer_addresses())
    active.send(b"still there")
    received = passive.recv_message()
    assert received is not None and received.data == b"still there"


def test_connectx_EISCONN_accepted_socket(pair: Pair) -> None:
    _, passive = pair()
    with pytest.raises(AlreadyConnectedError) as caught:
        passive.connectx(passive.peer_addresses())
    assert caught.value.errno == errno.EISCONN


def test_connectx_EISCONN_endpoint_with_an_association_to_that_peer(endpoints: EndpointPair) -> None:
    a, b, to_b, _ = endpoints()
    with pytest.raises(AlreadyConnectedError) as caught:
        a.connect(b.local_addresses())
    assert caught.value.errno == errno.EISCONN
    assert list(a.associations) == [to_b]


def test_connectx_ECONNREFUSED_nobody_listens(refusing: list[Address], keep: Opener, addresses: Loopback) -> None:
    sock = unconnected(keep, addresses)
    with pytest.raises(RefusedError) as caught:
        sock.connectx(refusing)
    assert caught.value.errno == errno.ECONNREFUSED
    assert isinstance(caught.value, ConnectionRefusedError)


def test_connectx_ECONNREFUSED_endpoint(refusing: list[Address], endpoint: OneEndpoint) -> None:
    with pytest.raises(RefusedError) as caught:
        endpoint(listen=False).connect(refusing)
    assert caught.value.errno == errno.ECONNREFUSED


def test_connectx_ECONNREFUSED_non_blocking(refusing: list[Address], keep: Opener, addresses: Loopback) -> None:
    sock = unconnected(keep, addresses)
    sock.setblocking(False)
    with pytest.raises((WouldBlockError, RefusedError)) as caught:
        sock.connectx(refusing)
    if isinstance(caught.value, WouldBlockError):
        assert caught.value.errno == errno.EINPROGRESS
        wait_writable(sock)
        with pytest.raises(RefusedError):
            sock.finish_connect()
    with pytest.raises(NotConnectedError):
        sock.finish_connect()


def test_connectx_ECONNREFUSED_that_a_receiver_met_is_no_end(
    refusing: list[Address], keep: Opener, addresses: Loopback
) -> None:
    sock = unconnected(keep, addresses)
    sock.setblocking(False)
    with pytest.raises((WouldBlockError, RefusedError)):
        sock.connectx(refusing)
    wait_writable(sock)
    with pytest.raises(OSError):
        sock.recv_many()
    # Stacks of BSD's want a new socket for each attempt.
    with pytest.raises((WouldBlockError, InvalidArgumentError)) as again:
        sock.connectx([(UNREACHABLE, 9)])
    if isinstance(again.value, WouldBlockError):
        with pytest.raises(WouldBlockError):
            sock.finish_connect()


def test_eof_ends_what_was_never_finished_by_name(server: Server, keep: Opener, addresses: Loopback) -> None:
    listener, sock = server(), unconnected(keep, addresses)
    sock.setblocking(False)
    with contextlib.suppress(WouldBlockError):
        sock.connectx(listener.local_addresses())
    wait_writable(sock)
    sock.send(b"all", eof=True)
    peer = keep(listener.accept()[0])
    assert wait_message(peer).data == b"all"
    assert drain(peer) == []
    assert select.select([sock], [], [], LIMIT)[0], "the end is never told"
    assert drain(sock) == []


def test_connectx_ETIMEDOUT_short_INIT_limits(keep: Opener, addresses: Loopback) -> None:
    sock = unconnected(keep, addresses, options=IMPATIENT)
    sock.settimeout(None)
    with pytest.raises(SctpTimeoutError) as caught:
        sock.connectx([(UNREACHABLE, 9)])
    assert caught.value.errno == errno.ETIMEDOUT
    assert isinstance(caught.value, TimeoutError)


def test_connectx_ETIMEDOUT_endpoint(endpoint: OneEndpoint) -> None:
    sock = endpoint(listen=False, options=IMPATIENT)
    sock.settimeout(None)
    with pytest.raises(SctpTimeoutError) as caught:
        sock.connect((UNREACHABLE, 9))
    assert caught.value.errno == errno.ETIMEDOUT
    assert not sock.associations


def test_connectx_ETIMEDOUT_the_sockets_own_time_out(keep: Opener, addresses: Loopback, scale: float) -> None:
    sock = unconnected(keep, addresses)
    sock.settimeout(0.1 * scale)
    before = time.monotonic()
    with pytest.raises(SctpTimeoutError) as caught:
        sock.connectx([(UNREACHABLE, 9)])
    assert caught.value.errno == errno.ETIMEDOUT
    assert time.monotonic() - before < LIMIT


def test_connectx_ETIMEDOUT_silent_UDP_port_is_named(keep: Opener) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        port = mute.getsockname()[1]
        for sock in (keep(Socket(socket.AF_INET)), keep(Endpoint(socket.AF_INET))):
            for option in [UdpEncapsulation(port), *IMPATIENT]:
                sock.set(option)
            with pytest.raises(SctpTimeoutError, match="UDP port"):
                sock.connect(("127.0.0.1", 9))


def test_connectx_EINPROGRESS_then_EALREADY(keep: Opener, addresses: Loopback) -> None:
    sock = unconnected(keep, addresses)
    sock.setblocking(False)
    for number in (errno.EINPROGRESS, errno.EALREADY, errno.EALREADY):
        with pytest.raises(WouldBlockError) as caught:
            sock.connectx([(UNREACHABLE, 9)])
        assert caught.value.errno == number
        assert isinstance(caught.value, BlockingIOError)
    with pytest.raises(WouldBlockError) as caught:
        sock.finish_connect()
    assert caught.value.errno == errno.EINPROGRESS


def test_connectx_finish_connect_tells_the_reason_once(keep: Opener, addresses: Loopback) -> None:
    sock = unconnected(keep, addresses, options=IMPATIENT)
    sock.setblocking(False)
    with pytest.raises(WouldBlockError):
        sock.connectx([(UNREACHABLE, 9)])
    wait_writable(sock)
    with pytest.raises(SctpTimeoutError) as caught:
        sock.finish_connect()
    assert caught.value.errno == errno.ETIMEDOUT
    for _ in range(2):
        with pytest.raises(NotConnectedError):
            sock.finish_connect()


def test_connectx_finish_connect_returns_when_connected(server: Server, keep: Opener, addresses: Loopback) -> None:
    listener = server()
    sock = unconnected(keep, addresses)
    sock.setblocking(False)
    try:
        sock.connectx(listener.local_addresses())
    except WouldBlockError:
        wait_writable(sock)
    sock.finish_connect()
    assert sock.peer_addresses() == listener.local_addresses()
