# SPDX-License-Identifier: MIT
"""The receiver's side of the demo: pieces into hashes, with every promise of the transport checked on the way."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from sctpx import MessageInfo
from sctpx._cli.framing import STREAMS, Piece, lane, unpack


class Received(NamedTuple):
    """What the receiver says of one file; `problem` is "" when all was as promised."""

    number: int
    size: int
    sha256: str
    problem: str


class _File:
    def __init__(self, total: int) -> None:
        self.total = total
        self.hashed = 0
        self.digest = hashlib.sha256()
        self.early: dict[int, bytes] = {}  # unordered pieces that came before their turn
        self.problem = ""

    def add(self, offset: int, data: memoryview) -> None:
        if offset != self.hashed:
            if offset < self.hashed or offset in self.early:
                self.problem = self.problem or f"the piece at {offset} came twice"
            else:
                self.early[offset] = bytes(data)
            return
        self.digest.update(data)
        self.hashed += len(data)
        while (waiting := self.early.pop(self.hashed, None)) is not None:
            self.digest.update(waiting)
            self.hashed += len(waiting)


class Intake:
    """Puts files together again as messages arrive."""

    def __init__(self) -> None:
        self.bytes = 0
        self.messages = 0
        self.files = 0  # complete ones
        self.strays: list[str] = []  # messages that belong to no file
        self._open: dict[int, _File] = {}
        self._done: dict[int, Received] = {}
        self._current = [-1] * STREAMS  # the ordered file that each stream is at

    def take(self, info: MessageInfo, data: bytes) -> None:
        """Take one message in."""
        self.messages += 1
        try:
            piece = unpack(data)
        except ValueError as error:
            self.strays.append(str(error))
            return
        self.bytes += len(piece.data)
        if piece.number in self._done:
            self.strays.append(f"file {piece.number}: a piece after its end")
            return
        file = self._open.get(piece.number)
        if file is None:
            file = self._open[piece.number] = _File(piece.total)
        file.problem = file.problem or self._broken_promise(info, piece, file)
        file.add(piece.offset, piece.data)
        if file.hashed == file.total:
            self.files += 1
            del self._open[piece.number]
            self._done[piece.number] = Received(piece.number, file.hashed, file.digest.hexdigest(), file.problem)

    def _broken_promise(self, info: MessageInfo, piece: Piece, file: _File) -> str:
        promised = lane(piece.number)
        came = (info.stream, info.ppid, info.unordered)
        if came != promised:
            return f"came as stream, PPID, unordered {came}, was sent as {tuple(promised)}"
        if piece.total != file.total:
            return f"its size changed from {file.total} to {piece.total}"
        if not promised.unordered:
            if piece.offset != file.hashed:
                return f"ordered, yet the piece at {piece.offset} came where {file.hashed} was due"
            if piece.number < self._current[info.stream]:
                return f"ordered, yet file {self._current[info.stream]} of the same stream came first"
            self._current[info.stream] = piece.number
        return ""

    def results(self) -> Iterator[Received]:
        """Yield all files seen, the incomplete ones with what they lack."""
        yield from self._done.values()
        for number, file in self._open.items():
            lack = f"incomplete: {file.hashed} of {file.total} bytes"
            yield Received(number, file.hashed, "", file.problem or lack)
