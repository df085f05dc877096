# SPDX-License-Identifier: MIT
"""That a message takes the path it was told: over IPv6 it comes from an IPv6 address, over IPv4 from an IPv4 one."""

import socket

import sctpx
from sctpx import Socket
from tests.support.common import Loopback, wait_message
from tests.support.shapes import Opener


def test_the_path_asked_for_carries_the_message(keep: Opener, addresses: Loopback) -> None:
    both = [*addresses(1, socket.AF_INET6), *addresses(1, socket.AF_INET)]
    listener = keep(sctpx.create_server(both))
    active = keep(Socket(socket.AF_INET6))
    active.bind(both)
    active.connect(listener.local_addresses())
    passive = keep(listener.accept()[0])
    for stream, path in enumerate([*active.peer_addresses(), *reversed(active.peer_addresses())]):
        active.send(b"by one path", path=path, stream=stream)
        assert wait_message(passive).source.host == path.host
