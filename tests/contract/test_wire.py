# SPDX-License-Identifier: MIT
"""The bytes on the wire (RFC 9260 §3.3.1): what a round trip through one stack could hide by being wrong twice."""

import contextlib
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

import sctpx
from sctpx import Outgoing, Socket
from tests.support.common import LIMIT, STACK, eventually, wait_message
from tests.support.relay import Relay
from tests.support.shapes import Pair

DATA = struct.Struct("!BBHIHHI")  # type, flags, length, TSN, stream, SSN, PPID
UNORDERED, IMMEDIATE = 4, 8
AF_PACKET = 17  # the kernel's number on Linux, which alone has it


@dataclass(frozen=True)
class Chunk:
    flags: int
    tsn: int
    stream: int
    ssn: int
    ppid: bytes
    data: bytes


def chunks(packet: bytes) -> Iterator[Chunk]:
    """The DATA chunks behind the common header of twelve bytes."""
    at = 12
    while at + 4 <= len(packet):
        kind, flags, length = struct.unpack_from("!BBH", packet, at)
        if kind == 0 and length >= DATA.size:
            _, _, _, tsn, stream, ssn, _ = DATA.unpack_from(packet, at)
            yield Chunk(flags, tsn, stream, ssn, packet[at + 12 : at + 16], packet[at + DATA.size : at + length])
        at += max(4, (length + 3) & ~3)


class Wire:
    """Two connected sockets, and the packets that passed between them."""

    def __init__(self, a: Socket, b: Socket, packets: Callable[[], list[bytes]]) -> None:
        self.a, self.b = a, b
        self._packets = packets

    def chunk(self, data: bytes) -> Chunk:
        """The chunk with this data."""
        found: list[Chunk] = []

        def seen() -> bool:
            found.extend(chunk for packet in self._packets() for chunk in chunks(packet) if chunk.data == data)
            return bool(found)

        eventually(seen, "the chunk")
        return found[0]


@contextlib.contextmanager
def captured() -> Iterator[Callable[[], list[bytes]]]:
    """SCTP packets on loopback, as the kernel sends them."""
    packets: list[bytes] = []
    with socket.socket(AF_PACKET, socket.SOCK_DGRAM, socket.ntohs(3)) as tap:
        tap.bind(("lo", 0))
        tap.settimeout(LIMIT)

        def read() -> list[bytes]:
            tap.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    packet = tap.recv(65_536)
                    if packet[0] >> 4 == 4 and packet[9] == 132:
                        packets.append(packet[4 * (packet[0] & 15) :])
            return packets

        yield read


# Userland sends no plain SCTP packets, and a kernel's are seen by root alone.
WAYS = ["udp"] if STACK == "userland" else ["udp", "plain"]


@pytest.fixture(params=WAYS)
def wire(request: pytest.FixtureRequest) -> Iterator[Wire]:
    if request.param == "udp":
        relay: Relay = request.getfixturevalue("udp_relay")
        yield Wire(*relay.pair(), lambda: list(relay.packets))
        return
    pair: Pair = request.getfixturevalue("pair")
    with captured() as packets:
        yield Wire(*pair(), packets)


@pytest.mark.parametrize("ppid", [0x01020304, 46, 0xFFFFFF00, 0], ids=hex)
def test_the_ppid_is_in_network_order(wire: Wire, ppid: int) -> None:
    data = b"ppid %08x" % ppid
    wire.a.send(data, ppid=ppid)
    assert wire.chunk(data).ppid == ppid.to_bytes(4, "big")
    assert wait_message(wire.b).ppid == ppid


def test_the_ppid_of_a_batch_is_in_network_order(wire: Wire) -> None:
    wire.a.send_many([Outgoing(b"one of its own", ppid=0x0A0B0C0D)])
    wire.a.send_many([b"one of a batch"], ppid=0x01020304)
    assert wire.chunk(b"one of its own").ppid == bytes([10, 11, 12, 13])
    assert wire.chunk(b"one of a batch").ppid == bytes([1, 2, 3, 4])


def test_the_default_ppid_is_in_network_order(wire: Wire) -> None:
    wire.a.set(sctpx.options.DefaultSend(ppid=0x01020304, stream=5))
    wire.a.send(b"by default")
    chunk = wire.chunk(b"by default")
    assert (chunk.ppid, chunk.stream) == (bytes([1, 2, 3, 4]), 5)


def test_stream_order_and_sequence_are_what_was_asked(wire: Wire) -> None:
    wire.a.send(b"first of 7", stream=7)
    wire.a.send(b"second of 7", stream=7)
    wire.a.send(b"unordered of 7", stream=7, unordered=True)
    wire.a.send(b"in a hurry", sack_immediately=True)
    first, second = wire.chunk(b"first of 7"), wire.chunk(b"second of 7")
    assert (first.stream, first.ssn, first.flags & UNORDERED) == (7, 0, 0)
    assert (second.stream, second.ssn, second.flags & UNORDERED) == (7, 1, 0)
    assert wire.chunk(b"unordered of 7").flags & UNORDERED
    assert wire.chunk(b"in a hurry").flags & IMMEDIATE


def test_what_the_receiver_is_told_is_what_was_on_the_wire(wire: Wire) -> None:
    wire.a.send(b"described", stream=3, ppid=0x01020304)
    message, chunk = wait_message(wire.b), wire.chunk(b"described")
    assert (message.tsn, message.ssn, message.stream) == (chunk.tsn, chunk.ssn, chunk.stream)
    assert message.ppid.to_bytes(4, "big") == chunk.ppid
