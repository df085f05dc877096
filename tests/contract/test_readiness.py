# SPDX-License-Identifier: MIT
"""`fileno()` tells select, poll, epoll, selectors and asyncio when to try again, for reading and for writing."""

import asyncio
import os
import select
import selectors
import socket
import time

import pytest

from sctpx import (
    AbortedError,
    AssociationChange,
    CommState,
    Endpoint,
    Message,
    MessageTooLargeError,
    Notification,
    RefusedError,
    Socket,
)
from sctpx.options import ReceiveBuffer, SendBuffer, Status
from tests.support.common import LIMIT, drain, eventually, fill, wait_message
from tests.support.shapes import Client, EndpointPair, OneEndpoint, Opener, Pair, Server, Silent

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
WAYS = ["SelectSelector", "PollSelector", "EpollSelector", "KqueueSelector"]
Selecting = type[selectors.BaseSelector]


@pytest.fixture(params=[way for way in WAYS if hasattr(selectors, way)])
def way(request: pytest.FixtureRequest) -> Selecting:
    found: Selecting = getattr(selectors, request.param)
    return found


def ready(way: Selecting, sock: Socket | Endpoint, events: int, *, timeout: float) -> int:
    with way() as selector:
        selector.register(sock, events)
        return sum(found for _, found in selector.select(timeout))


def is_ready(way: Selecting, sock: Socket | Endpoint, event: int) -> bool:
    return bool(ready(way, sock, event, timeout=LIMIT) & event)


def is_not_ready(way: Selecting, sock: Socket | Endpoint, event: int) -> bool:
    return not ready(way, sock, event, timeout=0.02)


def test_a_message_makes_readable_and_reading_it_ends_that(way: Selecting, pair: Pair) -> None:
    a, b = pair()
    assert is_not_ready(way, b, READ)
    a.send(b"1")
    a.send(b"2")
    assert is_ready(way, b, READ)
    assert is_ready(way, b, READ)
    wait_message(b)
    assert is_ready(way, b, READ)
    wait_message(b)
    assert is_not_ready(way, b, READ)
    a.send(b"3")
    assert is_ready(way, b, READ)


def test_room_makes_writable_and_a_full_buffer_ends_that(way: Selecting, pair: Pair) -> None:
    a, b = pair(options=[SendBuffer(65_536), ReceiveBuffer(65_536)])
    assert is_ready(way, a, WRITE)
    sent = fill(a)
    assert is_not_ready(way, a, WRITE)
    for _ in range(sent):
        wait_message(b)
    assert is_ready(way, a, WRITE)
    a.setblocking(False)
    a.send(bytes(5000))


def test_reading_and_writing_are_told_apart(way: Selecting, pair: Pair) -> None:
    a, b = pair()
    assert ready(way, a, READ | WRITE, timeout=LIMIT) == WRITE
    b.send(b"x")
    assert is_ready(way, a, READ)
    assert ready(way, a, READ | WRITE, timeout=LIMIT) == READ | WRITE


def test_a_connection_makes_a_listener_readable(way: Selecting, server: Server, client: Client, keep: Opener) -> None:
    listener = server()
    assert is_not_ready(way, listener, READ)
    client(listener)
    assert is_ready(way, listener, READ)
    keep(listener.accept()[0])
    assert is_not_ready(way, listener, READ)


def test_an_end_makes_readable_and_stays(way: Selecting, pair: Pair) -> None:
    a, b = pair()
    a.shutdown()
    assert is_ready(way, b, READ)
    assert b.recv() is None
    assert is_ready(way, b, READ)


def test_an_abort_makes_readable_and_stays(way: Selecting, pair: Pair) -> None:
    a, b = pair()
    a.abort()
    assert is_ready(way, b, READ)
    with pytest.raises(ConnectionResetError):
        b.recv()
    assert is_ready(way, b, READ)
    assert b.recv() is None


@pytest.mark.parametrize("batch", [False, True], ids=["one", "many"])
def test_an_abort_is_told_by_readiness_alone_behind_its_notification(way: Selecting, pair: Pair, batch: bool) -> None:
    a, b = pair()
    b.subscribe(AssociationChange)
    a.send(b"before")
    a.abort()
    with pytest.raises(AbortedError):
        until_the_end(way, b, batch)
    assert is_ready(way, b, READ)


@pytest.mark.parametrize("batch", [False, True], ids=["one", "many"])
def test_ones_own_shutdown_is_told_by_readiness_alone(way: Selecting, pair: Pair, batch: bool) -> None:
    a, b = pair()
    a.subscribe(AssociationChange)
    a.shutdown()
    assert drain(b) == []
    *_, last = until_the_end(way, a, batch)
    assert isinstance(last, AssociationChange)
    assert last.state is CommState.SHUTDOWN_COMPLETE
    assert is_ready(way, a, READ)


def test_an_abort_that_a_send_met_first_makes_readable(way: Selecting, pair: Pair) -> None:
    a, b = pair()
    b.subscribe(AssociationChange)
    a.abort()
    eventually(lambda: _send_fails(b), "an error of send")
    with pytest.raises(ConnectionResetError):
        until_the_end(way, b, batch=True)
    assert is_ready(way, b, READ)


def until_the_end(way: Selecting, sock: Socket, batch: bool) -> list[Message | Notification]:
    """All that can be had without ever waiting in a call."""
    sock.setblocking(False)
    seen: list[Message | Notification] = []
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        assert is_ready(way, sock, READ), f"nothing tells of the end behind {seen}"
        try:
            found = sock.recv_many() if batch else [event for event in [sock.recv()] if event is not None]
        except BlockingIOError:
            continue
        if not found:
            return seen
        seen += found
    raise AssertionError(f"it is readable, and nothing comes behind {seen}")


