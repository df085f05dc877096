# SPDX-License-Identifier: MIT
"""The attacked server's process, seen from the tests, and the association on it that must not notice anything."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import sctpx
from sctpx import Message
from sctpx.options import EndpointSettable, NoDelay, UdpEncapsulation
from tests.support.common import LIMIT, eventually

from .victim import EVENTS, GOOD, Report, Setup

ROOT = Path(__file__).resolve().parents[2]
STREAMS = 4


class Target:
    """A victim that runs."""

    def __init__(self, setup: Setup, *, environment: dict[str, str] | None = None) -> None:
        # At its end it waits for nobody: hostile peers do not answer.
        settings = {**os.environ, "SCTPX_BACKEND": str(sctpx.backend.name), "SCTPX_EXIT_LINGER": "0.1"}
        settings |= environment or {}
        if sctpx.backend.name == "userland":
            settings.pop("SCTPX_UDP_PORT", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.victim", json.dumps(asdict(setup))],
            env=settings, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        told = self._answer()
        self.one, self.many = int(str(told["one"])), int(str(told["many"]))
        self.udp_port = int(str(told["udp"] or os.environ["SCTPX_UDP_PORT"]))

    def ask(self, command: str) -> dict[str, object]:
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(f"{command}\n")
            self.process.stdin.flush()
        return self._answer()

    def report(self) -> Report:
        return Report(**self.ask("report"))  # type: ignore[arg-type]

    def _answer(self) -> dict[str, object]:
        assert self.process.stdout is not None
        timer = threading.Timer(2 * LIMIT, self.process.kill)
        timer.start()
        try:
            line = self.process.stdout.readline()
        finally:
            timer.cancel()
        if not line:
            _, said = self.process.communicate()
            raise AssertionError(f"the server is gone, status {self.process.returncode}: {said}")
        answer: dict[str, object] = json.loads(line)
        return answer

    def end(self) -> None:
        """End it in order; it must not complain."""
        _, said = self.process.communicate(timeout=2 * LIMIT)
        assert self.process.returncode == 0, f"status {self.process.returncode}: {said}"

    def kill(self) -> None:
        with self.process:  # which closes its pipes
            self.process.kill()


@contextlib.contextmanager
def target(setup: Setup | None = None, **more: dict[str, str]) -> Iterator[Target]:
    made = Target(setup or Setup(), **more)
    try:
        yield made
        made.end()
    finally:
        made.kill()


class Good:
    """An association with the server whose numbers all come back, each once, in order, with nothing between them."""

    def __init__(self, victim: Target, port: int, options: list[EndpointSettable] | None = None) -> None:
        self.sent = self.received = 0
        options = options or [NoDelay(True), UdpEncapsulation(victim.udp_port)]
        events = [kind for kind in EVENTS if kind is not sctpx.PeerAddressChange]
        self.socket = sctpx.create_connection(
            [("127.0.0.1", port)], timeout=LIMIT, source=("127.0.0.1", 0), options=options, events=events
        )
        self.socket.settimeout(LIMIT)
        self.wrong: list[object] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return self.socket.local_addresses()[0].port

    def _run(self) -> None:
        try:
            while not self._ending.is_set() and not self.wrong:
                self._round()
        except Exception as error:
            self.wrong.append(error)

    def _round(self) -> None:
        """Some messages on several streams at once."""
        numbers = range(self.sent, self.sent + 2 * STREAMS)
        for number in numbers:
            self.socket.send(b"%s%d" % (GOOD, number), stream=number % STREAMS)
        self.sent += len(numbers)
        expected = {stream: [number for number in numbers if number % STREAMS == stream] for stream in range(STREAMS)}
        while any(expected.values()):
            item = self.socket.recv()
            if isinstance(item, Message) and expected[item.stream][:1] == [int(item.data[len(GOOD) :])]:
                del expected[item.stream][0]
                self.received += 1
            elif not ordinary(item):
                self.wrong.append(item)
                return

    def goes_on(self) -> None:
        """Wait until more has come back."""
        before = self.received
        eventually(lambda: bool(self.wrong) or self.received > before + 2 * STREAMS, "the echo", limit=2 * LIMIT)
        assert not self.wrong, self.wrong

    def end(self) -> None:
        self._ending.set()
        self._thread.join(2 * LIMIT)
        self.socket.close()


@contextlib.contextmanager
def undisturbed(victim: Target, port: int, options: list[EndpointSettable] | None = None) -> Iterator[Good]:
    """Whatever is done meanwhile, the good association goes on, and the server takes another one afterwards."""
    good = Good(victim, port, options)
    try:
        good.goes_on()
        yield good
        good.goes_on()
    finally:
        good.end()
    assert not good.wrong, good.wrong
    late = Good(victim, port)
    try:
        late.goes_on()
    finally:
        late.end()
    assert not late.wrong, late.wrong
    report = victim.report()
    # The good ones end in order; all that a beginning brings came before their first message.
    told = [event for event in report.events if not any(name in event for name in _ORDINARY)]
    assert not told, told


_ORDINARY = ("SHUTDOWN_COMPLETE", "PeerShutdown(", "NO_AUTH")


def ordinary(item: object) -> bool:
    """What comes at the beginning of any association: that it is there, and that it authenticates nothing."""
    if isinstance(item, sctpx.AuthenticationEvent):
        return item.event is sctpx.AuthEvent.NO_AUTH
    return isinstance(item, sctpx.AssociationChange) and item.state is sctpx.CommState.UP
