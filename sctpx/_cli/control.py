# SPDX-License-Identifier: MIT
"""What the demo's two processes tell each other beside the association: JSON, one object a line, over pipes."""

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Self, TypeAlias, TypeGuard

Line: TypeAlias = dict[str, object]
CLOSING = 5.0  # seconds that the other process gets to end by itself


class DemoError(Exception):
    """Ends the demo; its text is for the person in front of it."""


def tell(event: str, **fields: object) -> None:
    """Say something on standard output, as the demo's receiver does."""
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


def parse(line: str) -> Line:
    """Read one line; whatever is no JSON object is the other process speaking to a person."""
    parsed: object = None
    with contextlib.suppress(ValueError):
        parsed = json.loads(line)
    return parsed if _is_line(parsed) else {"event": "words", "text": line.rstrip()}


def _is_line(value: object) -> TypeGuard[Line]:
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def text(line: Line, name: str) -> str:
    value = line.get(name)
    return value if isinstance(value, str) else ""


def integer(line: Line, name: str) -> int:
    value = line.get(name)
    return value if isinstance(value, int) else 0


def items(line: Line, name: str) -> list[object]:
    value = line.get(name)
    return value if is_list(value) else []


class Peer:
    """The other process: started at once, ended with the `with` block, whatever happens in it.

    It ends by itself when its standard input is closed, so it cannot outlive this process either.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], listener: Callable[[Line], None],
    ) -> None:
        # A session of its own: Ctrl-C on the terminal comes to us alone, and we end it.
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
            text=True, encoding="utf-8", errors="replace", start_new_session=True,
        )
        self._listener = listener
        self._events: queue.SimpleQueue[Line] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="sctpx-demo-control", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def tell(self, line: Line) -> None:
        """Send one line; that the other is gone already is found out by `expect`."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(line) + "\n")
            self._process.stdin.flush()

    def expect(self, event: str, timeout: float) -> Line:
        """Wait for an event.

        Raises:
            DemoError: it did not come, or the other process said why it will not.
        """
        try:
            line = self._events.get(timeout=timeout)
        except queue.Empty:
            raise DemoError(f"the receiver did not say {event!r} within {timeout:g} s") from None
        if line["event"] == event:
            return line
        raise DemoError(f"receiver: {text(line, 'text') or line['event']}")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for words in self._process.stdout:
            line = parse(words)
            if line.get("event") in ("ready", "listening", "done", "error"):
                self._events.put(line)
            else:
                self._listener(line)
        self._events.put({"event": "error", "text": f"ended with status {self._process.wait()}"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(CLOSING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(CLOSING)
        if self._process.stdout is not None and not self._reader.is_alive():
            self._process.stdout.close()
