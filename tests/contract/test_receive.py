# SPDX-License-Identifier: MIT
"""The ways to receive: one by one, into a buffer, in batches, by iteration; with and without notifications."""

from itertools import islice

import pytest

from sctpx import AssociationChange, CommState, Message, MessageInfo, Notification, PeerShutdown
from tests.support.common import drain, wait_message
from tests.support.shapes import EndpointPair, InBackground, Pair


def test_recv_gives_messages_notifications_and_the_end(pair: Pair) -> None:
    a, b = pair(events=[AssociationChange, PeerShutdown])
    a.send(b"one")
    a.shutdown()
    kinds = [type(event) for event in drain(b)]
    assert kinds[0] is AssociationChange
    assert kinds.index(Message) < kinds.index(PeerShutdown)
    assert kinds[-1] is AssociationChange
    assert b.recv() is None


def test_recv_message_skips_notifications_or_hands_them_over(pair: Pair) -> None:
    a, b = pair(events=[AssociationChange])
    a.send(b"one")
    seen: list[Notification] = []
    message = b.recv_message(seen.append)
    assert message is not None and message.data == b"one"
    assert [event.state for event in seen if isinstance(event, AssociationChange)] == [CommState.UP]
    b.send(b"two")
    message = a.recv_message()
    assert message is not None and message.data == b"two"
    b.shutdown()
    assert a.recv_message() is None


def test_recv_into_fills_a_buffer_of_the_caller(pair: Pair) -> None:
    a, b = pair()
    a.send(b"abcdef", stream=2, ppid=46)
    buffer = bytearray(b"." * 10)
    info = b.recv_into(buffer)
    assert isinstance(info, MessageInfo)
    assert (info.size, info.complete, info.stream, info.ppid) == (6, True, 2, 46)
    assert info.source == a.local_addresses()[0]
    assert bytes(buffer[:6]) == b"abcdef"
    buffer.extend(b"it can be resized")


def test_recv_into_gives_a_large_message_in_pieces(pair: Pair) -> None:
    a, b = pair()
    data = bytes(range(256)) * 20
    a.send(data, stream=3, ppid=7)
    a.send(b"next")
    buffer = memoryview(bytearray(1000))
    parts: list[bytes] = []
    while True:
        info = b.recv_into(buffer)
        assert isinstance(info, MessageInfo)
        assert (info.stream, info.ppid) == (3, 7)
        parts.append(bytes(buffer[: info.size]))
        if info.complete:
            break
    assert b"".join(parts) == data
    assert len(parts) > 5
    assert wait_message(b).data == b"next"


def test_recv_into_gives_notifications_whole_and_tells_the_end(pair: Pair) -> None:
    a, b = pair(events=[AssociationChange])
    buffer = bytearray(4)
    assert isinstance(b.recv_into(buffer), AssociationChange)
    a.shutdown()
    seen: list[object] = []
    while (event := b.recv_into(buffer)) is not None:
        seen.append(event)
    assert [type(event) for event in seen] == [AssociationChange]


@pytest.mark.parametrize("buffer", [b"constant", memoryview(b"constant")], ids=["bytes", "memoryview"])
def test_recv_into_wants_a_writable_buffer(pair: Pair, buffer: bytes) -> None:
    a, b = pair()
    a.send(b"kept")
    with pytest.raises((TypeError, ValueError, BufferError)):
        b.recv_into(buffer)
    assert wait_message(b).data == b"kept"


def test_recv_into_wants_room(pair: Pair) -> None:
    a, b = pair()
    a.send(b"kept")
    with pytest.raises(ValueError):
        b.recv_into(bytearray())
    assert wait_message(b).data == b"kept"


