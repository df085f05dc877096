# SPDX-License-Identifier: MIT
"""What the tests of the manual pages' rows share."""

import socket
from collections.abc import Iterable

from sctpx import Address, Socket
from sctpx.options import EndpointSettable, InitMessage, RtoInfo
from tests.support.common import Loopback
from tests.support.shapes import Opener

# Loopback's own broadcast address: every stack accepts it as a peer, no stack answers it, and it never leaves the
# machine. (A kernel discards the INIT; userland's UDP socket may not send it.)
UNREACHABLE = "127.255.255.255"
IMPATIENT: list[EndpointSettable] = [
    RtoInfo(initial=0.1, min=0.1, max=0.2),
    InitMessage(max_attempts=2, max_timeout=0.2),
]


def unconnected(
    keep: Opener, addresses: Loopback, *, paths: int = 1, family: socket.AddressFamily | None = None,
    options: Iterable[EndpointSettable] = (),
) -> Socket:
    """A one-to-one socket bound to loopback addresses, so that it announces no others."""
    local = addresses(paths, family or (socket.AF_INET if paths == 1 else None))
    has_ipv6 = any(address.family == socket.AF_INET6 for address in local)
    sock: Socket = keep(Socket(socket.AF_INET6 if has_ipv6 else socket.AF_INET))
    for option in options:
        sock.set(option)
    sock.bind(local)
    return sock


def at(host: str, sock: Socket) -> Address:
    """A host with the port that a listener is bound to."""
    return Address(host, sock.local_addresses()[0].port)
