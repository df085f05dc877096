# SPDX-License-Identifier: MIT
"""What a person sees while the demo runs: plain lines here, a live display in `terminal` where there is a terminal."""

import math
import os
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol, Self, TextIO, TypeAlias

from sctpx._cli import words

Tone: TypeAlias = Literal["", "good", "bad", "quiet"]
Row: TypeAlias = Sequence[str]
Labelled: TypeAlias = tuple[str, str, Tone]


class View(Protocol):
    """Called from several threads."""

    def line(self, text: str, tone: Tone = "") -> None: ...
    def notification(self, side: str, text: str) -> None: ...
    def transfer(self, total: int) -> AbstractContextManager[object]: ...  # progress and paths are shown inside it
    def progress(self, received: int) -> None: ...
    def paths(self, rows: Sequence[Row]) -> None: ...
    def final(self, path_rows: Sequence[Row], lines: Sequence[Labelled]) -> None: ...


class Plain:
    """For files, pipes and terminals without rich: a line when something happens, and one in a while."""

    EVERY = 2.0  # seconds between two lines of progress

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._total = 0
        self._due = math.inf  # nothing is on its way yet
        self._shown: list[tuple[str, str]] = []

    def line(self, text: str, tone: Tone = "") -> None:
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except BrokenPipeError:
            silence(self._stream)

    def notification(self, side: str, text: str) -> None:
        self.line(f"  {side:8}  {text}")

    def transfer(self, total: int) -> Self:
        self._total = total
        self._due = time.monotonic() + self.EVERY
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def progress(self, received: int) -> None:
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + self.EVERY
            percent = received * 100 // max(self._total, 1)
            self.line(f"  {percent:3} %     {words.size(received)} of {words.size(self._total)}")

    def paths(self, rows: Sequence[Row]) -> None:
        # Round-trip times move all the time; a new line is worth it when a state does.
        states = [(row[0], f"{row[1]} {row[2]}".strip()) for row in rows]
        if states != self._shown:
            for (host, state), row in zip(states, rows, strict=True):
                if (host, state) not in self._shown:
                    self.line(f"  path      {host} {state}, round trip {row[3]}")
            self._shown = states

    def final(self, path_rows: Sequence[Row], lines: Sequence[Labelled]) -> None:
        for text in words.table([words.PATH_COLUMNS, *path_rows]):
            self.line(text)
        for text in words.table([(label, value) for label, value, _ in lines]):
            self.line(text)


def silence(stream: TextIO) -> None:
    """Let a stream that nobody reads any more end in nothing; the interpreter would complain when it flushes."""
    with open(os.devnull, "w") as nothing:
        os.dup2(nothing.fileno(), stream.fileno())


def choose(stream: TextIO) -> View:
    """Make the view that fits the stream."""
    if stream.isatty() and os.environ.get("TERM") != "dumb":
        try:
            from sctpx._cli.terminal import Terminal
        except ImportError:
            pass  # rich is an extra: sctpx[cli]
        else:
            return Terminal(stream)
    return Plain(stream)
