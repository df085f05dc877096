# SPDX-License-Identifier: MIT
"""Messages that come in pieces: put together within a bound, whatever happens between the pieces."""

from functools import partial

import pytest

import sctpx
from sctpx import AbortedError, Message, MessageInfo, MessageTooLargeError
from sctpx.options import FragmentInterleave, MaxSegment, PartialDeliveryPoint, ReceiveBuffer, SendBuffer
from tests.support.common import LIMIT, eventually, wait_message, wait_messages
from tests.support.relay import Relay
from tests.support.shapes import Client, EndpointPair, InBackground, OneEndpoint, Pair, Server

LARGE = 300_000
# A receive buffer smaller than the message makes every stack deliver it in pieces; the send buffer must hold it all.
PIECEWISE = [SendBuffer(1 << 20), ReceiveBuffer(65_536), PartialDeliveryPoint(8192), MaxSegment(1400)]


def large() -> bytes:
    return bytes(range(256)) * (LARGE // 256)


def fits(sock: sctpx.Socket | sctpx.Endpoint) -> bool:
    """Without privilege a kernel may not grant the send buffer."""
    return sock.get(SendBuffer) > LARGE


def test_a_message_larger_than_the_receive_buffer_arrives_whole(pair: Pair, background: InBackground) -> None:
    a, b = pair(options=PIECEWISE)
    if fits(a):
        sending = background(lambda: a.send(large(), stream=2, ppid=9))
        message = wait_message(b)
        assert message.data == large()
        assert (message.stream, message.ppid, message.complete, message.size) == (2, 9, True, len(large()))
        sending.result()
    else:
        with pytest.raises(MessageTooLargeError):
            a.send(large())


@pytest.mark.parametrize("size", [1001, 20_000, 200_000])
def test_a_message_over_the_bound_is_an_error_once_and_the_next_is_intact(
    pair: Pair, background: InBackground, size: int
) -> None:
    a, b = pair()
    b.max_message_size = 1000
    batch = [bytes(1000), bytes(size), b"next", bytes(1000)]
    sending = background(lambda: a.send_many(batch))
    assert wait_message(b).size == 1000
    with pytest.raises(MessageTooLargeError) as caught:
        b.recv()
    assert (caught.value.size, caught.value.limit, caught.value.operation) == (size, 1000, "recv")
    assert [message.data for message in wait_messages(b, 2)] == [b"next", bytes(1000)]
    sending.result()


def test_recv_many_gives_what_came_around_a_message_over_the_bound(pair: Pair) -> None:
    a, b = pair()
    b.max_message_size = 1000
    a.send_many([b"1", b"2", bytes(1001), b"3"])
    received: list[bytes] = []
    errors = 0
    while len(received) < 3:
        try:
            received += [event.data for event in b.recv_many() if isinstance(event, Message)]
        except MessageTooLargeError:
            errors += 1
    if not errors:
        with pytest.raises(MessageTooLargeError):
            b.recv()
    assert received == [b"1", b"2", b"3"]


def test_the_bound_does_not_concern_recv_into(pair: Pair) -> None:
    a, b = pair()
    b.max_message_size = 10
    a.send(bytes(5000))
    buffer = bytearray(8000)
    info = b.recv_into(buffer)
    assert isinstance(info, MessageInfo)
    assert (info.size, info.complete) == (5000, True)


def test_the_bound_is_inherited_by_accepted_sockets(server: Server, client: Client) -> None:
    listener = server()
    assert listener.max_message_size == 16 << 20
    listener.max_message_size = 1000
    a = client(listener)
    b, _ = listener.accept()
    with b:
        b.settimeout(listener.gettimeout())
        assert b.max_message_size == 1000
        a.send(bytes(1001))
        with pytest.raises(MessageTooLargeError):
            b.recv()


@pytest.mark.parametrize("wrong", [0, -1])
def test_the_bound_is_above_nought(pair: Pair, wrong: int) -> None:
    a, _ = pair()
    with pytest.raises(ValueError):
        a.max_message_size = wrong


def begin(relay: Relay, end: sctpx.Socket, receiver: sctpx.Socket | sctpx.Endpoint, background: InBackground) -> None:
    """Within `relay.cut_after`: send a message and let the receiver take the pieces of it that arrive."""
    background(lambda: end.send(large(), ppid=5))
    receiver.setblocking(False)
    tries = 0

    def taken() -> bool:
        nonlocal tries
        with pytest.raises(BlockingIOError):
            receiver.recv()
        tries += relay.has_lost
        return tries == 20

    eventually(taken, "twenty tries after the loss")
    receiver.settimeout(LIMIT)


def test_time_outs_between_the_pieces_lose_nothing(relay: Relay, background: InBackground) -> None:
    a, b = relay.pair(options=PIECEWISE)
    if not fits(a):
        return
    with relay.cut_after(150_000):
        begin(relay, a, b, background)
    assert wait_message(b).data == large()
    a.send(b"next")
    assert wait_message(b).data == b"next"


def test_pieces_already_received_move_with_the_association(
    relay: Relay, endpoint: OneEndpoint, client: Client, background: InBackground
) -> None:
    options = [*PIECEWISE, *relay.options]
    hub = endpoint(options=options)
    end = client(hub, options=options)
    if not fits(end):
        return
    with relay.cut_after(150_000):
        begin(relay, end, hub, background)
        own = next(iter(hub.associations.values())).peeloff()
    with own:
        own.settimeout(LIMIT)
        message = wait_message(own)
        assert (message.data, message.ppid) == (large(), 5)


def test_pieces_die_with_their_association(
    relay: Relay, endpoint: OneEndpoint, client: Client, background: InBackground
) -> None:
    options = [*PIECEWISE, *relay.options]
    hub = endpoint(options=options)
    first, second = client(hub, options=options), client(hub, options=options)
    if not fits(first):
        return
    # Were the pieces kept, their sum with the next message would pass the bound.
    hub.max_message_size = len(large())
    with relay.cut_after(150_000):
        begin(relay, first, hub, background)
    first.abort()
    eventually(lambda: len(hub.associations) == 1, "the end of the association")
    sending = background(lambda: second.send(large()))
    message = wait_message(hub)
    assert (message.size, message.association) == (len(large()), next(iter(hub.associations)))
    sending.result()


def test_pieces_of_two_associations_are_not_mixed(
    endpoint: OneEndpoint, client: Client, background: InBackground
) -> None:
    # At level 0 a stack holds the others back until the one is complete, and may have no room for that left.
    options = [*PIECEWISE, FragmentInterleave(1), ReceiveBuffer(1 << 20)]
    hub = endpoint(options=options)
    ends = [client(hub, options=PIECEWISE) for _ in range(3)]
    if not fits(ends[0]):
        return
    contents = [bytes([number]) * LARGE for number in range(3)]
    sending = [background(partial(end.send, data)) for end, data in zip(ends, contents, strict=True)]
    received = wait_messages(hub, 3)
    assert sorted(message.data for message in received) == contents
    assert len({message.association for message in received}) == 3
    for one in sending:
        one.result()


def test_messages_of_an_endpoint_are_bounded_too(endpoints: EndpointPair) -> None:
    a, b, to_b, _ = endpoints()
    b.max_message_size = 100
    a.send(bytes(101), to=to_b)
    a.send(bytes(100), to=to_b)
    with pytest.raises(MessageTooLargeError):
        b.recv()
    assert wait_message(b).size == 100


@pytest.mark.parametrize("taken", [False, True], ids=["unread", "begun"])
def test_what_is_there_of_an_aborted_message_is_not_a_message(
    relay: Relay, background: InBackground, taken: bool
) -> None:
    a, b = relay.pair(options=PIECEWISE)
    if not fits(a):
        return
    with relay.cut_after(40_000):
        if taken:
            begin(relay, a, b, background)
        else:
            background(lambda: a.send(large(), ppid=5))
            eventually(lambda: relay.has_lost, "the loss")
    a.abort()
    with pytest.raises(AbortedError):
        b.recv()


def test_a_caller_who_reads_in_pieces_sees_no_end_of_an_aborted_message(
    relay: Relay, background: InBackground
) -> None:
    a, b = relay.pair(options=PIECEWISE)
    if not fits(a):
        return
    with relay.cut_after(40_000):
        background(lambda: a.send(large()))
        eventually(lambda: relay.has_lost, "the loss")
    a.abort()
    buffer = bytearray(LARGE)
    with pytest.raises(AbortedError):
        while True:
            info = b.recv_into(buffer)
            assert isinstance(info, MessageInfo)
            assert not info.complete
