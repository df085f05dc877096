# SPDX-License-Identifier: MIT
"""Pieces into messages, hidden notifications, ends and errors in their place: over a scripted stack."""

import struct

import pytest

import sctpx
from sctpx import AssociationChange, CommState, Message, PeerAddressChange
from sctpx._native import _contract as c
from sctpx._native import _reading
from tests.unit.fake import PEER, FakeLib, Received, channel, notification, piece

ABORT_CHUNK = struct.pack("!BBHHH", 6, 0, 14, 12, 10) + b"enough" + b"\0\0"


def up() -> Received:
    return notification(c.EVENT_ASSOCIATION, state=c.COMM_UP)


def test_a_whole_message_with_its_source() -> None:
    lib = FakeLib()
    lib.incoming.append([piece(b"hello", stream=5)])
    message = _reading.recv(channel(lib), 0)
    assert isinstance(message, Message)
    assert (message.data, message.stream, message.complete, message.source) == (b"hello", 5, True, PEER)


def test_pieces_are_joined_across_calls_and_time_outs() -> None:
    lib = FakeLib()
    one = channel(lib)
    lib.incoming.extend([[piece(b"ab", end=False)], -c.EAGAIN])
    with pytest.raises(BlockingIOError):
        _reading.recv(one, 0)
    lib.incoming.extend([[piece(b"cd", end=False)], [piece(b"ef")]])
    message = _reading.recv(one, 0)
    assert isinstance(message, Message)
    assert (message.data, message.size, message.complete) == (b"abcdef", 6, True)


def test_pieces_of_two_streams_do_not_mix() -> None:
    lib = FakeLib()
    lib.incoming.append(
        [piece(b"a", end=False), piece(b"1", end=False, stream=1), piece(b"b"), piece(b"2", stream=1)]
    )
    messages = _reading.recv_many(channel(lib), 64, 0)
    assert [m.data for m in messages if isinstance(m, Message)] == [b"ab", b"12"]


def test_a_path_that_is_told_without_its_port_has_the_one_of_its_source() -> None:
    lib = FakeLib()
    address = {"bytes": bytes([192, 0, 2, 9]), "family": c.FAMILY_IPV4}
    lib.incoming.append(
        [notification(c.EVENT_PATH, state=c.PATH_EVENT_AVAILABLE, address={**address, "port": port}) for port in (0, 7)]
    )
    one = channel(lib)
    one.receiver.subscriptions.default = frozenset({PeerAddressChange})
    told = _reading.recv_many(one, 64, 0)
    assert [change.address for change in told if isinstance(change, PeerAddressChange)] == [
        ("192.0.2.9", PEER.port), ("192.0.2.9", 7),
    ]  # fmt: skip


def test_a_message_over_the_bound_is_reported_once_and_the_next_is_intact() -> None:
    lib = FakeLib()
    one = channel(lib)
    one.receiver.max_message_size = 4
    lib.incoming.append([piece(b"xyz", end=False), piece(b"xyz", end=False), piece(b"x"), piece(b"next")])
    [message] = _reading.recv_many(one, 64, 0)
    assert isinstance(message, Message)
    assert message.data == b"next"
    with pytest.raises(sctpx.MessageTooLargeError) as caught:
        _reading.recv_many(one, 64, 0)
    assert (caught.value.size, caught.value.limit) == (7, 4)


def test_a_single_piece_over_the_bound_is_refused_too() -> None:
    lib = FakeLib()
    one = channel(lib)
    one.receiver.max_message_size = 4
    lib.incoming.append([piece(b"12345")])
    with pytest.raises(sctpx.MessageTooLargeError):
        _reading.recv(one, 0)


def test_no_message_waits_behind_an_error_where_no_readiness_would_tell_of_it() -> None:
    lib = FakeLib()
    one = channel(lib)
    one.receiver.max_message_size = 4
    lib.incoming.append([piece(b"1"), piece(b"12345"), piece(b"2")])
    assert len(_reading.recv_many(one, 64, 0)) == 2
    with pytest.raises(sctpx.MessageTooLargeError):
        _reading.recv_many(one, 64, 0)


def test_notifications_nobody_asked_for_stay_hidden() -> None:
    lib = FakeLib()
    lib.incoming.extend([[up()], [piece(b"data")]])
    assert isinstance(_reading.recv(channel(lib, None), 0), Message)


def test_a_subscribed_notification_in_pieces() -> None:
    lib = FakeLib()
    one = channel(lib)
    one.receiver.subscriptions.change(0, frozenset({AssociationChange}), True)
    fields, raw = notification(c.EVENT_ASSOCIATION, ABORT_CHUNK, state=c.COMM_LOST, cause=12)
    part = {"flags": c.RECEIVE_NOTIFICATION}
    lib.incoming.extend([[(part, raw[:10])], [(part, raw[10:50])], [(fields, raw[50:])]])
    one.timeout = -1
    change = _reading.recv(one, 0)
    assert isinstance(change, AssociationChange)
    assert (change.state, change.reason) == (CommState.LOST, b"enough")


def test_an_abort_raises_with_the_peers_words_and_then_it_has_ended() -> None:
    lib = FakeLib()
    one = channel(lib)
    lost = notification(c.EVENT_ASSOCIATION, ABORT_CHUNK, state=c.COMM_LOST, cause=12)
    lib.incoming.extend([[piece(b"last")], [lost], -c.ECONNRESET])
    assert isinstance(_reading.recv(one, 0), Message)
    with pytest.raises(sctpx.AbortedError) as caught:
        _reading.recv(one, 0)
    assert (caught.value.reason, caught.value.cause) == (b"enough", sctpx.ErrorCause.USER_INITIATED_ABORT)
    assert _reading.recv(one, 0) is None


