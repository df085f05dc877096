# SPDX-License-Identifier: MIT
"""How the demo puts files into messages: a header (file number, offset, total size), then a piece of the file.

The header makes every message complete in itself, so unordered ones can be put together in any order, and an empty
file is still one message (SCTP has no empty ones).
"""

import struct
from typing import NamedTuple

STREAMS = 16
PIECE = 32 * 1024
PPID_BASE = 0x53435450  # "SCTP"
HEADER = struct.Struct("!IQQ")


class Lane(NamedTuple):
    """How a file travels; both sides work it out from the file's number, and the receiver checks it."""

    stream: int
    ppid: int
    unordered: bool


class Piece(NamedTuple):
    number: int
    offset: int
    total: int
    data: memoryview


def lane(number: int) -> Lane:
    """Say how file `number` travels: streams in turn, a PPID for each file, every seventh unordered."""
    return Lane(number % STREAMS, (PPID_BASE + number) & 0xFFFFFFFF, number % 7 == 6)


def pack(number: int, offset: int, total: int) -> bytes:
    """Make the header that goes before a piece."""
    return HEADER.pack(number, offset, total)


def unpack(message: bytes) -> Piece:
    """Take a message apart.

    Raises:
        ValueError: it is no piece of a file.
    """
    if len(message) < HEADER.size:
        raise ValueError(f"a message of {len(message)} bytes is too short for a header")
    number, offset, total = HEADER.unpack_from(message)
    data = memoryview(message)[HEADER.size :]
    if offset + len(data) > total or (not data and total):
        raise ValueError(f"file {number}: {len(data)} bytes at {offset} do not fit into {total}")
    return Piece(number, offset, total, data)