def _send_fails(sock: Socket) -> bool:
    try:
        sock.send(b"x")
    except OSError:
        return True
    return False


def test_a_connect_in_progress_becomes_writable_when_it_is_done(way: Selecting, server: Server, keep: Opener) -> None:
    listener = server()
    sock = keep(Socket(listener.family))
    sock.setblocking(False)
    try:
        sock.connect(listener.local_addresses())
    except BlockingIOError:
        assert is_ready(way, sock, WRITE)
        sock.finish_connect()
    peer = keep(listener.accept()[0])
    sock.send(b"connected")
    assert wait_message(peer).data == b"connected"


def test_a_refused_connect_becomes_writable_and_tells(
    way: Selecting, refusing: list[tuple[str, int]], keep: Opener
) -> None:
    sock = keep(Socket())
    sock.setblocking(False)
    with pytest.raises((BlockingIOError, RefusedError)) as caught:
        sock.connect(refusing)
    if isinstance(caught.value, BlockingIOError):
        assert is_ready(way, sock, WRITE)
        with pytest.raises(RefusedError):
            sock.finish_connect()


def test_a_connect_that_nobody_answers_is_not_writable(way: Selecting, silent: Silent, keep: Opener) -> None:
    sock = keep(Socket())
    for option in silent.options:
        sock.set(option)
    sock.setblocking(False)
    with pytest.raises(BlockingIOError):
        sock.connect(silent.address)
    assert is_not_ready(way, sock, WRITE)
    with pytest.raises(BlockingIOError):
        sock.finish_connect()


def test_an_endpoint_is_readable_by_any_association(way: Selecting, endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint()
    ends = [client(hub), client(hub)]
    assert is_not_ready(way, hub, READ)
    for end in ends:
        end.send(b"x")
        assert is_ready(way, hub, READ)
        wait_message(hub)
    assert is_not_ready(way, hub, READ)
    assert is_ready(way, hub, WRITE)


def test_hidden_notifications_leave_no_readiness_behind(way: Selecting, endpoints: EndpointPair) -> None:
    a, b, to_b, _ = endpoints()
    for sock in (a, b):
        sock.setblocking(False)
        with pytest.raises(BlockingIOError):
            sock.recv()
        assert is_not_ready(way, sock, READ)
    a.send(b"x", to=to_b)
    assert is_ready(way, b, READ)


def test_a_full_endpoint_becomes_writable_again(way: Selecting, endpoints: EndpointPair) -> None:
    a, b, to_b, _ = endpoints(options=[SendBuffer(65_536), ReceiveBuffer(65_536)])
    a.setblocking(False)
    sent = 0
    with pytest.raises(BlockingIOError):
        while True:
            a.send(bytes(5000), to=to_b)
            sent += 1
    for _ in range(sent):
        wait_message(b)
    assert is_ready(way, a, WRITE)
    a.send(bytes(5000), to=to_b)


def test_select_takes_the_socket_itself(pair: Pair) -> None:
    a, b = pair()
    a.send(b"x")
    assert select.select([b], [], [], LIMIT)[0] == [b]
    readable, writable, _ = select.select([b], [b], [], LIMIT)
    assert (readable, writable) == ([b], [b])


def test_asyncio_reads_and_writes_by_the_descriptor(pair: Pair) -> None:
    a, b = pair(options=[SendBuffer(65_536), ReceiveBuffer(65_536)])
    a.setblocking(False)
    b.setblocking(False)
    total = 200
    received: list[int] = []

    async def both() -> None:
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        left = list(range(total))

        def write() -> None:
            try:
                while left:
                    a.send(left[0].to_bytes(2, "big") * 2000)
                    del left[0]
            except BlockingIOError:
                return
            loop.remove_writer(a.fileno())

        def read() -> None:
            try:
                while (message := b.recv_message()) is not None:
                    received.append(int.from_bytes(message.data[:2], "big"))
                    if len(received) == total:
                        done.set_result(None)
            except BlockingIOError:
                pass

        loop.add_writer(a.fileno(), write)
        loop.add_reader(b.fileno(), read)
        try:
            await asyncio.wait_for(done, LIMIT)
        finally:
            loop.remove_reader(b.fileno())
            loop.remove_writer(a.fileno())

    asyncio.run(both())
    assert received == list(range(total))


def test_the_descriptor_stays_the_same_and_is_not_inherited(pair: Pair) -> None:
    a, _ = pair()
    number = a.fileno()
    assert a.fileno() == number
    assert not os.get_inheritable(number)
    assert isinstance(a.family, socket.AddressFamily)


def test_what_is_left_at_the_end_can_be_read_by_readiness_alone(way: Selecting, pair: Pair) -> None:
    a, b = pair()
    a.send_many([b"%d" % number for number in range(10)])
    a.shutdown()
    seen = 0
    while is_ready(way, b, READ):
        message = b.recv_message()
        if message is None:
            break
        seen += 1
    assert seen == 10
    assert drain(a) == []


def test_messages_behind_an_error_can_be_read_by_readiness_alone(way: Selecting, pair: Pair) -> None:
    a, b = pair()
    b.max_message_size = 1000
    a.send_many([b"1", b"2", bytes(1001), b"3", b"4"])
    eventually(lambda: a.get(Status).unacknowledged == 0, "the arrival")
    seen: list[bytes] = []
    errors = 0
    while len(seen) < 4:
        assert is_ready(way, b, READ)
        try:
            seen += [event.data for event in b.recv_many() if isinstance(event, Message)]
        except MessageTooLargeError:
            errors += 1
    assert seen == [b"1", b"2", b"3", b"4"]
    b.setblocking(False)
    if not errors:
        with pytest.raises(MessageTooLargeError):
            b.recv()
    with pytest.raises(BlockingIOError):
        b.recv()
