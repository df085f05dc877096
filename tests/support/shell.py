# SPDX-License-Identifier: MIT
"""A shell that stays: in emulation, to start a program takes longer than what most are started for."""

import select
import subprocess
import time
from collections.abc import Sequence

from .common import LIMIT

# Before the status, when all is printed; no text has one.
_END = b"\0"


class Shell:
    """Runs commands in one shell, which ends when it is told to, or when this process does."""

    def __init__(self, command: Sequence[str] = ("sh",)) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
        )
        try:
            self.do(":")
        except BaseException:
            self.end()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def do(self, script: str) -> str:
        """Run commands, with nothing to read; AssertionError when the last one fails, or they take too long."""
        assert self._process.stdin
        self._process.stdin.write(f"{{\n{script}\n}} </dev/null 2>&1; printf '\\000%d\\n' $?\n".encode())
        said, _, status = self._until_done(script).rpartition(_END)
        text = said.decode().removesuffix("\n")
        assert int(status) == 0, f"{script}: {text or 'status ' + status.decode().strip()}"
        return text

    def _until_done(self, script: str) -> bytes:
        assert self._process.stdout
        deadline = time.monotonic() + LIMIT
        said = b""
        while not (_END in said and said.endswith(b"\n")):
            ready, _, _ = select.select([self._process.stdout], [], [], max(deadline - time.monotonic(), 0))
            more = self._process.stdout.read(65_536) if ready else b""
            assert more, f"{script}: no end of it: {said.decode()}"
            said += more
        return said

    def end(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(LIMIT)
