# SPDX-License-Identifier: MIT
"""Fixtures of the suites that run on a backend. They give the addresses, so that a test names none and runs anywhere.

A suite has those that its conftest.py imports; `no_leaks` and the time limit of every test are for all.
"""

import contextlib
import gc
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar


def _free_udp_port() -> int:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        probe.bind(("::", 0))
        return int(probe.getsockname()[1])


# Userland, both ends in one process: its own UDP port must be its peer's. Kernels take no notice.
os.environ.setdefault("SCTPX_UDP_PORT", str(_free_udp_port()))
os.environ.setdefault("SCTPX_PEER_UDP_PORT", os.environ["SCTPX_UDP_PORT"])

import pytest  # noqa: E402

import sctpx  # noqa: E402
from sctpx import Address, AddressLike, Endpoint, EventType, Socket  # noqa: E402
from sctpx.options import EndpointSettable, UdpEncapsulation  # noqa: E402

from .common import LIMIT, SCALE, STACK, Background, Loopback, eventually, loopback  # noqa: E402
from .relay import Relay, stack_port  # noqa: E402
from .shapes import Client, EndpointPair, Endpoints, InBackground, OneEndpoint, Opener, Pair, Program, Server, Silent  # noqa: E402

T = TypeVar("T")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(6 * LIMIT))


@pytest.fixture(scope="session")
def limit() -> float:
    """Seconds within which anything that should happen does; more in emulation."""
    return LIMIT


@pytest.fixture(scope="session")
def scale() -> float:
    return SCALE


@pytest.fixture(scope="session")
def addresses() -> Loopback:
    return loopback(STACK)


@pytest.fixture(scope="session")
def started(addresses: Loopback) -> None:
    """Bring the backend up once, so that what it keeps for the whole process is not taken for a leak."""
    with sctpx.create_server(addresses()) as listener:
        # A thread's first wait makes what wakes it, which is kept as long as the thread.
        listener.settimeout(0.001)
        with contextlib.suppress(TimeoutError):
            listener.accept()
    sctpx.create_endpoint(addresses()).close()


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


@pytest.fixture(autouse=True)
def no_leaks(started: None) -> Iterator[None]:
    """Every test leaves as many threads and descriptors as it found; those of closed sockets may go a little later."""
    threads, files = threading.active_count(), descriptors()
    yield

    def left_as_found() -> bool:
        return threading.active_count() <= threads and descriptors() <= files

    if not left_as_found():
        gc.collect()
        eventually(left_as_found, "the end of the test's threads and descriptors")


@pytest.fixture
def keep() -> Iterator[Opener]:
    """`sock = keep(Socket())`: given the time limit, and closed at the end of the test."""
    opener = Opener()
    yield opener
    opener.close()


@pytest.fixture
def server(addresses: Loopback, keep: Opener) -> Server:
    """A listening one-to-one socket on so many addresses."""

    def make(
        *,
        paths: int = 1,
        family: socket.AddressFamily | None = None,
        backlog: int = 128,
        options: Iterable[EndpointSettable] = (),
        events: Iterable[EventType] = (),
    ) -> Socket:
        where = addresses(paths, family or (socket.AF_INET if paths == 1 else None))
        return keep(sctpx.create_server(where, backlog=backlog, options=options, events=events))

    return make


@pytest.fixture
def client(keep: Opener) -> Client:
    """A one-to-one socket connected to all addresses of a listener, bound to the same hosts."""

    def make(
        to: Socket | Endpoint, *, options: Iterable[EndpointSettable] = (), events: Iterable[EventType] = ()
    ) -> Socket:
        targets = to.local_addresses()
        source: list[AddressLike] = [Address(target.host, 0) for target in targets]
        return keep(sctpx.create_connection(targets, timeout=LIMIT, source=source, options=options, events=events))

    return make


