# SPDX-License-Identifier: MIT
"""`send_many` and `send_all`: many messages in one go, and one message to all."""

import pytest

import sctpx
from sctpx import (
    AssociationClosedError,
    Feature,
    InvalidStreamError,
    MessageTooLargeError,
    Outgoing,
    PartialBatchError,
    UnsupportedError,
)
from sctpx.options import DefaultSend, InitMessage, SendBuffer
from tests.support.common import drain, eventually, wait_message, wait_messages
from tests.support.shapes import Client, EndpointPair, InBackground, OneEndpoint, Pair


def test_a_batch_of_plain_buffers_arrives_in_order(pair: Pair) -> None:
    a, b = pair()
    batch = [b"%d" % number for number in range(300)]
    assert a.send_many(batch) == 300
    assert [message.data for message in wait_messages(b, 300)] == batch


def test_common_arguments_hold_for_every_plain_buffer(pair: Pair) -> None:
    a, b = pair()
    assert a.send_many([b"1", bytearray(b"2"), memoryview(b"3")], stream=4, ppid=46, unordered=True) == 3
    received = wait_messages(b, 3)
    assert {(message.stream, message.ppid, message.unordered) for message in received} == {(4, 46, True)}
    assert {message.data for message in received} == {b"1", b"2", b"3"}


def test_each_outgoing_message_has_arguments_of_its_own(pair: Pair) -> None:
    a, b = pair()
    batch = [
        Outgoing(b"1", stream=1, ppid=0xFFFFFFFF),
        Outgoing([b"2", b"3"], stream=2, unordered=True),
        Outgoing(b"4", context=9, policy=sctpx.Reliable(), sack_immediately=True),
    ]
    assert a.send_many(batch) == 3
    received = {message.data: (message.stream, message.ppid, message.unordered) for message in wait_messages(b, 3)}
    assert received == {b"1": (1, 0xFFFFFFFF, False), b"23": (2, 0, True), b"4": (0, 0, False)}


def test_defaults_hold_for_what_a_batch_leaves_out(pair: Pair) -> None:
    a, b = pair(options=[DefaultSend(stream=2, ppid=77)])
    a.send_many([b"1", b"2"])
    a.send_many([b"3"], ppid=5)
    a.send_many([Outgoing(b"4", stream=1)])
    received = [(message.data, message.stream, message.ppid) for message in wait_messages(b, 4)]
    assert sorted(received) == [(b"1", 2, 77), (b"2", 2, 77), (b"3", 2, 5), (b"4", 1, 77)]


def test_received_messages_can_be_sent_on_as_they_are(pair: Pair) -> None:
    a, b = pair()
    c, d = pair()
    a.send(b"ordered", stream=3, ppid=11)
    a.send(b"unordered", stream=4, ppid=12, unordered=True)
    batch = wait_messages(b, 2)
    assert c.send_many(batch) == 2
    forwarded = {(message.data, message.stream, message.ppid, message.unordered) for message in wait_messages(d, 2)}
    assert forwarded == {(b"ordered", 3, 11, False), (b"unordered", 4, 12, True)}


def test_kinds_can_be_mixed_and_come_from_a_generator(pair: Pair) -> None:
    a, b = pair()
    a.send(b"received", ppid=3)
    message = wait_message(b)
    mixed = (one for one in (b"plain", Outgoing(b"outgoing", ppid=2), message))
    assert b.send_many(mixed, ppid=1) == 3
    assert [(one.data, one.ppid) for one in wait_messages(a, 3)] == [(b"plain", 1), (b"outgoing", 2), (b"received", 3)]


def test_an_empty_batch_is_no_message(pair: Pair) -> None:
    a, b = pair()
    assert a.send_many([]) == 0
    a.send(b"after")
    assert wait_message(b).data == b"after"


def test_large_messages_go_in_batches_too(pair: Pair, background: InBackground) -> None:
    a, b = pair()
    batch = [bytes([number]) * 20_000 for number in range(64)]
    sending = background(lambda: a.send_many(batch))
    assert [message.data for message in wait_messages(b, 64)] == batch
    assert sending.result() == 64


@pytest.mark.parametrize("size", [70, 300, 700, 1300, 2100, 3048, 5000, 9000])
def test_messages_of_any_size_share_packets(pair: Pair, background: InBackground, size: int) -> None:
    a, b = pair()
    batch = [bytes([number]) * size for number in range(60)]
    sending = background(lambda: a.send_many(batch))
    assert [message.data for message in wait_messages(b, 60)] == batch
    sending.result()


