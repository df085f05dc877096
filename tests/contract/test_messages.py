# SPDX-License-Identifier: MIT
"""A message goes whole and arrives whole, whatever its size and whatever buffers it was made of."""

import array
import os
import random

import pytest

import sctpx
from sctpx import MessageTooLargeError
from sctpx.options import DisableFragments, ReceiveBuffer, SendBuffer, Status
from tests.support.common import wait_message, wait_messages
from tests.support.shapes import EndpointPair, InBackground, Pair

MIB = 1 << 20
BUFFERS = [SendBuffer(4 * MIB), ReceiveBuffer(4 * MIB)]


def privileged() -> bool:
    return sctpx.backend.name == "userland" or os.geteuid() == 0


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def test_an_empty_message_is_refused_and_nothing_goes(pair: Pair) -> None:
    a, b = pair()
    for nothing in (b"", bytearray(), [], [b"", b""]):
        with pytest.raises(ValueError):
            a.send(nothing)
    a.send(b"after")
    assert wait_message(b).data == b"after"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 1199, 1452, 1453, 4096, 65_535, 65_536, 65_537, 100_000])
def test_a_message_of_any_size_arrives_whole(pair: Pair, size: int) -> None:
    a, b = pair()
    data = noise(size)
    a.send(data)
    message = wait_message(b)
    assert message.data == data
    assert message.size == size
    assert message.complete
    b.send(message.data)
    assert wait_message(a).data == data


def test_a_mebibyte_arrives_whole_or_the_error_names_the_send_buffer(pair: Pair, background: InBackground) -> None:
    a, b = pair(options=BUFFERS)
    data = noise(MIB)
    sending = background(lambda: a.send(data))
    if privileged():
        assert wait_message(b).data == data
        sending.result()
    else:
        with pytest.raises(MessageTooLargeError, match="SendBuffer"):
            sending.result()


def test_a_mebibyte_in_many_pieces_arrives_as_one(pair: Pair, background: InBackground) -> None:
    if not privileged():
        return
    a, b = pair(options=BUFFERS)
    data = noise(MIB)
    pieces = [data[at : at + 4099] for at in range(0, MIB, 4099)]
    sending = background(lambda: a.send(pieces))
    assert wait_message(b).data == data
    sending.result()


def test_a_message_larger_than_the_send_buffer_names_it(pair: Pair) -> None:
    a, b = pair(options=[SendBuffer(65_536)])
    with pytest.raises(MessageTooLargeError, match="SendBuffer") as caught:
        a.send(bytes(MIB))
    error = caught.value
    assert error.size == MIB
    assert 0 < error.limit < MIB
    assert error.operation == "send"
    if not privileged():
        assert "net.core.wmem_max" in str(error)
    a.send(b"after")
    assert wait_message(b).data == b"after"


def test_a_message_over_a_packet_is_refused_without_fragments(pair: Pair) -> None:
    a, b = pair(options=[DisableFragments(True), SendBuffer(200_000)])
    (path,) = a.paths()
    with pytest.raises(MessageTooLargeError, match="DisableFragments"):
        a.send(bytes(2 * path.mtu))
    a.send(bytes(900))
    assert wait_message(b).size == 900


def test_boundaries_are_kept_in_both_directions(pair: Pair) -> None:
    a, b = pair()
    sizes = [1, 5000, 2, 1, 1, 20_000, 3] * 8
    for number, size in enumerate(sizes):
        a.send(bytes([number]) * size)
        b.send(bytes([255 - number]) * size)
    assert [message.data for message in wait_messages(b, len(sizes))] == [
        bytes([number]) * size for number, size in enumerate(sizes)
    ]
    assert [message.data for message in wait_messages(a, len(sizes))] == [
        bytes([255 - number]) * size for number, size in enumerate(sizes)
    ]


@pytest.mark.parametrize(
    "payload",
    [
        b"abcdef",
        bytearray(b"abcdef"),
        memoryview(b"abcdef"),
        memoryview(b"_abcdef_")[1:-1],
        memoryview(bytearray(b"abcdef")).cast("H"),
        array.array("B", b"abcdef"),
        [b"abcdef"],
        [b"ab", b"cd", b"ef"],
        (b"a", bytearray(b"bc"), memoryview(b"def")),
        [b"", b"abc", b"", b"def", b""],
        [memoryview(bytearray(b"abcdef")).cast("H")],
    ],
    ids=lambda payload: type(payload).__name__,
)
def test_any_buffer_or_sequence_of_buffers_is_a_message(pair: Pair, payload: sctpx.Payload) -> None:
    a, b = pair()
    a.send(payload)
    a.send(b"next")
    assert [message.data for message in wait_messages(b, 2)] == [b"abcdef", b"next"]


def test_a_buffer_may_change_once_send_has_returned(pair: Pair) -> None:
    a, b = pair()
    data = bytearray(b"first")
    a.send(data)
    data[:] = b"other"
    assert wait_message(b).data == b"first"


def test_a_writable_buffer_can_be_resized_after_send(pair: Pair) -> None:
    a, b = pair()
    data = bytearray(b"first")
    a.send(data)
    a.send([data, data])
    data.extend(b"grown")
    assert [message.data for message in wait_messages(b, 2)] == [b"first", b"firstfirst"]


def test_a_message_knows_where_it_came_from(pair: Pair) -> None:
    a, b = pair()
    a.send(b"one", stream=3, ppid=7)
    a.send(b"two", stream=3, ppid=8)
    first, second = wait_messages(b, 2)
    assert first.source == a.local_addresses()[0]
    assert (first.stream, first.ppid, first.unordered) == (3, 7, False)
    assert second.ssn == first.ssn + 1
    assert second.tsn == (first.tsn + 1) % 2**32
    assert first.association == second.association == b.get(Status).association
    assert first.next is None


def test_messages_between_endpoints_keep_their_size_too(endpoints: EndpointPair) -> None:
    a, b, to_b, to_a = endpoints()
    data = noise(65_536)
    a.send(data, to=to_b)
    message = wait_message(b)
    assert (message.data, message.association) == (data, to_a)
    b.send(message.data, to=message.association)
    assert wait_message(a).data == data