def test_an_abort_known_from_the_notification_alone() -> None:
    lib = FakeLib()
    lib.incoming.append([notification(c.EVENT_ASSOCIATION, ABORT_CHUNK, state=c.COMM_LOST, cause=12)])
    with pytest.raises(sctpx.AbortedError):
        _reading.recv(channel(lib, 5.0), 0)


def test_a_peer_that_no_longer_answers() -> None:
    lib = FakeLib()
    lib.incoming.extend([[notification(c.EVENT_ASSOCIATION, state=c.COMM_LOST)], -c.ETIMEDOUT])
    with pytest.raises(sctpx.AssociationLostError):
        _reading.recv(channel(lib), 0)


def test_the_end_by_notification_or_by_zero() -> None:
    for end in ([notification(c.EVENT_ASSOCIATION, state=c.COMM_SHUTDOWN_COMPLETE)], 0):
        lib = FakeLib()
        one = channel(lib)
        lib.incoming.append(end)
        assert _reading.recv(one, 0) is None
        assert _reading.recv_many(one, 4, 0) == []


def test_what_an_association_left_unfinished_dies_with_it() -> None:
    lib = FakeLib(c.ONE_TO_MANY)
    one = channel(lib)
    restart = notification(c.EVENT_ASSOCIATION, state=c.COMM_RESTARTED)
    lib.incoming.append([piece(b"old", end=False), restart, piece(b"new")])
    [message] = _reading.recv_many(one, 4, 0)
    assert isinstance(message, Message)
    assert message.data == b"new"


def test_partial_delivery_aborted_drops_that_streams_message_only() -> None:
    lib = FakeLib()
    aborted = notification(c.EVENT_PARTIAL_DELIVERY, stream=1)
    lib.incoming.append(
        [piece(b"a", end=False), piece(b"x", end=False, stream=1), aborted, piece(b"b"), piece(b"y", stream=1)]
    )
    messages = _reading.recv_many(channel(lib), 4, 0)
    assert [m.data for m in messages if isinstance(m, Message)] == [b"ab", b"y"]


def test_recv_into_takes_pieces_and_kept_bytes_first() -> None:
    lib = FakeLib()
    one = channel(lib)
    lib.incoming.append([piece(b"abc", end=False)])
    with pytest.raises(BlockingIOError):
        _reading.recv(one, 0)
    buffer = bytearray(2)
    sizes = []
    for _ in range(2):
        info = _reading.recv_into(one, buffer, 0)
        assert isinstance(info, sctpx.MessageInfo)
        sizes.append((info.size, info.complete, bytes(buffer[: info.size])))
    assert sizes == [(2, False, b"ab"), (1, False, b"c")]


@pytest.mark.parametrize("bad", [b"read-only", bytearray()])
def test_recv_into_refuses_what_it_cannot_fill(bad: bytes | bytearray) -> None:
    with pytest.raises((TypeError, ValueError)):
        _reading.recv_into(channel(FakeLib()), bad, 0)


def test_next_message() -> None:
    lib = FakeLib()
    fields, data = piece(b"now")
    fields |= {"flags": c.RECEIVE_END | c.RECEIVE_NEXT | c.RECEIVE_NEXT_COMPLETE, "next_length": 9, "next_stream": 2}
    lib.incoming.append([(fields, data)])
    message = _reading.recv(channel(lib), 0)
    assert isinstance(message, Message)
    assert message.next is not None
    assert (message.next.size, message.next.stream, message.next.complete) == (9, 2, True)


def test_what_recv_into_took_leaves_nothing_behind() -> None:
    lib = FakeLib()
    one = channel(lib)
    lib.incoming.append([piece(b"ab", end=False)])
    with pytest.raises(BlockingIOError):
        _reading.recv(one, 0)
    buffer = bytearray(8)
    lib.incoming.append([piece(b"cd")])
    pieces = [_reading.recv_into(one, buffer, 0) for _ in range(2)]
    assert [(info.size, info.complete) for info in pieces if isinstance(info, sctpx.MessageInfo)] == [
        (2, False),
        (2, True),
    ]
    assert not one.receiver.reassembly.partials


def test_pieces_of_an_association_that_ended_unheard_are_dropped() -> None:
    lib = FakeLib(style=c.ONE_TO_MANY)
    lib.results["sctpx_connect_result"] = -c.ENOTCONN
    one = channel(lib)
    lib.incoming.append([piece(b"never ended", end=False)])
    with pytest.raises(BlockingIOError):
        _reading.recv(one, 0)
    assert not one.receiver.reassembly.partials
    assert not one.receiver.reassembly.held


def test_what_is_queued_of_an_association_that_ended_unheard_is_still_joined() -> None:
    lib = FakeLib(style=c.ONE_TO_MANY)
    lib.results["sctpx_connect_result"] = -c.ENOTCONN
    lib.incoming.extend([[piece(b"the whole ", end=False)], [piece(b"message")]])
    message = _reading.recv(channel(lib), 0)
    assert isinstance(message, Message)
    assert message.data == b"the whole message"


def test_nothing_is_kept_of_unfinished_messages_over_the_bound() -> None:
    lib = FakeLib()
    one = channel(lib)
    one.receiver.max_message_size = 4
    lib.incoming.extend([piece(b"12345", end=False, stream=stream)] for stream in range(60))
    with pytest.raises(BlockingIOError):
        _reading.recv(one, 0)
    kept = one.receiver.reassembly
    assert (len(kept.partials), kept.held) == (60, 0)
    assert not any(partial.first.data or partial.pieces for partial in kept.partials.values())
    lib.incoming.append([piece(b"1234", stream=60)])
    message = _reading.recv(one, 0)
    assert isinstance(message, Message)
    assert message.data == b"1234"
