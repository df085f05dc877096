# SPDX-License-Identifier: MIT
"""Threads that send and receive on sockets until these end, and say how many messages went and how it ended."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sctpx import Endpoint, Message, Socket
from tests.support.common import LIMIT, SCALE, Background
from tests.support.effort import rounds

# libusrsctp drops what is more than its buffer takes even of a peer that kept to the window; one chunk more often than
# once, and each time its retransmission comes after twice the time: up to 4 s were seen.
PATIENCE = 4 * LIMIT


def turns(quick: int, full: int) -> int:
    """Rounds, fewer on a slow machine; of all races together, thousands in full there too."""
    return rounds(max(1, int(quick / SCALE)), int(full / min(SCALE, 2.5)))


@dataclass
class Course:
    """What one thread did: the numbers of its messages, and the error that ended it; None: the end of the stream."""

    numbers: list[int] = field(default_factory=list)
    error: OSError | None = None


def number_of(message: Message) -> int:
    return int.from_bytes(message.data[:4], "big")


def sender(send: Callable[[bytes], object], size: int) -> Callable[[], Course]:
    """Send numbered messages until an error."""

    def run() -> Course:
        course = Course()
        try:
            while True:
                number = len(course.numbers)
                send(number.to_bytes(4, "big") + bytes(size))
                course.numbers.append(number)
        except OSError as error:
            course.error = error
        return course

    return run


def receiver(sock: Socket, seen: threading.Semaphore) -> Callable[[], Course]:
    """Receive until an error or the end; `seen` counts the messages."""

    def run() -> Course:
        course = Course()
        try:
            for message in sock.messages():
                course.numbers.append(number_of(message))
                seen.release()
        except OSError as error:
            course.error = error
        return course

    return run


def wait_seen(seen: threading.Semaphore, count: int) -> None:
    for _ in range(count):
        assert seen.acquire(timeout=PATIENCE), "no message came"


def connected(listener: Socket | Endpoint) -> Socket:
    """A new socket, connected and bound to the same hosts; its close is up to the caller."""
    sock = Socket(listener.family)
    sock.settimeout(PATIENCE)
    sock.bind([(address.host, 0) for address in listener.local_addresses()])
    sock.connect(listener.local_addresses())
    return sock


class Ring:
    """Two connected sockets with a sender and a receiver at each end."""

    def __init__(self, listener: Socket, luck: random.Random) -> None:
        self.a = connected(listener)
        self.b = listener.accept()[0]
        self.b.settimeout(PATIENCE)
        self._luck = luck
        self._seen = threading.Semaphore(0)
        size = luck.choice([500, 1400, 20_000])
        self.near = [Background(sender(self.a.send, size)), Background(receiver(self.a, self._seen))]
        self.far = [Background(sender(self.b.send, size)), Background(receiver(self.b, self._seen))]

    def run_a_little(self) -> None:
        wait_seen(self._seen, self._luck.randrange(30))

    def close(self) -> None:
        self.a.close()
        self.b.close()
