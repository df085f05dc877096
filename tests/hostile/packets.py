# SPDX-License-Identifier: MIT
"""SCTP packets as bytes and as chunks (RFC 9260 §3), right or wrong: nothing is checked on the way out."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from tests.support.checksum import summed

HEADER = struct.Struct("!HHI4s")  # source port, destination port, verification tag, CRC32c
CHUNK = struct.Struct("!BBH")  # type, flags, length


class Kind(IntEnum):
    """The chunk types that a stack may know."""

    DATA = 0
    INIT = 1
    INIT_ACK = 2
    SACK = 3
    HEARTBEAT = 4
    HEARTBEAT_ACK = 5
    ABORT = 6
    SHUTDOWN = 7
    SHUTDOWN_ACK = 8
    ERROR = 9
    COOKIE_ECHO = 10
    COOKIE_ACK = 11
    ECNE = 12
    CWR = 13
    SHUTDOWN_COMPLETE = 14
    AUTH = 15
    NR_SACK = 16
    I_DATA = 0x40
    ASCONF_ACK = 0x80
    PACKET_DROPPED = 0x81
    RE_CONFIG = 0x82
    PAD = 0x84
    FORWARD_TSN = 0xC0
    ASCONF = 0xC1
    I_FORWARD_TSN = 0xC2


@dataclass(frozen=True)
class Chunk:
    kind: int
    value: bytes = b""
    flags: int = 0
    length: int | None = None  # the true one when None

    def __bytes__(self) -> bytes:
        length = CHUNK.size + len(self.value) if self.length is None else self.length
        return CHUNK.pack(self.kind, self.flags, length) + self.value + bytes(-len(self.value) % 4)


@dataclass(frozen=True)
class Packet:
    source: int
    destination: int
    tag: int
    chunks: tuple[Chunk, ...]

    def __bytes__(self) -> bytes:
        header = HEADER.pack(self.source, self.destination, self.tag, bytes(4))
        return summed(header + b"".join(map(bytes, self.chunks)))

    @property
    def kinds(self) -> list[int]:
        return [chunk.kind for chunk in self.chunks]

    def to(self, source: int, destination: int, tag: int) -> "Packet":
        """The same chunks of another association."""
        return replace(self, source=source, destination=destination, tag=tag)


def parse(raw: bytes) -> Packet:
    source, destination, tag, _ = HEADER.unpack_from(raw)
    return Packet(source, destination, tag, tuple(_chunks(raw)))


def _chunks(raw: bytes) -> Iterator[Chunk]:
    at = HEADER.size
    while at + CHUNK.size <= len(raw):
        kind, flags, length = CHUNK.unpack_from(raw, at)
        end = at + max(length, CHUNK.size)
        yield Chunk(kind, raw[at + CHUNK.size : end], flags)
        at = (end + 3) & ~3


def parameter(kind: int, value: bytes = b"") -> bytes:
    """One of INIT, ASCONF and RE-CONFIG, or an error cause (RFC 9260 §3.2.1)."""
    return struct.pack("!HH", kind, 4 + len(value)) + value + bytes(-len(value) % 4)


def parameters(value: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(value):
        kind, length = struct.unpack_from("!HH", value, at)
        yield kind, value[at + 4 : at + length]
        at += max(length + 3 & ~3, 4)


# ---- chunks with something in them --------------------------------------------------------------------------------
IMMEDIATE, UNORDERED, FIRST, LAST = 8, 4, 2, 1  # the first: acknowledge at once (RFC 7053)
WHOLE = FIRST | LAST


def data(tsn: int, payload: bytes, *, stream: int = 0, ssn: int = 0, ppid: int = 0, flags: int = WHOLE) -> Chunk:
    return Chunk(Kind.DATA, struct.pack("!IHHI", tsn & 0xFFFFFFFF, stream, ssn & 0xFFFF, ppid) + payload, flags)


def i_data(
    tsn: int, payload: bytes, *, stream: int = 0, mid: int = 0, fragment: int = 0, flags: int = WHOLE
) -> Chunk:
    """With user message interleaving (RFC 8260 §2.1); `fragment` is the PPID in a message's first."""
    head = struct.pack("!IHHII", tsn & 0xFFFFFFFF, stream, 0, mid & 0xFFFFFFFF, fragment)
    return Chunk(Kind.I_DATA, head + payload, flags)


def sack(cumulative: int, window: int = 1 << 20) -> Chunk:
    return Chunk(Kind.SACK, struct.pack("!IIHH", cumulative & 0xFFFFFFFF, window, 0, 0))