def test_recv_many_waits_for_the_first_and_takes_what_is_there(pair: Pair, background: InBackground) -> None:
    a, b = pair()
    waiting = background(b.recv_many)
    waiting.until_blocked()
    batch = [b"%d" % number for number in range(200)]
    a.send_many(batch)
    received = waiting.result()
    assert 1 <= len(received) <= 64
    while len(received) < 200:
        more = b.recv_many(50)
        assert 1 <= len(more) <= 50
        received += more
    assert [message.data for message in received if isinstance(message, Message)] == batch


def test_recv_many_of_one_is_one(pair: Pair) -> None:
    a, b = pair()
    a.send_many([b"1", b"2"])
    assert [len(b.recv_many(1)) for _ in range(2)] == [1, 1]


def test_recv_many_mixes_messages_and_notifications_and_ends_empty(pair: Pair) -> None:
    a, b = pair(events=[AssociationChange])
    a.send_many([b"1", b"2"])
    a.shutdown()
    received: list[object] = []
    while batch := b.recv_many():
        received += batch
    assert [event.data for event in received if isinstance(event, Message)] == [b"1", b"2"]
    states = [event.state for event in received if isinstance(event, AssociationChange)]
    # Linux shows the end from the peer's SHUTDOWN on; a reader that is quicker than the handshake meets it first.
    assert states in ([CommState.UP, CommState.SHUTDOWN_COMPLETE], [CommState.UP])
    assert b.recv_many() == []


def test_recv_many_puts_large_messages_together(pair: Pair, background: InBackground) -> None:
    a, b = pair()
    batch = [bytes([number]) * (1 + 70_000 * (number % 2)) for number in range(8)]
    sending = background(lambda: a.send_many(batch))
    received: list[object] = []
    while len(received) < 8:
        received += b.recv_many()
    assert [event.data for event in received if isinstance(event, Message)] == batch
    sending.result()


def test_iteration_ends_with_the_association(pair: Pair) -> None:
    a, b = pair(events=[AssociationChange])
    a.send(b"1")
    a.send(b"2")
    a.shutdown()
    seen = list(b)
    assert [event.data for event in seen if isinstance(event, Message)] == [b"1", b"2"]
    assert isinstance(seen[0], AssociationChange)


def test_messages_iterates_over_messages_alone(pair: Pair) -> None:
    a, b = pair(events=[AssociationChange])
    a.send(b"1")
    a.send(b"2")
    a.shutdown()
    seen: list[Notification] = []
    assert [message.data for message in b.messages(seen.append)] == [b"1", b"2"]
    assert [type(event) for event in seen] == [AssociationChange, AssociationChange]


def test_an_endpoint_is_iterated_without_an_end(endpoints: EndpointPair) -> None:
    a, b, to_b, to_a = endpoints()
    for number in range(3):
        a.send(b"%d" % number, to=to_b)
    assert [message.data for message in islice(b.messages(), 3)] == [b"0", b"1", b"2"]
    a.send(b"more", to=to_b)
    event = next(iter(b))
    assert isinstance(event, Message)
    assert (event.data, event.association) == (b"more", to_a)
    a.send(b"batch", to=to_b)
    assert [type(one) for one in b.recv_many()] == [Message]


def test_an_endpoint_receives_into_a_buffer(endpoints: EndpointPair) -> None:
    a, b, to_b, to_a = endpoints()
    a.send(b"abc", to=to_b, stream=1)
    buffer = bytearray(8)
    info = b.recv_into(buffer)
    assert isinstance(info, MessageInfo)
    assert (info.association, info.size, bytes(buffer[:3])) == (to_a, 3, b"abc")
    a.send(b"d", to=to_b)
    message = b.recv_message()
    assert message.data == b"d"


def test_a_message_is_not_lost_when_the_callback_raises(pair: Pair) -> None:
    a, b = pair(events=[AssociationChange])
    a.send(b"kept")

    def fail(event: Notification) -> None:
        raise KeyError("of the test")

    with pytest.raises(KeyError):
        b.recv_message(fail)
    assert wait_message(b).data == b"kept"
