# SPDX-License-Identifier: MIT
"""Streams: how many there are, order within one, and no order across them."""

import pytest

from sctpx import AssociationChange, InvalidStreamError
from sctpx.options import InitMessage, Status
from tests.support.common import wait_for, wait_message, wait_messages
from tests.support.relay import Relay
from tests.support.shapes import Client, EndpointPair, Pair, Server


def test_messages_of_a_stream_arrive_in_order(pair: Pair) -> None:
    a, b = pair()
    for number in range(200):
        a.send(number.to_bytes(2, "big"), stream=number % 4)
    received = wait_messages(b, 200)
    for stream in range(4):
        numbers = [int.from_bytes(message.data, "big") for message in received if message.stream == stream]
        assert numbers == list(range(stream, 200, 4))


def test_each_stream_counts_its_own_messages(pair: Pair) -> None:
    a, b = pair()
    for stream in (1, 2, 1, 2, 2):
        a.send(b"x", stream=stream)
    received = wait_messages(b, 5)
    assert [message.ssn for message in received if message.stream == 1] == [0, 1]
    assert [message.ssn for message in received if message.stream == 2] == [0, 1, 2]


def test_a_loss_on_one_stream_does_not_hold_up_another(relay: Relay) -> None:
    a, b = relay.pair()
    with relay.losing(b"lost at first"):
        a.send(b"lost at first", stream=1)
        relay.wait_lost()
        a.send(b"behind it", stream=1)
        a.send(b"free", stream=2)
        assert wait_message(b).data == b"free"
    assert [message.data for message in wait_messages(b, 2)] == [b"lost at first", b"behind it"]


def test_an_unordered_message_does_not_wait_for_the_stream(relay: Relay) -> None:
    a, b = relay.pair()
    with relay.losing(b"lost at first"):
        a.send(b"lost at first", stream=1)
        relay.wait_lost()
        a.send(b"free", stream=1, unordered=True)
        message = wait_message(b)
        assert (message.data, message.unordered) == (b"free", True)
    assert wait_message(b).data == b"lost at first"


def test_the_streams_are_what_both_ends_allow(server: Server, client: Client) -> None:
    listener = server(options=[InitMessage(out_streams=20, max_in_streams=5)])
    a = client(listener, options=[InitMessage(out_streams=12, max_in_streams=7)], events=[AssociationChange])
    up = wait_for(a, AssociationChange)
    status = a.get(Status)
    assert (status.out_streams, status.in_streams) == (5, 7)
    assert (up.out_streams, up.in_streams) == (5, 7)
    b, _ = listener.accept()
    with b:
        status = b.get(Status)
        assert (status.out_streams, status.in_streams) == (7, 5)


def test_many_streams_can_be_asked_for(pair: Pair) -> None:
    a, b = pair(options=[InitMessage(out_streams=1000, max_in_streams=1000)])
    assert (a.get(Status).out_streams, a.get(Status).in_streams) == (1000, 1000)
    a.send(b"high", stream=999)
    assert wait_message(b).stream == 999


@pytest.mark.parametrize("stream", [4, 5, 65_535])
def test_a_stream_that_was_not_granted_is_an_error(pair: Pair, stream: int) -> None:
    a, b = pair(options=[InitMessage(out_streams=4, max_in_streams=4)])
    with pytest.raises(InvalidStreamError) as caught:
        a.send(b"nowhere", stream=stream)
    assert isinstance(caught.value, ValueError)
    a.send(b"somewhere", stream=3)
    assert wait_message(b).data == b"somewhere"


def test_a_stream_that_was_not_granted_is_an_error_on_endpoints(endpoints: EndpointPair) -> None:
    a, b, to_b, _ = endpoints(options=[InitMessage(out_streams=4, max_in_streams=4)])
    with pytest.raises(InvalidStreamError):
        a.send(b"nowhere", to=to_b, stream=4)
    with pytest.raises(InvalidStreamError):
        a.associations[to_b].send(b"nowhere", stream=4)
    a.associations[to_b].send(b"somewhere", stream=3)
    assert wait_message(b).stream == 3
