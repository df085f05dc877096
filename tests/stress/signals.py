# SPDX-License-Identifier: MIT
"""Signals for the thread that runs the tests: single ones, and storms of them."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator

from tests.support.common import SCALE, sleeps_in_poll

# Between two signals of a storm; in emulation a handler alone takes a while.
EVERY = 0.0004 * SCALE


class Interrupted(Exception):
    """Raised by a test's signal handler."""


@contextlib.contextmanager
def storm(handler: Callable[[], None], every: float = EVERY) -> Iterator[None]:
    """Have the handler called again and again, wherever this thread is."""
    before = signal.signal(signal.SIGALRM, lambda number, frame: handler())
    signal.setitimer(signal.ITIMER_REAL, every, every)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Interrupter:
    """A storm whose handler raises, but only inside `call`: the test's own lines are left alone."""

    def __init__(self) -> None:
        self.count = 0
        self._armed = False

    def handler(self) -> None:
        if self._armed:
            self._armed = False
            self.count += 1
            raise Interrupted

    def call(self, what: Callable[[], object]) -> object:
        """What the call returns, called again as often as it was interrupted."""
        while True:
            try:
                self._armed = True
                result = what()
                self._armed = False
            except Interrupted:
                continue
            return result


@contextlib.contextmanager
def once_asleep(number: int, receiver: int | None = None) -> Iterator[None]:
    """Send one signal when this thread sleeps in poll, to it or to another thread (`threading.get_ident`)."""
    target, native = receiver or threading.get_ident(), threading.get_native_id()
    left = threading.Event()

    def send() -> None:
        while not left.wait(0.002):
            if sleeps_in_poll(native):
                signal.pthread_kill(target, number)
                return

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        left.set()
        sender.join()
