# SPDX-License-Identifier: MIT
"""Packets made wrong: from nothing, or out of right ones; all by chance, so that a seed brings them back."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from tests.support.checksum import summed

from .packets import CHUNK, HEADER, Chunk, Kind, Packet

KINDS = tuple(Kind)
LENGTHS = (0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 19, 20, 0x7FFF, 0x8000, 0xFFFC, 0xFFFF)
NUMBERS = (0, 1, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def noise(chance: random.Random) -> bytes:
    """Anything at all."""
    return chance.randbytes(chance.choice((0, 1, 11, 12, 13, 16, 20, 64, chance.randrange(2000))))


def headed(chance: random.Random, source: int, destination: int, tag: int) -> bytes:
    """A right header before random chunks, each with a right or a random length."""
    chunks = []
    for _ in range(chance.randint(1, 6)):
        kind = chance.choice(KINDS) if chance.random() < 0.9 else chance.randrange(256)
        value = chance.randbytes(chance.choice((0, 4, 8, 12, 16, 20, chance.randrange(300))))
        chunks.append(Chunk(kind, value, chance.randrange(256), None if chance.random() < 0.8 else length(chance)))
    return bytes(Packet(source, destination, tag, tuple(chunks)))


def length(chance: random.Random) -> int:
    return chance.choice(LENGTHS) if chance.random() < 0.8 else chance.randrange(0x10000)


# ---- of chunks ----------------------------------------------------------------------------------------------------
Change = Callable[[random.Random, list[Chunk], Sequence[Chunk]], None]


def _wrong_length(chance: random.Random, chunks: list[Chunk], others: Sequence[Chunk]) -> None:
    at = chance.randrange(len(chunks))
    near = CHUNK.size + len(chunks[at].value) + chance.randint(-5, 5)
    chunks[at] = replace(chunks[at], length=max(near, 0) if chance.random() < 0.4 else length(chance))


def _cut(chance: random.Random, chunks: list[Chunk], others: Sequence[Chunk]) -> None:
    at = chance.randrange(len(chunks))
    chunks[at] = replace(chunks[at], value=chunks[at].value[: chance.randint(0, len(chunks[at].value))])


def _grown(chance: random.Random, chunks: list[Chunk], others: Sequence[Chunk]) -> None:
    at = chance.randrange(len(chunks))
    chunks[at] = replace(chunks[at], value=chunks[at].value + chance.randbytes(chance.choice((1, 4, 8, 64, 1000))))


def _flags(chance: random.Random, chunks: list[Chunk], others: Sequence[Chunk]) -> None:
    at = chance.randrange(len(chunks))
    chunks[at] = replace(chunks[at], flags=chance.randrange(256))


def _kind(chance: random.Random, chunks: list[Chunk], others: Sequence[Chunk]) -> None:
    at = chance.randrange(len(chunks))
    chunks[at] = replace(chunks[at], kind=chance.choice(KINDS))


def _number(chance: random.Random, chunks: list[Chunk], others: Sequence[Chunk]) -> None:
    """A number of 16 or 32 bits at its place, which in parameters may be a length."""
    at = chance.randrange(len(chunks))
    value = bytearray(chunks[at].value)
    width = chance.choice((2, 4))
    if len(value) < width:
        return
    place = chance.randrange(0, len(value) - width + 1, 2)
    number = chance.choice(NUMBERS) if chance.random() < 0.7 else chance.getrandbits(32)
    value[place : place + width] = (number & (1 << 8 * width) - 1).to_bytes(width, "big")
    chunks[at] = replace(chunks[at], value=bytes(value))


def _bits(chance: random.Random, chunks: list[Chunk], others: Sequence[Chunk]) -> None:
    at = chance.randrange(len(chunks))
    value = bytearray(chunks[at].value)
    for _ in range(chance.randint(1, 8) if value else 0):
        value[chance.randrange(len(value))] ^= 1 << chance.randrange(8)
    chunks[at] = replace(chunks[at], value=bytes(value))


def _doubled(chance: random.Random, chunks: list[Chunk], others: Sequence[Chunk]) -> None:
    chunks.insert(chance.randint(0, len(chunks)), chance.choice(chunks))


def _shuffled(chance: random.Random, chunks: list[Chunk], others: Sequence[Chunk]) -> None:
    chance.shuffle(chunks)


def _joined(chance: random.Random, chunks: list[Chunk], others: Sequence[Chunk]) -> None:
    """With chunks of other packets, before it or behind."""
    for _ in range(chance.randint(1, 4)):
        chunks.insert(chance.choice((0, len(chunks))), chance.choice(others))


CHANGES: tuple[Change, ...] = (
    _wrong_length, _cut, _grown, _flags, _kind, _number, _number, _bits, _bits, _doubled, _shuffled, _joined,
)  # fmt: skip


def mutated(chance: random.Random, packet: Packet, others: Sequence[Chunk]) -> bytes:
    """A packet with one to three changes, its checksum right; now and then cut, or with a wrong checksum."""
    chunks = list(packet.chunks)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        chance.choice(CHANGES)(chance, chunks, others)
    raw = bytes(replace(packet, chunks=tuple(chunks)))[:60_000]
    last = chance.random()
    if last < 0.05:
        return summed(raw[: chance.randint(0, len(raw))])
    if last < 0.08:
        return summed(raw + chance.randbytes(chance.randint(1, 7)))
    if last < 0.11:
        at = chance.randrange(HEADER.size)
        return raw[:at] + chance.randbytes(1) + raw[at + 1 :]
    return raw
