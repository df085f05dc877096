# SPDX-License-Identifier: MIT
"""What the contract tests share: time-outs, waiting for what must come, threads that report, and addresses."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

import sctpx
from sctpx import Address, Message, Notification

Receiver = sctpx.Socket | sctpx.Endpoint
T = TypeVar("T")

SCALE = float(os.environ.get("SCTPX_TEST_TIME_SCALE", "1"))
LIMIT = 10.0 * SCALE
# Whose packets they are: the backend's, but for a shim that the tests put on another stack.
STACK = os.environ.get("SCTPX_TEST_STACK") or sctpx.backend.name
# Nobody's address (RFC 5737).
ELSEWHERE = "198.51.100.1"


def events(receiver: Receiver, limit: float = LIMIT) -> Iterator[Message | Notification]:
    """What arrives, until the association ends; TimeoutError when nothing did for too long."""
    deadline = time.monotonic() + limit
    while True:
        receiver.settimeout(max(deadline - time.monotonic(), 0.001))
        event = receiver.recv()
        if event is None:
            return
        yield event


def wait_for(
    receiver: Receiver, kind: type[T], condition: Callable[[T], bool] = lambda event: True, *, limit: float = LIMIT
) -> T:
    """The next event of a kind that satisfies the condition; what comes before it is dropped."""
    before: list[object] = []
    before_timeout = receiver.gettimeout()
    try:
        for event in events(receiver, limit):
            if isinstance(event, kind) and condition(event):
                return event
            before.append(event)
    except TimeoutError:
        pass
    finally:
        if not receiver.closed:
            receiver.settimeout(before_timeout)
    raise AssertionError(f"no {kind.__name__} came, but {before}")


def wait_message(receiver: Receiver, *, limit: float = LIMIT) -> Message:
    """The next message; notifications are dropped."""
    return wait_for(receiver, Message, limit=limit)


def wait_messages(receiver: Receiver, count: int, *, limit: float = LIMIT) -> list[Message]:
    return [wait_message(receiver, limit=limit) for _ in range(count)]


def drain(receiver: sctpx.Socket, limit: float = LIMIT) -> list[Message | Notification]:
    """All that comes until the end of the association."""
    return list(events(receiver, limit))


def eventually(condition: Callable[[], bool], what: str = "it", *, limit: float = LIMIT) -> None:
    """Wait for a state that nothing announces."""
    deadline = time.monotonic() + limit
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen in {limit} s"
        pause.wait(0.002)


class Background(Generic[T]):
    """A call in a thread of its own; `result` returns or raises what it did."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._value: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._value.append(self._call())
        except BaseException as error:
            self._error = error

    def __enter__(self) -> "Background[T]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.join(LIMIT)

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def result(self, limit: float = LIMIT) -> T:
        self._thread.join(limit)
        assert self.done, f"still running after {limit} s"
        if self._error is not None:
            raise self._error
        return self._value[0]

    def until_blocked(self, limit: float = LIMIT) -> None:
        """Return once the thread sleeps in the operating system's poll."""
        deadline = time.monotonic() + limit
        pause = threading.Event()
        while not self.done and not sleeps_in_poll(self._thread.native_id):
            assert time.monotonic() < deadline, "the thread never blocked"
            pause.wait(0.002)


# poll, ppoll, epoll_wait, epoll_pwait on x86-64; ppoll, epoll_pwait on arm64.
_POLLS = frozenset({"7", "271", "232", "281", "73", "22"})


def sleeps_in_poll(thread: int | None) -> bool:
    """Whether a thread of this process, by its native id, waits in the operating system's poll."""
    try:
        return Path(f"/proc/self/task/{thread}/syscall").read_text().split()[0] in _POLLS
    except OSError:
        # No such file here: the best there is without one. Too early only tests less.
        return thread is not None and not threading.Event().wait(0.05 * SCALE)


class Loopback:
    """Loopback addresses that work on this backend, by number and family; port 0."""

    def __init__(self, hosts: dict[socket.AddressFamily | None, list[str]]) -> None:
        self._hosts = hosts

    def __call__(self, count: int = 1, family: socket.AddressFamily | None = None, *, port: int = 0) -> list[Address]:
        """So many addresses of one socket; `family` None: any, IPv6 sockets with an IPv4 address among them."""
        hosts = self._hosts[family]
        assert count <= len(hosts), f"{count} addresses are not to be had here; ask has() first"
        return [Address(host, port) for host in hosts[:count]]

    def has(self, count: int, family: socket.AddressFamily | None = None) -> bool:
        return count <= len(self._hosts[family])


def loopback(stack: str | None) -> Loopback:
    many = [f"127.0.0.{n}" for n in range(1, 10)]
    if stack == "userland":
        # usrsctp uses configured addresses only: two paths are those of an IPv6 socket.
        return Loopback({None: ["::1", "127.0.0.1"], socket.AF_INET: ["127.0.0.1"], socket.AF_INET6: ["::1"]})
    return Loopback({None: many, socket.AF_INET: many, socket.AF_INET6: ["::1"]})


def family_of(addresses: Iterable[Address]) -> socket.AddressFamily:
    """The family of a socket that takes all of these."""
    six = any(address.family == socket.AF_INET6 for address in addresses)
    return socket.AF_INET6 if six else socket.AF_INET


def send_numbers(sock: sctpx.Socket, count: int, *, size: int = 1) -> None:
    """Send so many messages on stream 1, each with its number and 4 * `size` bytes long."""
    for number in range(count):
        sock.send(number.to_bytes(4, "big") * size, stream=1)


def fill(sock: sctpx.Socket, size: int = 5000) -> int:
    """Send until there is no room, and none comes free while the peer does not read; how many messages went."""
    before = sock.gettimeout()
    # Longer than any acknowledgement is delayed.
    sock.settimeout(0.3 * SCALE)
    sent = 0
    try:
        while True:
            sock.send(bytes(size))
            sent += 1
    except TimeoutError:
        sock.settimeout(before)
        return sent