def test_a_bad_message_stops_the_batch_and_tells_how_many_went(pair: Pair) -> None:
    a, b = pair(options=[InitMessage(out_streams=4, max_in_streams=4)])
    batch = [Outgoing(b"1"), Outgoing(b"2"), Outgoing(b"3", stream=9), Outgoing(b"4")]
    with pytest.raises(PartialBatchError) as caught:
        a.send_many(batch)
    assert caught.value.sent == 2
    assert isinstance(caught.value.__cause__, InvalidStreamError)
    a.shutdown()
    assert [message.data for message in drain(b) if isinstance(message, sctpx.Message)] == [b"1", b"2"]


def test_a_message_too_large_stops_the_batch_where_it_stands(pair: Pair) -> None:
    a, b = pair(options=[SendBuffer(65_536)])
    with pytest.raises(PartialBatchError) as caught:
        a.send_many([b"1", bytes(1 << 20), b"2"])
    assert caught.value.sent == 1
    assert isinstance(caught.value.__cause__, MessageTooLargeError)
    assert wait_message(b).data == b"1"


def test_a_bad_first_message_raises_what_is_wrong_with_it(pair: Pair) -> None:
    a, _ = pair(options=[InitMessage(out_streams=4, max_in_streams=4)])
    with pytest.raises((InvalidStreamError, PartialBatchError)) as caught:
        a.send_many([Outgoing(b"1", stream=9), Outgoing(b"2")])
    if isinstance(caught.value, PartialBatchError):
        assert caught.value.sent == 0
        assert isinstance(caught.value.__cause__, InvalidStreamError)


def test_a_batch_after_the_end_is_an_error(pair: Pair) -> None:
    a, b = pair()
    a.shutdown()
    assert b.recv() is None
    with pytest.raises((AssociationClosedError, PartialBatchError)) as caught:
        a.send_many([b"1", b"2"])
    if isinstance(caught.value, PartialBatchError):
        assert (caught.value.sent, type(caught.value.__cause__)) == (0, AssociationClosedError)


def test_a_non_blocking_batch_tells_how_many_went(pair: Pair) -> None:
    a, b = pair(options=[SendBuffer(100_000)])
    a.setblocking(False)
    batch = [bytes([number % 256]) * 1000 for number in range(1500)]
    sent = 0
    with pytest.raises(BlockingIOError):
        while True:
            went = a.send_many(batch[sent:])
            assert went > 0
            sent += went
            assert sent < len(batch), "the send buffer has no end"
    received = wait_messages(b, sent)
    assert [message.data for message in received] == batch[:sent]


def test_a_batch_of_an_endpoint_names_its_destinations(endpoint: OneEndpoint) -> None:
    a, b, c = endpoint(), endpoint(), endpoint()
    to_b = a.connect(b.local_addresses()).id
    to_c = c.local_addresses()[0]
    assert a.send_many([(to_b, Outgoing(b"b1", ppid=1)), (to_c, Outgoing(b"c1", ppid=2)), (to_b, Outgoing(b"b2"))]) == 3
    assert [(message.data, message.ppid) for message in wait_messages(b, 2)] == [(b"b1", 1), (b"b2", 0)]
    assert [(message.data, message.ppid) for message in wait_messages(c, 1)] == [(b"c1", 2)]


def test_an_endpoint_answers_a_batch_of_received_messages(endpoints: EndpointPair) -> None:
    a, b, to_b, _ = endpoints()
    a.send_many([(to_b, Outgoing(b"%d" % number, ppid=number)) for number in range(40)])
    received = wait_messages(b, 40)
    assert b.send_many([(message.association, message) for message in received]) == 40
    assert [(message.data, message.ppid) for message in wait_messages(a, 40)] == [
        (b"%d" % number, number) for number in range(40)
    ]


def test_send_all_reaches_every_association_once(endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint()
    ends = [client(hub) for _ in range(5)]
    eventually(lambda: len(hub.associations) == 5, "five associations")
    if not sctpx.supports(Feature.SEND_ALL):
        with pytest.raises(UnsupportedError) as caught:
            hub.send_all(b"to all")
        assert caught.value.feature is Feature.SEND_ALL
        return
    hub.send_all(b"to all", stream=2, ppid=46, unordered=True)
    hub.send_all([b"again ", b"to all"])
    for end in ends:
        received = {
            message.data: (message.stream, message.ppid, message.unordered) for message in wait_messages(end, 2)
        }
        assert received == {b"to all": (2, 46, True), b"again to all": (0, 0, False)}
    for id in list(hub.associations):
        hub.send(b"own", to=id)
    assert [wait_message(end).data for end in ends] == [b"own"] * 5
