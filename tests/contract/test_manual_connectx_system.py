# SPDX-License-Identifier: MIT
"""sctp_connectx(3), what the system refuses: EBADF, ENOTSOCK, EADDRINUSE, EADDRNOTAVAIL, EACCES, EAGAIN."""

import errno
import os
import socket
from pathlib import Path

import pytest

import sctpx
from sctpx import ClosedError, Endpoint, SctpError, Socket, UnsupportedError
from tests.support.common import LIMIT, Loopback
from tests.support.shapes import Opener, Program, Server

from .manual import unconnected

ROOT = Path(__file__).resolve().parents[2]
# Without a free local port the kernel says EAGAIN, which is neither "not yet" nor worth a second try.
NO_FREE_PORT = """
import errno, sys
sys.path.insert(0, sys.argv[1])
from tests.support.namespace import enter, sysctl
enter()
sysctl("net.ipv4.ip_local_port_range", "40000 40000")
import sctpx

taken = sctpx.Socket()
taken.bind(("127.0.0.1", 0))
for blocking in (True, False):
    with sctpx.Socket() as sock:
        sock.setblocking(blocking)
        try:
            sock.connectx([("127.0.0.1", 9)])
        except sctpx.SctpError as error:
            name = errno.errorcode[error.errno]
            print(type(error).__name__, name, isinstance(error, BlockingIOError), error.operation)
taken.close()
"""
PRIVILEGED_PORT = """
import errno, os, sys
import sctpx

with sctpx.Socket() as first, sctpx.Socket() as sock, sctpx.Endpoint() as endpoint:
    if os.getuid() == 0:
        os.setuid(65534)
    for one in (sock, endpoint):
        try:
            one.bind(("127.0.0.1", 81))
        except sctpx.SctpError as error:
            name = errno.errorcode[error.errno]
            print(type(error).__name__, name, isinstance(error, PermissionError), error.operation)
"""


def test_connectx_EBADF_closed_socket(server: Server, keep: Opener, addresses: Loopback) -> None:
    listener = server()
    sock, endpoint = unconnected(keep, addresses), keep(Endpoint())
    sock.close()
    endpoint.close()
    targets = listener.local_addresses()
    for call in (lambda: sock.connectx(targets), lambda: sock.connect(targets), lambda: endpoint.connect(targets)):
        with pytest.raises(ClosedError) as caught:
            call()
        assert caught.value.errno == errno.EBADF


@pytest.mark.parametrize("kind", [Socket, Endpoint])
def test_connectx_EBADF_not_a_descriptor(kind: type[Socket] | type[Endpoint]) -> None:
    end, other = os.pipe()
    os.close(end)
    os.close(other)
    expected = UnsupportedError if sctpx.backend.name == "userland" else SctpError
    with pytest.raises(expected) as caught:
        kind(fileno=end)
    if expected is SctpError:
        assert caught.value.errno == errno.EBADF


@pytest.mark.parametrize("kind", [Socket, Endpoint])
def test_connectx_ENOTSOCK_not_a_socket(kind: type[Socket] | type[Endpoint]) -> None:
    """Where descriptors can be foreign; userland's sockets are none."""
    end, other = os.pipe()
    try:
        expected = UnsupportedError if sctpx.backend.name == "userland" else SctpError
        with pytest.raises(expected) as caught:
            kind(fileno=end)
        if expected is SctpError:
            assert caught.value.errno == errno.ENOTSOCK
        os.fstat(end)
    finally:
        os.close(end)
        os.close(other)


def test_connectx_ENOTSOCK_not_an_SCTP_socket() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        with pytest.raises((SctpError, ValueError)):
            Socket(fileno=udp.fileno())
        assert udp.getsockname()


def test_connectx_EADDRINUSE_local_port_taken(server: Server, keep: Opener) -> None:
    taken = server().local_addresses()
    sock = keep(Socket(socket.AF_INET))
    with pytest.raises(SctpError) as caught:
        sock.bind(taken)
    assert caught.value.errno == errno.EADDRINUSE


def test_connectx_EADDRNOTAVAIL_local_address_is_not_ours(keep: Opener) -> None:
    sock = keep(Socket(socket.AF_INET))
    with pytest.raises(SctpError) as caught:
        sock.bind(("192.0.2.1", 0))
    assert caught.value.errno == errno.EADDRNOTAVAIL


def test_connectx_EACCES_privileged_port_without_privilege(program: Program) -> None:
    output, errors = program(PRIVILEGED_PORT).communicate(timeout=LIMIT)
    assert output.splitlines() == ["DeniedError EACCES True bind"] * 2, errors


def test_connectx_EAGAIN_no_free_local_port_is_not_would_block(program: Program) -> None:
    output, errors = program(NO_FREE_PORT, ROOT).communicate(timeout=LIMIT)
    assert output.splitlines() == ["SctpError EAGAIN False connect"] * 2, errors
