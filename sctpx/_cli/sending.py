# SPDX-License-Identifier: MIT
"""The sender's side of the demo: files into batches of messages, hashed as they are read."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator

from sctpx import Outgoing
from sctpx._cli.files import Source
from sctpx._cli.framing import PIECE, STREAMS, lane, pack

BATCH = 64


class Outbox:
    """What was sent: SHA-256 of each file by its number, and why a file could not be read to its end."""

    def __init__(self, sources: Iterable[Source], piece: int = PIECE) -> None:
        self.hashes: dict[int, str] = {}
        self.failures: dict[int, str] = {}
        self.messages = 0
        self.bytes = 0  # of files, without headers
        self._sources = list(sources)
        self._piece = piece

    def batches(self) -> Iterator[list[Outgoing]]:
        """Yield all messages: each stream's files one after the other, the streams taking turns."""
        batch: list[Outgoing] = []
        turns = deque(self._stream(stream) for stream in range(STREAMS))
        while turns:
            stream = turns.popleft()
            message = next(stream, None)
            if message is None:
                continue
            turns.append(stream)
            batch.append(message)
            if len(batch) == BATCH:
                yield batch
                self.messages += len(batch)
                batch = []
        if batch:
            yield batch
            self.messages += len(batch)

    def _stream(self, stream: int) -> Iterator[Outgoing]:
        for source in self._sources:
            if lane(source.number).stream == stream:
                try:
                    yield from self._file(source)
                except OSError as error:
                    self.failures[source.number] = f"{source.path}: {error.strerror or error}"

    def _file(self, source: Source) -> Iterator[Outgoing]:
        stream, ppid, unordered = lane(source.number)
        digest = hashlib.sha256()
        offset = 0
        with source.path.open("rb") as file:
            while True:
                data = file.read(min(self._piece, source.size - offset))
                if not data and offset < source.size:
                    raise OSError("became shorter while it was sent")
                digest.update(data)
                header = pack(source.number, offset, source.size)
                yield Outgoing((header, data), stream=stream, ppid=ppid, unordered=unordered)
                offset += len(data)
                self.bytes += len(data)
                if offset == source.size:
                    break
        self.hashes[source.number] = digest.hexdigest()
