# SPDX-License-Identifier: MIT
"""A small network of the tests' own: two paths between two encapsulation ports, that lose, delay and spoil packets.

`::1` and `127.0.0.1` are the paths, a direction is `OUT` (from the connecting end) or `BACK`. What happens to packet n
of a direction of a path follows from the seed, the test's name and n alone.
"""

import contextlib
import heapq
import random
import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.common import LIMIT
from tests.support.effort import SEED

OUT, BACK = "out", "back"
HOSTS = ("::1", "127.0.0.1")
Line = tuple[str, str]  # direction, host


@dataclass(frozen=True, kw_only=True)
class Impairment:
    """What is done to packets: rates are of 1, times are seconds."""

    loss: float = 0.0
    duplicate: float = 0.0
    corrupt: float = 0.0
    reorder: float = 0.0
    """This share is kept back for `late`, so that others overtake it."""
    late: float = 0.02
    delay: float = 0.0

    def fate(self, name: str, packet: bytes) -> list[tuple[float, bytes]]:
        """When it arrives, and as what; nothing: lost."""
        rng = random.Random(name)
        if rng.random() < self.loss:
            return []
        copies = 2 if rng.random() < self.duplicate else 1
        if rng.random() < self.corrupt:
            at = rng.randrange(len(packet))
            packet = packet[:at] + bytes([packet[at] ^ 1 << rng.randrange(8)]) + packet[at + 1 :]
        wait = self.delay + (self.late if rng.random() < self.reorder else 0.0)
        return [(wait, packet)] * copies


GOOD = Impairment()
COMMON_HEADER, INIT = 12, b"\1"


def _sockets() -> dict[str, socket.socket]:
    """One of each family, with the same port."""
    while True:
        six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        four = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        six.bind((HOSTS[0], 0))
        with contextlib.suppress(OSError):
            four.bind((HOSTS[1], six.getsockname()[1]))
            for one in (six, four):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
                one.setblocking(False)
            return {HOSTS[0]: six, HOSTS[1]: four}
        six.close()
        four.close()


class TwoPaths:
    """Between the stacks on two UDP ports, which may be one; the connecting end sends to `port`, the other to `far`."""

    def __init__(self, name: str, near: int, far: int) -> None:
        self._name = name
        self._ends = {OUT: far, BACK: near}
        self._sockets = {OUT: _sockets(), BACK: _sockets()}
        self.port = int(self._sockets[OUT][HOSTS[0]].getsockname()[1])
        self.far = int(self._sockets[BACK][HOSTS[0]].getsockname()[1])
        self.seen: Counter[Line] = Counter()
        self.touched: Counter[Line] = Counter()
        """Packets that did not pass at once and as they were, but for those of paths that are cut."""
        self.setups = 0
        """Packets with INIT."""
        self.impairment = GOOD
        self._cut: set[Line] = set()
        self._later: list[tuple[float, int, Line, bytes]] = []
        self._order = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def cut(self, host: str | None = None, *, direction: str | None = None) -> None:
        """Let nothing pass on a path, or on both; in one direction, or in both."""
        self._cut |= set(self._lines(host, direction))

    def restore(self, host: str | None = None, *, direction: str | None = None) -> None:
        self._cut -= set(self._lines(host, direction))

    @contextlib.contextmanager
    def impaired(self, impairment: Impairment) -> Iterator[None]:
        self.impairment = impairment
        try:
            yield
        finally:
            self.impairment = GOOD

    @staticmethod
    def _lines(host: str | None, direction: str | None) -> list[Line]:
        hosts = HOSTS if host is None else (host,)
        directions = (OUT, BACK) if direction is None else (direction,)
        return [(one, where) for one in directions for where in hosts]

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            for direction, sockets in self._sockets.items():
                for host, one in sockets.items():
                    selector.register(one, selectors.EVENT_READ, (direction, host))
            while not self._ended.is_set():
                wait = min(max(self._later[0][0] - time.monotonic(), 0.0), 0.1) if self._later else 0.1
                for key, _ in selector.select(wait):
                    self._take(key.data)
                while self._later and self._later[0][0] <= time.monotonic():
                    _, _, line, packet = heapq.heappop(self._later)
                    self._pass(line, packet)

    def _take(self, line: Line) -> None:
        direction, host = line
        for _ in range(64):
            try:
                packet = self._sockets[direction][host].recv(65_536)
            except BlockingIOError:
                return
            except ConnectionError:
                continue  # the other end's port is closed
            self.seen[line] += 1
            self.setups += packet[COMMON_HEADER : COMMON_HEADER + 1] == INIT
            if line in self._cut:
                continue
            fate = self.impairment.fate(f"{SEED} {self._name} {line} {self.seen[line]}", packet)
            self.touched[line] += fate != [(0.0, packet)]
            for wait, copy in fate:
                if wait:
                    self._order += 1
                    heapq.heappush(self._later, (time.monotonic() + wait, self._order, line, copy))
                else:
                    self._pass(line, copy)

    def _pass(self, line: Line, packet: bytes) -> None:
        direction, host = line
        # From the port that its receiver answers to.
        with contextlib.suppress(ConnectionError, BlockingIOError):
            self._sockets[BACK if direction == OUT else OUT][host].sendto(packet, (host, self._ends[direction]))

    def end(self) -> None:
        self._ended.set()
        self._thread.join(LIMIT)
        for sockets in self._sockets.values():
            for one in sockets.values():
                one.close()
