# SPDX-License-Identifier: MIT
"""Opening and closing again and again, and very many associations at once: nothing grows that should not."""

import resource
import select
from collections.abc import Iterator
from socket import AF_INET

import pytest

import sctpx
from sctpx import Endpoint, Message, Socket
from tests.support.common import LIMIT, Loopback, eventually, wait_message
from tests.support.effort import rounds
from tests.support.shapes import OneEndpoint, Server

from .ring import connected
from .use import MIB, assert_steady, use

pytestmark = [
    pytest.mark.timeout(60 * LIMIT),
    pytest.mark.skipif("not __import__('os').path.isdir('/proc/self/task')", reason="what is used is read from /proc"),
]
# Noise of allocators; a leak of 500 bytes in each of 10,000 cycles is beyond it.
NOISE = 4 * MIB


@pytest.mark.parametrize("kind", [Socket, Endpoint])
def test_opening_and_closing(kind: type[Socket] | type[Endpoint], addresses: Loopback) -> None:
    where = addresses(1, AF_INET)

    def cycle() -> None:
        with kind() as sock:
            sock.bind(where)
            sock.fileno()

    assert_steady(cycle, rounds(500, 10_000), NOISE, warm_up=300)


def test_connecting_and_closing(server: Server) -> None:
    listener = server()

    def cycle() -> None:
        with connected(listener) as active, listener.accept()[0] as passive:
            passive.settimeout(LIMIT)
            active.send(b"there")
            assert wait_message(passive).data == b"there"

    assert_steady(cycle, rounds(100, 2000), NOISE, warm_up=100)


def test_refused_again_and_again(refusing: list[sctpx.Address]) -> None:
    def cycle() -> None:
        with Socket() as sock, pytest.raises(ConnectionRefusedError):
            sock.settimeout(LIMIT)
            sock.connect(refusing)

    assert_steady(cycle, rounds(100, 2000), NOISE, warm_up=100)


def test_peeling_off_again_and_again(endpoint: OneEndpoint) -> None:
    hub = endpoint()

    def cycle() -> None:
        with connected(hub) as active:
            active.send(b"first")
            message = hub.recv()
            assert isinstance(message, Message)
            with hub.associations[message.association].peeloff() as own:
                own.settimeout(LIMIT)
                active.send(b"second")
                assert wait_message(own).data == b"second"
        eventually(lambda: not hub.associations, "the end")

    assert_steady(cycle, rounds(60, 1000), NOISE, warm_up=60)


def test_very_many_associations_at_once(endpoint: OneEndpoint) -> None:
    """At one endpoint, each from a socket of its own: every one is heard, answered and ended."""
    count = rounds(100, 1000)
    hub = endpoint()
    threads = use().threads
    clients = [connected(hub) for _ in range(count)]
    try:
        eventually(lambda: len(hub.associations) == count, "the associations")
        assert use().threads == threads
        for number, sock in enumerate(clients):
            sock.send(number.to_bytes(4, "big"))
        for _ in range(count):
            message = wait_message(hub)
            hub.send(message.data, to=message.association)
        for number, sock in enumerate(clients):
            assert wait_message(sock).data == number.to_bytes(4, "big")
    finally:
        for sock in clients:
            sock.close()
    eventually(lambda: not hub.associations, "the end of all", limit=6 * LIMIT)


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    """As many as this process may have at all."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_descriptors")
def test_very_many_sockets_in_one_poll(server: Server) -> None:
    """Accepted sockets, all watched through their descriptors at once."""
    count = rounds(100, 1000)
    listener = server(backlog=count)
    active = []
    passive: dict[int, Socket] = {}
    poll = select.poll()
    try:
        for _ in range(count):
            active.append(connected(listener))
            sock = listener.accept()[0]
            sock.setblocking(False)
            passive[sock.fileno()] = sock
            poll.register(sock.fileno(), select.POLLIN)
        assert not poll.poll(0)
        for sock in active:
            sock.send(b"here")
        heard: set[int] = set()
        while len(heard) < count:
            ready = poll.poll(LIMIT * 1000)
            assert ready, f"only {len(heard)} of {count} became readable"
            for descriptor, _ in ready:
                message = passive[descriptor].recv()
                assert isinstance(message, Message) and message.data == b"here"
                heard.add(descriptor)
    finally:
        for sock in [*active, *passive.values()]:
            sock.close()
