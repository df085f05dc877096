# SPDX-License-Identifier: MIT
"""What `send` can say about a message: PPID, order, context, policy, path, SACK, end, and part of a message."""

import threading

import pytest

import sctpx
from sctpx import (
    AssociationClosedError,
    Buf,
    Feature,
    Ppid,
    Prio,
    PrPolicy,
    Reliable,
    Rtx,
    SendFailed,
    Timed,
    UnsupportedError,
)
from sctpx.options import AssociationInfo, DefaultSend, Linger, ReceiveBuffer, SendBuffer
from tests.support.common import ELSEWHERE, SCALE, drain, eventually, wait_for, wait_message, wait_messages
from tests.support.relay import Relay
from tests.support.shapes import EndpointPair, Pair


@pytest.mark.parametrize("ppid", [0, 1, Ppid.NGAP, 0x01020304, 0xFFFFFFFF])
def test_the_ppid_arrives_as_it_was_given(pair: Pair, ppid: int) -> None:
    a, b = pair()
    a.send(b"x", ppid=ppid)
    assert wait_message(b).ppid == ppid


def test_order_is_told_to_the_receiver(pair: Pair) -> None:
    a, b = pair()
    a.send(b"1", unordered=True, stream=2)
    a.send(b"2", unordered=False, stream=2)
    a.send(b"3", stream=2)
    received = {message.data: message.unordered for message in wait_messages(b, 3)}
    assert received == {b"1": True, b"2": False, b"3": False}


def test_what_send_is_not_told_is_nought(pair: Pair) -> None:
    a, b = pair()
    a.send(b"x")
    message = wait_message(b)
    assert (message.stream, message.ppid, message.unordered, message.context) == (0, 0, False, 0)


def test_what_send_is_not_told_comes_from_default_send(pair: Pair) -> None:
    a, b = pair()
    a.set(DefaultSend(stream=3, ppid=46, unordered=True))
    a.send(b"all")
    a.send(b"one", stream=4)
    a.send(b"order", unordered=False)
    a.send(b"nought", ppid=0)
    received = {message.data: (message.stream, message.ppid, message.unordered) for message in wait_messages(b, 4)}
    assert received == {
        b"all": (3, 46, True),
        b"one": (4, 46, True),
        b"order": (3, 46, False),
        b"nought": (3, 0, True),
    }


def test_the_context_comes_back_when_sending_failed(relay: Relay) -> None:
    a, _ = relay.pair(events=[SendFailed], options=[AssociationInfo(max_retransmissions=2)])
    with relay.losing():
        a.send(b"lost", context=0x01020304, stream=5, ppid=77)
        failed = wait_for(a, SendFailed)
    assert (failed.context, failed.stream, failed.ppid) == (0x01020304, 5, 77)
    assert failed.data == b"lost"
    assert failed.complete
    assert not failed.unordered


@pytest.mark.parametrize("policy", [Timed(0.05), Rtx(0), Rtx(1)], ids=repr)
def test_a_message_worth_little_is_given_up_and_the_next_arrives(relay: Relay, policy: PrPolicy) -> None:
    a, b = relay.pair()
    with relay.losing(b"given up"):
        a.send(b"given up", policy=policy)
        relay.wait_lost()
        a.send(b"kept")
        # Of the same stream, so it waits until the receiver is told that the first will never come.
        assert wait_message(b).data == b"kept"


def test_a_message_whose_time_is_up_before_it_leaves_is_never_sent(pair: Pair) -> None:
    a, b = pair(options=[SendBuffer(200_000), ReceiveBuffer(16_384)], events=[SendFailed])
    # More than the receiver takes before it reads.
    for _ in range(60):
        a.send(bytes(1000), stream=1)
    lifetime = 0.1 * SCALE
    a.send(b"late", stream=1, context=8, policy=Timed(lifetime))
    a.send(b"after", stream=1)
    threading.Event().wait(2 * lifetime)
    assert [message.data for message in wait_messages(b, 61)] == [bytes(1000)] * 60 + [b"after"]
    failed = wait_for(a, SendFailed)
    assert (failed.data, failed.context, failed.sent) == (b"late", 8, False)


def test_a_reliable_message_outlives_a_loss(relay: Relay) -> None:
    a, b = relay.pair(events=[SendFailed])
    with relay.losing(b"kept"):
        a.send(b"kept", policy=Reliable())
        relay.wait_lost()
    assert wait_message(b).data == b"kept"


