# SPDX-License-Identifier: MIT
"""A foreign program at work: what it says is waited for with a deadline, never for a time."""

import re
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Protocol

from tests.support.common import LIMIT, eventually


class Output:
    """What comes out of a program, collected at once so that the program never waits for its reader."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._data = bytearray()
        self._at = 0
        self._ended = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    def _collect(self) -> None:
        while data := self._pipe.read(1 << 16):
            with self._changed:
                self._data += data
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def expect(self, pattern: str, limit: float = LIMIT) -> "re.Match[str]":
        """Wait for what matches, behind all that was expected or taken before."""
        matches: list[re.Match[str]] = []

        def there() -> bool:
            matches.extend(re.compile(pattern).finditer(self._rest()))
            return bool(matches) or self._ended

        with self._changed:
            self._changed.wait_for(there, limit)
            assert matches, f"no {pattern!r} in {self._rest()[-2000:]!r}{' and no more' * self._ended}"
            self._at += matches[0].end()
            return matches[0]

    def take(self, size: int, limit: float = LIMIT) -> bytes:
        """Wait for so many bytes."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or len(self._data) - self._at >= size, limit)
            taken = bytes(self._data[self._at : self._at + size])
            assert len(taken) == size, f"{len(taken)} bytes came instead of {size}"
            self._at += size
            return taken

    def all(self, limit: float = LIMIT) -> str:
        """Everything it ever said, once it has ended."""
        self.join(limit)
        return self._data.decode("latin-1")

    def join(self, limit: float = LIMIT) -> None:
        self._thread.join(limit)
        assert not self._thread.is_alive(), "the program's output has no end"

    def close(self) -> None:
        self.join()
        self._pipe.close()

    def _rest(self) -> str:
        return self._data[self._at :].decode("latin-1")


class Process:
    """A running program; `out` is its standard output, `err` its standard error."""

    def __init__(self, command: Sequence[object], *, inherit: Sequence[int] = ()) -> None:
        self._process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=inherit,
            bufsize=0,
        )
        assert self._process.stdin and self._process.stdout and self._process.stderr
        self._input = self._process.stdin
        self.out = Output(self._process.stdout)
        self.err = Output(self._process.stderr)

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._input.write(view) :]

    def end_input(self) -> None:
        self._input.close()

    def status(self, limit: float = LIMIT) -> int:
        """How it ended, once it has: its exit status, or minus the signal."""
        return self._process.wait(limit)

    def signal(self, number: int) -> None:
        self._process.send_signal(number)
        if number == signal.SIGSTOP:
            eventually(lambda: self._state() == "T", "its stop")

    def _state(self) -> str:
        """As in ps(1)."""
        return Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[0]

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(LIMIT)
        self._input.close()
        self.out.close()
        self.err.close()


class Start(Protocol):
    """Start a program, which is killed at the end of the test unless it ended before."""

    def __call__(self, *command: object, inherit: Sequence[int] = ()) -> Process: ...
