# SPDX-License-Identifier: MIT
"""Which messages went on which link, and that each arrives once, whole, and in the order of its stream."""

import struct
from collections import defaultdict
from dataclasses import dataclass, field

from sctpx import Message

_HEAD = struct.Struct("!IHIBI")  # link, stream, number, unordered, size of all
LEAST = _HEAD.size
Lane = tuple[int, bool]  # stream, unordered


@dataclass
class Link:
    """One direction of one association."""

    number: int
    source: object
    target: object
    # Set when the rest of its messages may be lost: one of its ends was closed or aborted.
    cut: bool = False
    sent: dict[Lane, int] = field(default_factory=lambda: defaultdict(int))
    got: dict[Lane, int] = field(default_factory=lambda: defaultdict(int))
    early: dict[Lane, set[int]] = field(default_factory=lambda: defaultdict(set))

    def make(self, lane: Lane, size: int, later: int = 0) -> bytes:
        """The next message of a stream, or a later one; it counts once `went` is called."""
        stream, unordered = lane
        return written(self.number, stream, self.sent[lane] + later, unordered, max(size, LEAST))

    def went(self, lane: Lane, count: int = 1) -> None:
        self.sent[lane] += count

    @property
    def all_got(self) -> bool:
        return all(self.got[lane] == count for lane, count in self.sent.items())

    @property
    def missing(self) -> str:
        return ", ".join(f"{lane}: {self.got[lane]} of {count}" for lane, count in self.sent.items())


def written(link: int, stream: int, number: int, unordered: bool, size: int) -> bytes:
    head = _HEAD.pack(link, stream, number, unordered, size)
    return head + bytes([number & 0xFF]) * (size - len(head))


class Accounts:
    """All links."""

    def __init__(self) -> None:
        self.links: list[Link] = []

    def link(self, source: object, target: object) -> Link:
        made = Link(len(self.links), source, target)
        self.links.append(made)
        return made

    def cut(self, end: object) -> None:
        """All of an end's links may lose what is under way."""
        for link in self.links:
            if link.source is end or link.target is end:
                link.cut = True

    def received(self, message: Message) -> None:
        self.received_bytes(message.data, message.stream, message.unordered)

    def received_bytes(self, data: bytes, on: int, without_order: bool) -> None:
        assert len(data) >= LEAST, f"a message that nobody sent: {data!r}"
        number_of_link, stream, number, unordered, size = _HEAD.unpack_from(data)
        assert data == written(number_of_link, stream, number, bool(unordered), size), "a message was changed"
        assert (on, without_order) == (stream, bool(unordered)), f"on stream {on} instead of {stream}"
        link, lane = self.links[number_of_link], (stream, bool(unordered))
        assert number < link.sent[lane], f"message {number} of {lane} came, and was refused when it was sent"
        if not unordered:
            assert number == link.got[lane], f"message {number} of {lane} came in place of {link.got[lane]}"
            link.got[lane] += 1
            return
        early = link.early[lane]
        assert number >= link.got[lane] and number not in early, f"message {number} of {lane} came twice"
        early.add(number)
        while link.got[lane] in early:
            early.remove(link.got[lane])
            link.got[lane] += 1