@pytest.mark.parametrize(
    ("policy", "feature"),
    [
        (Reliable(), None),
        (Timed(30.0), Feature.PR_TIMED),
        (Rtx(5), Feature.PR_RTX),
        (Prio(5), Feature.PR_PRIO),
        (Buf(5), Feature.PR_BUF),
    ],
    ids=repr,
)
def test_a_policy_is_taken_where_the_stack_has_it(pair: Pair, policy: PrPolicy, feature: Feature | None) -> None:
    a, b = pair()
    if feature is None or sctpx.supports(feature):
        a.send(b"x", policy=policy, ppid=9)
        message = wait_message(b)
        assert (message.data, message.ppid) == (b"x", 9)
    else:
        with pytest.raises(UnsupportedError) as caught:
            a.send(b"x", policy=policy)
        assert caught.value.feature is feature
        assert caught.value.backend == sctpx.backend.name
        a.send(b"after")
        assert wait_message(b).data == b"after"


def test_a_message_goes_to_the_path_that_was_asked_for(pair: Pair) -> None:
    a, b = pair(paths=2)
    for path in a.peer_addresses():
        a.send(path.host.encode(), path=path)
        a.send(path.host.encode(), path=path.host)
    assert sorted(message.data.decode() for message in wait_messages(b, 4)) == sorted(
        path.host for path in a.peer_addresses() for _ in range(2)
    )


def test_a_path_that_the_association_has_not_is_an_error(pair: Pair) -> None:
    a, b = pair()
    with pytest.raises(ValueError):
        a.send(b"x", path=ELSEWHERE)
    host, port = a.peer_addresses()[0]
    with pytest.raises(ValueError):
        a.send(b"x", path=(host, port % 65_535 + 1))
    a.send(b"after")
    assert wait_message(b).data == b"after"


def test_an_immediate_sack_can_be_asked_for(relay: Relay) -> None:
    a, b = relay.pair()
    a.send(b"an immediate one", sack_immediately=True)
    a.send(b"an ordinary one")
    assert len(wait_messages(b, 2)) == 2
    # RFC 7053: the I bit of a DATA chunk's flags, next to U, B and E; type 0 and the flags follow the common header.
    immediate, ordinary = (relay.wait_packet(data) for data in (b"an immediate one", b"an ordinary one"))
    flags = {
        bool(packet[packet.index(data) - 15] & 8)
        for packet, data in ((immediate, b"an immediate one"), (ordinary, b"an ordinary one"))
    }
    assert flags == {True, False}


def test_eof_ends_the_association_after_the_message(pair: Pair) -> None:
    a, b = pair()
    a.send(b"one")
    a.send(b"last", eof=True)
    assert [message.data for message in wait_messages(b, 2)] == [b"one", b"last"]
    assert b.recv() is None
    with pytest.raises(AssociationClosedError):
        a.send(b"too late")
    assert a.recv() is None


def test_eof_ends_one_association_of_an_endpoint(endpoints: EndpointPair) -> None:
    a, b, to_b, to_a = endpoints()
    assert a.send(b"last", to=to_b, eof=True) == to_b
    assert wait_message(b).data == b"last"
    eventually(lambda: to_a not in b.associations, "the end of the association")
    with pytest.raises(AssociationClosedError):
        a.send(b"too late", to=to_b)


def test_a_message_can_be_sent_in_parts(pair: Pair) -> None:
    a, b = pair()
    if not sctpx.supports(Feature.EXPLICIT_EOR):
        with pytest.raises(UnsupportedError) as caught:
            a.send(b"part", more=True)
        assert caught.value.feature is Feature.EXPLICIT_EOR
        a.send(b"whole")
        assert wait_message(b).data == b"whole"
        return
    a.send(b"one, ", more=True, stream=1, ppid=5)
    a.send(b"two, ", more=True, stream=1, ppid=5)
    a.send(b"three", stream=1, ppid=5)
    a.send(b"another")
    first, second = wait_messages(b, 2)
    assert (first.data, first.stream, first.ppid) == (b"one, two, three", 1, 5)
    assert second.data == b"another"


def test_messages_sent_before_an_abort_may_be_lost_but_never_come_after(pair: Pair) -> None:
    a, b = pair(options=[Linger(0)])
    a.send(b"first")
    assert wait_message(b).data == b"first"
    a.close()
    with pytest.raises(ConnectionResetError):
        drain(b)


def test_receiving_goes_on_after_the_own_end(pair: Pair) -> None:
    a, b = pair()
    a.send(b"bye", eof=True)
    assert wait_message(b).data == b"bye"
    assert drain(b) == []
    assert drain(a) == []
