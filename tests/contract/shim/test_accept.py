# SPDX-License-Identifier: MIT
"""Accepting what is about to end: with no notification asked for, the descriptor alone tells."""

from sctpx._native import _contract as c
from tests.support.relay import Relay
from tests.support.shapes import Client, Server

from .conftest import PATIENCE, Shim

SHUTDOWN_ACK = b"\x08\0\0\x04"  # the whole chunk (RFC 9260 §3.3.9)


def test_what_was_shut_down_before_it_was_accepted_has_an_end(
    shim: Shim, relay: Relay, server: Server, client: Client
) -> None:
    listener = server(options=relay.options)
    peer = client(listener, options=relay.options)
    peer.send(b"last")
    with relay.losing(SHUTDOWN_ACK):
        peer.shutdown()
        relay.wait_lost()
        handle = shim.accepted(listener._channel.handle)
    records, arena = shim.ffi.new("struct sctpx_received[]", 1), shim.ffi.new("char[]", 100)
    assert shim.lib.sctpx_receive(handle, records, 1, arena, 100, PATIENCE) == 1
    assert shim.ffi.buffer(arena, 4)[:] == b"last"
    assert shim.lib.sctpx_wait(handle, c.READABLE, PATIENCE) == c.READABLE
    assert shim.lib.sctpx_receive(handle, records, 1, arena, 100, 0) == 0
