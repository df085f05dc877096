# SPDX-License-Identifier: MIT
"""A handler that raises, anywhere in a receiving call, loses nothing that the stack gave out."""

import time
from collections.abc import Callable

import pytest

from sctpx import Message, MessageInfo, Socket
from tests.stress.signals import Interrupter, storm
from tests.support.common import LIMIT, SCALE, drain, send_numbers, wait_message
from tests.support.effort import FULL, rounds
from tests.support.shapes import Client, InBackground, OneEndpoint, Opener, Pair, Server

COUNT = rounds(4_000, 60_000) if SCALE == 1 else rounds(200, 2_500)
LARGE = rounds(60, 1_000) if SCALE == 1 else rounds(6, 50)
# Fewer, and the storm has missed the calls.
INTERRUPTIONS = 20 if FULL else 3


def batch_of(receive: Callable[[], object]) -> Callable[[], list[object]]:
    def call() -> list[object]:
        # No call behind the receiving one, where the handler might raise.
        item = receive()
        match item:
            case list():
                return item
            case _:
                return [item]

    return call


def numbers_of(items: list[object], size: int) -> list[int]:
    found = []
    for item in items:
        assert isinstance(item, Message)
        assert item.data == item.data[:4] * size
        found.append(int.from_bytes(item.data[:4], "big"))
    return found


@pytest.mark.timeout(20 * LIMIT)
@pytest.mark.parametrize(("count", "size"), [(COUNT, 25), (LARGE, 30_000)], ids=["small", "in pieces"])
@pytest.mark.parametrize("way", ["recv", "recv_message", "recv_many"])
def test_each_message_arrives_once_and_in_order(
    pair: Pair, background: InBackground, way: str, count: int, size: int
) -> None:
    a, b = pair()
    a.settimeout(None)
    interrupter = Interrupter()
    got: list[object] = []
    sending = background(lambda: send_numbers(a, count, size=size))
    with storm(interrupter.handler):
        while len(got) < count:
            got += interrupter.call(batch_of(getattr(b, way)))  # type: ignore[arg-type]
    sending.result()
    assert numbers_of(got, size) == list(range(count))
    assert interrupter.count >= INTERRUPTIONS


def test_no_byte_of_recv_into_is_lost(pair: Pair, background: InBackground) -> None:
    a, b = pair()
    a.settimeout(None)
    interrupter, buffer, got = Interrupter(), bytearray(3_000), bytearray()
    sending = background(lambda: send_numbers(a, LARGE, size=10_000))
    with storm(interrupter.handler):
        while len(got) < LARGE * 40_000:
            info = interrupter.call(lambda: b.recv_into(buffer))
            assert isinstance(info, MessageInfo)
            got += buffer[: info.size]
    sending.result()
    assert got == b"".join(number.to_bytes(4, "big") * 10_000 for number in range(LARGE))
    assert interrupter.count >= INTERRUPTIONS


def test_an_endpoint_loses_nothing(endpoint: OneEndpoint, client: Client, background: InBackground) -> None:
    hub = endpoint()
    ends = [client(hub) for _ in range(3)]
    interrupter = Interrupter()
    got: list[object] = []
    sending = [background(lambda end=end: send_numbers(end, COUNT // 4)) for end in ends]  # type: ignore[misc]
    with storm(interrupter.handler):
        while len(got) < len(ends) * (COUNT // 4):
            got += interrupter.call(hub.recv_many)  # type: ignore[arg-type]
    for one in sending:
        one.result()
    by_association: dict[object, list[object]] = {}
    for item in got:
        assert isinstance(item, Message)
        by_association.setdefault(item.association, []).append(item)
    assert [numbers_of(items, 1) for items in by_association.values()] == [list(range(COUNT // 4))] * len(ends)
    assert interrupter.count >= INTERRUPTIONS


def test_the_end_is_told_after_interruptions(pair: Pair) -> None:
    interrupter = Interrupter()
    with storm(interrupter.handler):
        for _ in range(rounds(10, 100)):
            a, b = pair()
            a.send(b"last")
            a.close()
            got = [interrupter.call(b.recv), interrupter.call(b.recv)]
            assert isinstance(got[0], Message)
            assert got[1] is None
            b.close()


def test_no_association_is_lost_by_accept(server: Server, background: InBackground, keep: Opener) -> None:
    listener = server()
    count = rounds(60, 1_000) if SCALE == 1 else rounds(15, 60)
    interrupter = Interrupter()

    def connect() -> None:
        for number in range(count):
            with Socket(listener.family) as sock:
                sock.settimeout(LIMIT)
                sock.connect(listener.local_addresses())
                sock.send(number.to_bytes(4, "big"))

    connecting = background(connect)
    seen = []
    with storm(interrupter.handler):
        for _ in range(count):
            accepted = interrupter.call(listener.accept)
            assert isinstance(accepted, tuple)
            sock = keep(accepted[0])
            seen.append(int.from_bytes(wait_message(sock).data, "big"))
            assert drain(sock) == []
            sock.close()
    connecting.result(count * LIMIT)
    assert sorted(seen) == list(range(count))
    assert interrupter.count


def test_the_lock_is_free_for_other_threads_afterwards(pair: Pair, background: InBackground) -> None:
    """An interrupted call must not take the receive lock with it."""
    a, b = pair()
    interrupter = Interrupter()
    b.settimeout(0)
    until = time.monotonic() + rounds(1, 20) * 0.5

    def look() -> None:
        while time.monotonic() < until:
            try:
                b.recv()
            except BlockingIOError:
                continue

    with storm(interrupter.handler):
        interrupter.call(look)
    b.settimeout(LIMIT)
    waiting = background(b.recv)
    a.send(b"for the other thread")
    assert isinstance(waiting.result(), Message)
    assert interrupter.count >= INTERRUPTIONS
