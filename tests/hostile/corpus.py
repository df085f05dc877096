# SPDX-License-Identifier: MIT
"""Right packets of every kind, taken live from associations that speak all of SCTP."""

import contextlib
import functools
from collections.abc import Callable, Iterator

from sctpx import Rtx, Socket
from sctpx.options import MaxSegment
from tests.support.common import LIMIT, eventually
from tests.support.relay import stack_port

from . import native
from .packets import Chunk, Kind, Packet
from .tap import Tap

# Unknown, to be reported to the sender: two upper bits 01 (RFC 9260 §3.2).
UNKNOWN = 0x7E
# What no socket call brings about.
BY_HAND = (
    Chunk(Kind.ECNE, bytes(4)), Chunk(Kind.CWR, bytes(4)), Chunk(Kind.PAD, bytes(8)),
    Chunk(Kind.PACKET_DROPPED, bytes(8) + bytes(Packet(1, 2, 3, (Chunk(Kind.COOKIE_ACK),)))),
    Chunk(Kind.NR_SACK, bytes(16)), Chunk(Kind.I_FORWARD_TSN, bytes(12)),
)  # fmt: skip
LIVE = frozenset(Kind) - {chunk.kind for chunk in BY_HAND}


@functools.cache
def corpus() -> tuple[Packet, ...]:
    """At least one packet for every kind of chunk."""
    with stack_port() as port, Tap(port) as tap:
        with pair(tap, native.everything) as (a, b):
            talk(tap, a, b)
        with pair(tap, native.interleaving) as (a, b):
            a.send(bytes(4000), stream=3)
            b.recv()
            a.abort(b"for a reason")
            tap.wait(Kind.ABORT)
    seen = {kind for packet in tap.packets for kind in packet.kinds}
    assert seen >= LIVE, f"never seen: {[kind.name for kind in LIVE - seen]}"
    return (*tap.packets, *(Packet(1, 1, 1, (chunk,)) for chunk in BY_HAND))


@contextlib.contextmanager
def pair(tap: Tap, prepare: Callable[[native.Anyone], None]) -> Iterator[tuple[Socket, Socket]]:
    with Socket() as listener, Socket() as a:
        for sock in (listener, a):
            sock.settimeout(LIMIT)
            for option in (*tap.options, MaxSegment(1000)):
                sock.set(option)
            prepare(sock)
            sock.bind(("127.0.0.1", 0))
        listener.listen()
        a.connect(listener.local_addresses())
        b, _ = listener.accept()
        with b:
            b.settimeout(LIMIT)
            yield a, b


def talk(tap: Tap, a: Socket, b: Socket) -> None:
    a.send(b"small", ppid=7)
    a.send(b"unordered", unordered=True, stream=2)
    a.send(bytes(4000), stream=3)
    b.send(b"back")
    for _ in range(3):
        b.recv()
    a.recv()
    a.heartbeat()
    tap.wait(Kind.HEARTBEAT_ACK)
    native.reset_streams(a)
    tap.wait(Kind.RE_CONFIG, 2)
    native.peer_primary(a)
    tap.wait(Kind.ASCONF_ACK)
    abandon(tap, a)
    to_b = next(packet for packet in tap.packets if b"small" in bytes(packet))
    tap.inject(bytes(Packet(to_b.source, to_b.destination, to_b.tag, (Chunk(UNKNOWN, b"what is this?"),))))
    tap.wait(Kind.ERROR)
    a.shutdown()
    assert b.recv() is None
    tap.wait(Kind.SHUTDOWN_COMPLETE)


def abandon(tap: Tap, a: Socket) -> None:
    """Give a message up, which is told by a FORWARD-TSN."""
    lost: list[Packet] = []

    def lose(packet: Packet, raw: bytes) -> bytes | None:
        if b"abandoned" not in raw:
            return raw
        lost.append(packet)
        return None

    tap.alters = lose
    a.send(b"abandoned", stream=1, policy=Rtx(0))
    eventually(lambda: bool(lost), "the loss")
    tap.wait(Kind.FORWARD_TSN)
    tap.alters = lambda packet, raw: raw


def chunks() -> tuple[Chunk, ...]:
    return tuple(chunk for packet in corpus() for chunk in packet.chunks)


