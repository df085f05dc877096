# SPDX-License-Identifier: MIT
"""A minimal SCTP peer over UDP (RFC 6951) that says whatever it is told to: it can set up an association, and lie."""

import contextlib
import random
import socket
import struct
import time
from collections.abc import Iterable
from dataclasses import replace
from types import TracebackType
from typing import Self

from tests.support.common import LIMIT

from .packets import FIRST, LAST, Chunk, Kind, Packet, data, i_data, parameter, parameters, parse, sack

INIT = struct.Struct("!IIHHI")  # tag, window, outgoing and incoming streams, first TSN
COOKIE, EXTENSIONS, PARTIAL_RELIABILITY = 7, 0x8008, 0xC000
SPOKEN = (Kind.RE_CONFIG, Kind.FORWARD_TSN)
INTERLEAVED = (*SPOKEN, Kind.I_DATA, Kind.I_FORWARD_TSN)
STEP = 1200  # bytes of a fragment


class Refused(Exception):
    """The other end answered the handshake with an ABORT."""


class Peer:
    """One association's end, of one UDP socket of its own. The other end: an SCTP port of the stack at a UDP port."""

    def __init__(
        self, udp_port: int, port: int, chance: random.Random, *, streams: int = 10, spoken: Iterable[int] = SPOKEN
    ) -> None:
        self.chance, self.streams, self.spoken = chance, streams, tuple(spoken)
        self.port, self.own_port = port, chance.randint(1024, 65_535)
        self.own_tag = chance.randint(1, 0xFFFFFFFF)
        self.tag = 0
        self.tsn = chance.getrandbits(32)
        self.acknowledged = self.tsn - 1 & 0xFFFFFFFF
        self.window = 0
        self.their_tsn = 0
        self.their_streams = self.granted = 0  # theirs, and how many of ours they take
        self.cookie = b""
        self.aborted = False
        self.acknowledges = True
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._stack = ("127.0.0.1", udp_port)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    # ---- packets ------------------------------------------------------------------------------------------------
    def send(self, *chunks: Chunk, tag: int | None = None) -> None:
        self.send_raw(bytes(Packet(self.own_port, self.port, self.tag if tag is None else tag, chunks)))

    def send_raw(self, packet: bytes) -> None:
        self._socket.sendto(packet, self._stack)

    def receive(self, limit: float = LIMIT) -> Packet | None:
        """The next packet, noted and answered as an honest peer would; None when there was none in time."""
        self._socket.settimeout(limit or None)
        if not limit:
            self._socket.setblocking(False)
        try:
            packet = parse(self._socket.recv(65_536))
        except (TimeoutError, BlockingIOError):
            return None
        for chunk in packet.chunks:
            self._note(chunk)
        return packet

    def _note(self, chunk: Chunk) -> None:
        if chunk.kind in {Kind.SACK, Kind.NR_SACK} and len(chunk.value) >= 8:
            self.acknowledged, self.window = struct.unpack_from("!II", chunk.value)
        elif chunk.kind in {Kind.DATA, Kind.I_DATA} and len(chunk.value) >= 4:
            self.their_tsn = max(self.their_tsn, int.from_bytes(chunk.value[:4], "big"))
            if self.acknowledges:
                self.send(sack(self.their_tsn))
        elif chunk.kind == Kind.HEARTBEAT:
            self.send(Chunk(Kind.HEARTBEAT_ACK, chunk.value))
        elif chunk.kind == Kind.ABORT:
            self.aborted = True

    def receive_all(self) -> None:
        while self.receive(0) is not None:
            pass

    def received(self, count: int, limit: float = LIMIT) -> int:
        """How many of so many packets come, each within the limit after the one before."""
        for number in range(count):
            if self.receive(limit) is None:
                return number
        return count

    def heard(self, limit: float = LIMIT) -> bool:
        """Whether an INIT is answered: then all that came to the stack's UDP port before it was taken from there."""
        self.send(self.init(), tag=0)
        answer = self.receive(limit)
        return answer is not None and Kind.INIT_ACK in answer.kinds

    # ---- the handshake ------------------------------------------------------------------------------------------
    def init(self, *extra: bytes) -> Chunk:
        head = INIT.pack(self.own_tag, 1 << 20, self.streams, 65_535, self.tsn)
        spoken = parameter(EXTENSIONS, bytes(self.spoken)) + parameter(PARTIAL_RELIABILITY)
        return Chunk(Kind.INIT, head + spoken + b"".join(extra))

    def connect(self, *extra: bytes, limit: float = LIMIT) -> Self:
        """Set the association up; Refused when the other end does not want it."""
        self._exchange(self.init(*extra), Kind.INIT_ACK, limit)
        self._exchange(Chunk(Kind.COOKIE_ECHO, self.cookie), Kind.COOKIE_ACK, limit)
        return self

    def _exchange(self, chunk: Chunk, answer: Kind, limit: float) -> None:
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            self.send(chunk)
            while (packet := self.receive(limit / 10)) is not None:
                if Kind.ABORT in packet.kinds:
                    raise Refused
                for got in packet.chunks:
                    if got.kind == Kind.INIT_ACK and not self.tag:
                        self._greeted(got)
                    if got.kind == answer:
                        return
        raise TimeoutError(f"no {answer.name} in {limit} s")

    def _greeted(self, chunk: Chunk) -> None:
        self.tag, self.window, self.their_streams, self.granted, first = INIT.unpack_from(chunk.value)
        self.their_tsn = first - 1 & 0xFFFFFFFF
        self.cookie = next(value for kind, value in parameters(chunk.value[INIT.size :]) if kind == COOKIE)

    def fitted(self, packet: Packet) -> Packet:
        """A packet of another association as one of this: its ports, tag, cookie, and about its TSNs."""
        own = packet.to(self.own_port, self.port, self.tag)
        return replace(own, chunks=tuple(map(self._fitted, packet.chunks)))

    def _fitted(self, chunk: Chunk) -> Chunk:
        number = None
        if chunk.kind in {Kind.DATA, Kind.I_DATA, Kind.FORWARD_TSN, Kind.I_FORWARD_TSN}:
            number = self.tsn + self.chance.choice((0, 0, 0, 0, 1, 1, 2, 5, 50, -1))
            if chunk.kind in {Kind.DATA, Kind.I_DATA} and number == self.tsn:
                self.tsn += 1
        elif chunk.kind in {Kind.SACK, Kind.NR_SACK, Kind.SHUTDOWN}:
            number = self.their_tsn + self.chance.choice((0, 0, 0, 1, -1))
        elif chunk.kind == Kind.COOKIE_ECHO:
            return replace(chunk, value=self.cookie)
        if number is None:
            return chunk
        return replace(chunk, value=(number & 0xFFFFFFFF).to_bytes(4, "big") + chunk.value[4:])

    # ---- messages -----------------------------------------------------------------------------------------------
    def data(self, payload: bytes, *, stream: int = 0, ssn: int = 0, flags: int = FIRST | LAST) -> Chunk:
        """A DATA chunk with the next TSN."""
        made = data(self.tsn, payload, stream=stream, ssn=ssn, flags=flags)
        self.tsn = self.tsn + 1 & 0xFFFFFFFF
        return made

    def i_data(
        self, payload: bytes, *, stream: int = 0, mid: int = 0, fragment: int = 0, flags: int = FIRST | LAST
    ) -> Chunk:
        made = i_data(self.tsn, payload, stream=stream, mid=mid, fragment=fragment, flags=flags)
        self.tsn = self.tsn + 1 & 0xFFFFFFFF
        return made

    @property
    def outstanding(self) -> int:
        return self.tsn - 1 - self.acknowledged & 0xFFFFFFFF

    def settled(self, limit: float = LIMIT) -> bool:
        """Whether all of it is acknowledged, waited for."""
        deadline = time.monotonic() + limit
        while self.outstanding and not self.aborted and time.monotonic() < deadline:
            self.receive(min(0.05, limit))
        return not self.outstanding

    def abort(self) -> None:
        with contextlib.suppress(OSError):
            self.send(Chunk(Kind.ABORT))