@pytest.fixture
def pair(server: Server, client: Client, keep: Opener) -> Pair:
    """Two connected one-to-one sockets, the connecting one first; options and events are those of both."""

    def make(
        *,
        paths: int = 1,
        family: socket.AddressFamily | None = None,
        options: Iterable[EndpointSettable] = (),
        events: Iterable[EventType] = (),
    ) -> tuple[Socket, Socket]:
        options, events = list(options), list(events)
        listener = server(paths=paths, family=family, options=options, events=events)
        active = client(listener, options=options, events=events)
        passive = keep(listener.accept()[0])
        listener.close()
        return active, passive

    return make


@pytest.fixture
def endpoint(addresses: Loopback, keep: Opener) -> OneEndpoint:
    """A one-to-many socket on so many addresses."""

    def make(
        *,
        paths: int = 1,
        family: socket.AddressFamily | None = None,
        listen: bool = True,
        options: Iterable[EndpointSettable] = (),
        events: Iterable[EventType] = (),
    ) -> Endpoint:
        where = addresses(paths, family or (socket.AF_INET if paths == 1 else None))
        return keep(sctpx.create_endpoint(where, listen=listen, options=options, events=events))

    return make


@pytest.fixture
def endpoints(endpoint: OneEndpoint) -> EndpointPair:
    def make(
        *,
        paths: int = 1,
        family: socket.AddressFamily | None = None,
        options: Iterable[EndpointSettable] = (),
        events: Iterable[EventType] = (),
    ) -> Endpoints:
        options, events = list(options), list(events)
        a = endpoint(paths=paths, family=family, options=options, events=events)
        b = endpoint(paths=paths, family=family, options=options, events=events)
        to_b = a.connect(b.local_addresses()).id
        eventually(lambda: len(b.associations) == 1, "the association at the other end")
        return Endpoints(a, b, to_b, next(iter(b.associations)))

    return make


@pytest.fixture
def silent() -> Iterator[Silent]:
    if STACK != "userland":
        # Loopback's own broadcast address: the INIT is discarded, and never leaves the machine.
        yield Silent(Address("127.255.255.255", 9), [])
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        yield Silent(Address("127.0.0.1", 9), [UdpEncapsulation(mute.getsockname()[1])])


@pytest.fixture
def refusing(addresses: Loopback, keep: Opener) -> list[Address]:
    """Where a stack answers that nobody listens."""
    sock = keep(Socket(socket.AF_INET))
    sock.bind(addresses(1, socket.AF_INET))
    return sock.local_addresses()


@pytest.fixture
def background() -> Iterator[InBackground]:
    """`task = background(sock.recv)`, then `task.until_blocked()`, `task.result()`."""
    tasks: list[Background[object]] = []

    def start(call: Callable[[], T]) -> Background[T]:
        task = Background(call)
        tasks.append(task)  # type: ignore[arg-type]
        return task

    yield start
    for task in tasks:
        with task:
            pass


@pytest.fixture
def program() -> Iterator[Program]:
    """Run Python source in a process of its own; on userland its peer is this process."""
    running: list[subprocess.Popen[str]] = []

    def start(source: str, *arguments: object) -> "subprocess.Popen[str]":
        environment = {**os.environ, "SCTPX_BACKEND": str(sctpx.backend.name)}
        environment.pop("SCTPX_UDP_PORT", None)
        if sctpx.backend.udp_port:
            environment["SCTPX_PEER_UDP_PORT"] = str(sctpx.backend.udp_port)
        process = subprocess.Popen(
            [sys.executable, "-c", source, *map(str, arguments)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=LIMIT)


@pytest.fixture
def udp_relay(server: Server, client: Client, keep: Opener, started: None) -> Iterator[Relay]:
    with stack_port() as port:
        made = Relay(port, server, client, keep)
        yield made
        made.end()


@pytest.fixture(params=["relayed"])
def relay(udp_relay: Relay) -> Relay:
    """A UDP relay that all packets of its pairs pass; the tests' ids say so, as a kernel's is for root alone."""
    return udp_relay
