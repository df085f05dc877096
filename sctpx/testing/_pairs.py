# SPDX-License-Identifier: MIT
"""Two ends that are connected over loopback, in this process."""

import errno
from collections.abc import Generator, Iterable
from contextlib import AbstractContextManager, contextmanager
from time import monotonic, sleep

from sctpx._address import Address
from sctpx._backend import backend
from sctpx._check import each, seconds, whole
from sctpx._create import create_connection, create_endpoint, create_server
from sctpx._endpoint import Endpoint
from sctpx._errors import SctpTimeoutError
from sctpx._notifications import EventType
from sctpx._socket import Socket
from sctpx.options import EndpointSettable, PathState, UdpEncapsulation
from sctpx.testing._backend import ready
from sctpx.testing._hosts import hosts

_PATHS = 8


def socket_pair(
    *, paths: int = 1, options: Iterable[EndpointSettable] = (), events: Iterable[EventType] = (), timeout: float = 5.0
) -> AbstractContextManager[tuple[Socket, Socket]]:
    """Two connected one-to-one sockets: `with socket_pair() as (client, server):`. Both are closed at the end.

    The backend is the one in use. Where none was chosen (SCTPX_BACKEND, `use_backend`) and the kernel has no SCTP, it
    is userland, for the rest of this process; the logger "sctpx.testing" and the end of a pytest run say so.

    Args:
        paths: addresses of each end, all confirmed, at most 8. The Linux kernel has as many of 127.0.0.0/8; userland
            uses those that the host has: 127.0.0.1, ::1, then those of its interfaces.
        options: of both ends, set before the handshake.
        events: the notifications that both ends receive.
        timeout: seconds, of the handshake and then of each call on the two sockets.

    Raises:
        BackendUnavailableError: no backend works here; the text says why, and what to do.
        ValueError: not 1..8 paths.
        SctpError: EADDRNOTAVAIL, this host has fewer addresses than paths.
    """
    if whole(paths, "number of paths", _PATHS) == 0:
        raise ValueError("a pair has at least one path")
    wanted, heard = each(options, EndpointSettable, "options"), each(events, type, "events")
    return _socket_pair(paths, wanted, heard, seconds(timeout, "timeout"))


@contextmanager
def _socket_pair(
    paths: int, options: list[EndpointSettable], heard: list[EventType], timeout: float
) -> Generator[tuple[Socket, Socket], None, None]:
    ready()
    wanted = [*_same_port(), *options]
    own = [Address(host, 0) for host in hosts(paths)]
    with create_server(own, options=wanted, events=heard) as listener:
        listener.settimeout(timeout)
        targets = listener.local_addresses()
        client = create_connection(targets, timeout, source=own, options=wanted, events=heard)
        with client:
            server, _ = listener.accept()
            with server:
                server.settimeout(timeout)
                listener.close()
                _until_confirmed((client, server), paths, timeout)
                yield client, server


def endpoint_pair(
    *, events: Iterable[EventType] = (), timeout: float = 5.0
) -> AbstractContextManager[tuple[Endpoint, Endpoint]]:
    """Two one-to-many sockets with one association between them, set up by the first. Both are closed at the end.

    Args:
        events: the notifications that both receive; those of the set-up itself too.
        timeout: seconds, of the handshake and then of each call on the two.

    Raises:
        BackendUnavailableError: no backend works here.
    """
    return _endpoint_pair(each(events, type, "events"), seconds(timeout, "timeout"))


@contextmanager
def _endpoint_pair(heard: list[EventType], timeout: float) -> Generator[tuple[Endpoint, Endpoint], None, None]:
    ready()
    wanted = _same_port()
    own = [Address(host, 0) for host in hosts(1)]
    with (
        create_endpoint(own, options=wanted, events=heard) as first,
        create_endpoint(own, options=wanted, events=heard) as second,
    ):
        first.settimeout(timeout)
        second.settimeout(timeout)
        first.connect(second.local_addresses())
        deadline = monotonic() + timeout
        while not second.associations:
            if monotonic() > deadline:
                raise SctpTimeoutError(errno.ETIMEDOUT, "the association never came up", operation="endpoint_pair")
            sleep(0.001)
        yield first, second


def _same_port() -> list[EndpointSettable]:
    """Of userland, started with whatever ports: its peer is itself."""
    return [UdpEncapsulation(backend.udp_port)] if backend.udp_port else []


def _until_confirmed(ends: tuple[Socket, Socket], paths: int, timeout: float) -> None:
    """The accepting end learns a little later than the other that it reaches all addresses."""
    deadline = monotonic() + timeout
    for end in ends:
        while [path.state for path in end.paths()] != [PathState.ACTIVE] * paths:
            if monotonic() > deadline:
                text = f"not all of {paths} paths were confirmed: {end.paths()}"
                raise SctpTimeoutError(errno.ETIMEDOUT, text, operation="socket_pair")
            sleep(0.001)
