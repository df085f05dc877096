# SPDX-License-Identifier: MIT
"""Two ends in processes of their own, driven and watched from the test; see ledger.py for what must hold.

    with End(execute(Setup(local=[("::1", 0), ("127.0.0.1", 0)]))) as server:
        with End(execute(Setup(local=…, peer=server.addresses))) as client:
            client.send(count=100)
            client.wait_sent()
            server.wait_received(100)
            reconcile_alive(client.records, server.records)
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path as FilePath
from typing import Self, TypedDict, TypeVar

from sctpx import Address, EventType
from sctpx.options import EndpointSettable
from tests.support.common import LIMIT
from tests.support.nursery import Forked
from tests.support.records import Answer, Association, Path, Received, Record, load
from tests.support.shape import Shape

ROOT = FilePath(__file__).parents[2]
EVENTS = ("AssociationChange", "PeerAddressChange", "SendFailed", "PeerShutdown", "RemoteErrorReport")
R = TypeVar("R", bound=Record)


class PathView(TypedDict):
    """A path as its end sees it."""

    host: str
    state: str
    primary: bool
    rto: float


class StatusView(TypedDict):
    """The association as its end sees it."""

    state: str
    unacknowledged: int
    window: int


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What an end is: without `peer` it listens."""

    local: Sequence[Address]
    peer: Sequence[Address] = ()
    options: Sequence[EndpointSettable] = ()
    events: Sequence[EventType] | None = None
    """None: EVENTS."""
    endpoint: bool = False
    """One-to-many."""
    limit: float = LIMIT
    """Seconds to connect within."""

    def json(self) -> str:
        events = EVENTS if self.events is None else [event.__name__ for event in self.events]
        return json.dumps({
            "local": self.local, "peer": self.peer, "options": [repr(option) for option in self.options],
            "events": events, "endpoint": self.endpoint, "limit": self.limit,
        })


def execute(
    setup: Setup, command: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> "subprocess.Popen[str]":
    """Start a traffic program, under `command` such as `ip netns exec left`; `environment` is added to ours."""
    return subprocess.Popen(
        [*command, sys.executable, "-m", "tests.support.traffic_end", setup.json()],
        cwd=ROOT, env={**os.environ, **(environment or {})}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )


class End:
    """A traffic program, seen from the test that started it."""

    def __init__(self, process: "subprocess.Popen[str] | Forked") -> None:
        self.process = process
        self.records: list[Record] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            record = load(line)
            with self._news:
                self.records.append(record)
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    # ---- what it told

    @property
    def mark(self) -> int:
        """Now, for `after=`."""
        return len(self.records)

    def of(self, kind: type[R], after: int = 0) -> list[R]:
        return [record for record in self.records[after:] if isinstance(record, kind)]

    def wait(
        self, kind: type[R], condition: Callable[[R], bool] = lambda _: True, *, after: int = 0, limit: float = LIMIT
    ) -> R:
        """The first such record, told or to come."""
        return self.wait_many(kind, 1, condition, after=after, limit=limit)[0]

    def wait_many(
        self, kind: type[R], count: int, condition: Callable[[R], bool] = lambda _: True, *, after: int = 0,
        limit: float = LIMIT,
    ) -> list[R]:
        found: list[R] = []
        deadline = time.monotonic() + limit
        at = after
        with self._news:
            while True:
                for record in self.records[at:]:
                    if isinstance(record, kind) and condition(record):
                        found.append(record)
                at = max(at, len(self.records))
                if len(found) >= count:
                    return found
                left = deadline - time.monotonic()
                assert left > 0 and self.process.poll() is None, (
                    f"{len(found)} of {count} {kind.__name__} in {limit} s; program: {self.process.poll()}; "
                    f"last: {self.records[-8:]}"
                )
                self._news.wait(min(left, 0.5))

    def wait_received(self, count: int, *, after: int = 0, limit: float = LIMIT) -> list[Received]:
        return self.wait_many(Received, count, after=after, limit=limit)

    def wait_path(self, event: str, host: str | None = None, *, after: int = 0, limit: float = LIMIT) -> Path:
        return self.wait(
            Path, lambda path: path.event == event and host in (None, path.host), after=after, limit=limit
        )

    @property
    def addresses(self) -> list[Address]:
        """Those of a listener."""
        return [Address(*one) for one in self.answer_to("listening")]  # type: ignore[attr-defined]

    def answer_to(self, command: str, *, after: int = 0, limit: float = LIMIT) -> object:
        return self.wait(Answer, lambda answer: answer.to == command, after=after, limit=limit).value

    def wait_up(self) -> None:
        """The association is there, on whichever kind of socket."""
        self.wait(Association, lambda change: change.state == "UP")

    # ---- what it is told

    def do(self, what: str, **arguments: object) -> object:
        """Give a command and return its answer."""
        after = self.mark
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
        self.process.stdin.flush()
        return self.answer_to(what, after=after)

    def paths(self) -> list[PathView]:
        return self.do("paths")  # type: ignore[return-value]

    def status(self) -> StatusView:
        return self.do("status")  # type: ignore[return-value]

    def send(self, shape: Shape | None = None, **changed: object) -> None:
        """Begin to send, in the background; `wait_sent` for its end."""
        self.do("send", **asdict(shape or Shape()) | changed)

    def wait_sent(self, *, after: int = 0, limit: float = LIMIT) -> int:
        """How many messages the stack took, when all were offered or sending ended."""
        taken = self.answer_to("sent", after=after, limit=limit)
        assert isinstance(taken, int)
        return taken

    def stop(self) -> int:
        after = self.mark
        self.do("stop")
        return self.wait_sent(after=after)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it as a crash would; what it told before is kept."""
        self.process.kill()
        self.process.wait(LIMIT)
        self._reader.join(LIMIT)

    def end(self) -> None:
        """Make it leave without a word to its peer."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
        self.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        if isinstance(self.process, Forked):
            self.process.close()
