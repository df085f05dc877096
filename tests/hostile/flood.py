# SPDX-License-Identifier: MIT
"""What floods share: servers that do not read unless they are told to, and peers that send more than they may."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tests.support.common import SCALE
from tests.support.effort import EMULATED

from .packets import FIRST, IMMEDIATE, LAST, Chunk
from .peer import STEP, Peer
from .target import Target
from .victim import Report, Setup

KIB, MIB = 1 << 10, 1 << 20
BUFFER = 32 * KIB
MAX_MESSAGE = 256 * KIB
BACKLOG = 16
# A page here and there, what the allocator keeps, and the UDP socket's own.
SLACK = 3 * MIB // 2
if EMULATED:
    SLACK += 2 * MIB  # the guest's pages may be as large
DEAF = Setup(reads=False, subscribes=False, receive_buffer=BUFFER, max_message_size=MAX_MESSAGE, backlog=BACKLOG)


@dataclass
class Growth:
    """How much more a server holds than before: in its process, and of messages in the kernel."""

    process: int
    kernel: int

    @property
    def sum(self) -> int:
        return self.process + self.kernel


class Gauge:
    """Measures from now on."""

    def __init__(self, victim: Target) -> None:
        self._victim = victim
        self._before: Report = victim.report()

    def growth(self) -> Growth:
        after = self._victim.report()
        return Growth(after.rss - self._before.rss, after.stack - self._before.stack)


PER_PACKET = 500


def small(peer: Peer, count: int, *, flags: int = FIRST | LAST) -> None:
    """Messages of one byte, without a look at the window."""
    for start in range(0, count, PER_PACKET):
        numbers = range(start, min(start + PER_PACKET, count))
        peer.send(*(peer.data(b"x", ssn=number, flags=flags) for number in numbers))
        peer.receive_all()
        if start // PER_PACKET % 8 == 7:
            peer.settled(0.02 * SCALE)


def paced(peer: Peer, chunks: Iterable[Chunk], *, batch: int = 8) -> bool:
    """Send as fast as the other end takes it, each batch again until it is acknowledged; False when it never is."""
    waiting: list[Chunk] = []
    for chunk in chunks:
        waiting.append(chunk)
        if len(waiting) == batch and not _through(peer, waiting):
            return False
    return not waiting or _through(peer, waiting)


def _through(peer: Peer, waiting: list[Chunk], tries: int = 30) -> bool:
    *others, last = waiting
    for _ in range(tries):
        for chunk in others:
            peer.send(chunk)
        peer.send(replace(last, flags=last.flags | IMMEDIATE))
        if peer.settled(0.1 * SCALE):
            waiting.clear()
            return True
    return False


# Chunks are made when it is their turn: not before do they take their numbers.
def endless(peer: Peer, size: int, *, ssn: int = 0, first: bool = True) -> Iterator[Chunk]:
    """So many bytes of a message whose end does not come."""
    for at in range(0, size, STEP):
        yield peer.data(bytes(STEP), ssn=ssn, flags=FIRST if first and at == 0 else 0)


def end(peer: Peer, *, ssn: int = 0) -> Iterator[Chunk]:
    yield peer.data(b"the end", ssn=ssn, flags=LAST)


def whole(peer: Peer, payload: bytes, *, ssn: int = 0) -> Iterator[Chunk]:
    yield peer.data(payload, ssn=ssn)
