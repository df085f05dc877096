# SPDX-License-Identifier: MIT
"""What is sent in this suite, and how associations end here."""

import random

import pytest

import sctpx
from sctpx import AbortedError, AssociationChange, CommState, ErrorCause, PeerShutdown, Socket
from tests.support.common import drain, wait_for, wait_message
from tests.support.effort import rounds

# One byte to 64 KiB; about what fits into a packet, a page, and into 16 bits.
SIZES = (1, 1452, 1500, 4096, 65535, 65536)
_PRINTABLE = bytes(0x21 + number % 94 for number in range(256))


def sizes(chance: random.Random) -> list[int]:
    """The boundaries, and in a full run any sizes between them."""
    return [*SIZES, *(chance.randint(1, 65536) for _ in range(rounds(0, 20)))]


def text(chance: random.Random, size: int) -> bytes:
    """So many bytes of printable ASCII."""
    return chance.randbytes(size).translate(_PRINTABLE)


def read(sock: Socket, size: int) -> bytes:
    """So many bytes, in as many messages as they come in."""
    data = b""
    while len(data) < size:
        data += wait_message(sock).data
    return data


def ends_well(sock: Socket) -> None:
    """The peer shuts down, as a subscriber to PeerShutdown and AssociationChange sees it."""
    wait_for(sock, PeerShutdown)
    # Linux shows the end from the peer's SHUTDOWN on; a reader that is quicker than the handshake meets it first.
    for last in drain(sock):
        assert isinstance(last, AssociationChange)
        assert last.state is CommState.SHUTDOWN_COMPLETE
    assert sock.recv() is None


def is_aborted(sock: Socket, reason: bytes = b"") -> None:
    """The peer aborts, as a subscriber to AssociationChange sees it."""
    lost = wait_for(sock, AssociationChange, lambda change: change.state is not CommState.UP)
    assert (lost.state, lost.cause, lost.reason) == (CommState.LOST, ErrorCause.USER_INITIATED_ABORT, reason)
    with pytest.raises(AbortedError) as caught:
        sock.recv()
    assert (caught.value.cause, caught.value.reason) == (ErrorCause.USER_INITIATED_ABORT, reason)


def lost(hub: sctpx.Endpoint) -> AssociationChange:
    """How the next association of a subscriber to AssociationChange ends."""
    change = wait_for(hub, AssociationChange, lambda change: change.state is not CommState.UP)
    assert change.association not in hub.associations
    return change
