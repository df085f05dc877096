# SPDX-License-Identifier: MIT
"""Connecting over a link that takes its time."""

import contextlib

import pytest

import sctpx
from tests.support.common import LIMIT, eventually
from tests.support.network import Host, Network
from tests.support.shapes import Opener


def associations(host: Host) -> int:
    return host.do("cat /proc/net/sctp/assocs").count("<->")  # one of these in the head


def test_what_came_up_and_was_shut_down_before_anybody_looked(keep: Opener) -> None:
    """Its end is told, not that it is connecting for ever."""
    with Network(paths=1) as net:
        here, there = net.hosts
        with there.inside():
            listener = keep(sctpx.create_server((there.addresses[0], 0)))
        with here.inside():
            sock = keep(sctpx.Socket())
        peers = listener.local_addresses()
        net.netem(0, "delay 50ms")
        sock.setblocking(False)
        with pytest.raises(BlockingIOError):
            sock.connect(peers)
        eventually(lambda: associations(there) > 1, "the association")
        listener.close()
        eventually(lambda: associations(here) == 1, "its end")
        with contextlib.suppress(sctpx.AlreadyConnectedError):
            sock.connect(peers)
        sock.settimeout(LIMIT)
        assert sock.recv() is None
