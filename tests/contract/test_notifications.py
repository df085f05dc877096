# SPDX-License-Identifier: MIT
"""What a stack tells of its own accord, and what each notification holds."""

import pytest

import sctpx
from sctpx import (
    AssociationChange,
    CommState,
    ErrorCause,
    Event,
    Feature,
    Message,
    PartialDeliveryAborted,
    PathEvent,
    PeerAddressChange,
    PeerShutdown,
    RemoteErrorReport,
    SenderDry,
    SendFailed,
    Socket,
    Timed,
)
from sctpx.options import (
    AssociationInfo,
    InitMessage,
    MaxSegment,
    PartialDeliveryPoint,
    PathParameters,
    ReceiveBuffer,
    SendBuffer,
    Status,
)
from tests.support.common import LIMIT, drain, eventually, wait_for, wait_message
from tests.support.relay import Relay
from tests.support.shapes import Client, EndpointPair, InBackground, OneEndpoint, Pair, Server


def test_the_first_that_both_ends_hear_is_that_the_association_is_up(pair: Pair) -> None:
    for sock in pair(events=[Event], options=[InitMessage(out_streams=6, max_in_streams=6)]):
        first = sock.recv()
        assert isinstance(first, AssociationChange)
        assert first.state is CommState.UP
        assert (first.out_streams, first.in_streams) == (6, 6)
        assert (first.cause, first.abort_chunk, first.reason) == (ErrorCause.NONE, b"", b"")
        assert first.association == sock.get(Status).association


def test_extensions_of_the_peer_are_told_where_the_stack_tells(pair: Pair) -> None:
    up = wait_for(pair(events=[AssociationChange])[0], AssociationChange)
    if sctpx.backend.name == "linux":
        assert up.extensions is None
    else:
        assert up.extensions is not None
        assert sctpx.Extension.PARTIAL_RELIABILITY in up.extensions


def test_the_good_end_is_told_at_both_ends(pair: Pair) -> None:
    a, b = pair(events=[AssociationChange, PeerShutdown])
    a.shutdown()
    at_b, at_a = drain(b), drain(a)
    assert [type(event) for event in at_b[:2]] == [AssociationChange, PeerShutdown]
    assert [type(event) for event in at_a] == [AssociationChange, AssociationChange]
    # Linux shows the end from the peer's SHUTDOWN on; a reader that is quicker than the handshake meets it first.
    for last in (at_a[-1], *at_b[2:]):
        assert isinstance(last, AssociationChange)
        assert last.state is CommState.SHUTDOWN_COMPLETE


def test_an_abort_is_told_with_its_cause_and_reason(pair: Pair) -> None:
    a, b = pair(events=[AssociationChange])
    a.abort(b"out of paper")
    lost = wait_for(b, AssociationChange, lambda event: event.state is not CommState.UP)
    assert lost.state is CommState.LOST
    assert lost.cause is ErrorCause.USER_INITIATED_ABORT
    assert lost.reason == (b"out of paper" if sctpx.supports(Feature.ABORT_REASON) else b"")
    with pytest.raises(ConnectionResetError):
        b.recv()


def test_an_endpoint_hears_of_an_abort_and_lives_on(endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint(events=[AssociationChange])
    first, second = client(hub), client(hub)
    first.abort(b"gone")
    lost = wait_for(hub, AssociationChange, lambda event: event.state is CommState.LOST)
    assert lost.association not in hub.associations
    second.send(b"still here")
    assert wait_message(hub).data == b"still here"


def test_a_refusal_is_told_as_cannot_start(endpoint: OneEndpoint, refusing: list[sctpx.Address]) -> None:
    a = endpoint(events=[AssociationChange, SendFailed])
    id = a.send(b"in vain", to=refusing, context=42, ppid=3)
    seen: list[object] = []

    def both() -> bool:
        seen.append(a.recv())
        return {AssociationChange, SendFailed} <= {type(event) for event in seen}

    eventually(both, "the refusal")
    change = next(event for event in seen if isinstance(event, AssociationChange))
    failed = next(event for event in seen if isinstance(event, SendFailed))
    assert (change.state, change.association) == (CommState.CANT_START, id)
    assert (failed.data, failed.context, failed.ppid, failed.sent) == (b"in vain", 42, 3, False)
    assert id not in a.associations


def test_the_paths_are_confirmed_to_whom_they_were_not_listed(server: Server, client: Client) -> None:
    listener = server(paths=2, events=[PeerAddressChange])
    a = client(listener)
    b, _ = listener.accept()
    with b:
        b.settimeout(listener.gettimeout())
        confirmed = {wait_for(b, PeerAddressChange, lambda event: event.event is PathEvent.CONFIRMED).address.host}
        assert confirmed <= {address.host for address in a.local_addresses()}


def test_an_unreachable_path_is_told_and_then_the_loss(relay: Relay) -> None:
    a, _ = relay.pair(
        events=[AssociationChange, PeerAddressChange, SendFailed],
        options=[AssociationInfo(max_retransmissions=3), PathParameters(max_retransmissions=1)],
    )
    with relay.losing():
        a.send(b"into the void", context=5)
        down = wait_for(a, PeerAddressChange, lambda event: event.event is PathEvent.UNREACHABLE)
        assert down.address == a.peer_addresses()[0]
        seen: list[object] = []
        with pytest.raises(sctpx.AssociationLostError, match="the peer no longer answers"):
            while True:
                seen.append(a.recv())
    failed = [event for event in seen if isinstance(event, SendFailed)]
    assert [(event.data, event.context, event.sent) for event in failed] == [(b"into the void", 5, True)]
    states = [event.state for event in seen if isinstance(event, AssociationChange)]
    assert states == [CommState.LOST]


def test_all_that_is_queued_is_told_of_though_the_receive_buffer_holds_less(relay: Relay) -> None:
    a, _ = relay.pair(
        events=[SendFailed],
        options=[ReceiveBuffer(16_384), SendBuffer(200_000), AssociationInfo(max_retransmissions=3)],
    )
    granted = a.get(ReceiveBuffer)
    sizes = [1, 20, 700, 4000]
    with relay.losing():
        a.setblocking(False)
        count = 0
        with pytest.raises(BlockingIOError):
            while True:
                a.send(bytes(sizes[count % 4]), context=count, stream=count % 3)
                count += 1
        assert a.get(ReceiveBuffer) == granted
        a.settimeout(LIMIT)
        seen: list[object] = []
        with pytest.raises(sctpx.AssociationLostError):
            while True:
                seen.append(a.recv())
    failed = [event for event in seen if isinstance(event, SendFailed)]
    assert {event.context for event in failed} == set(range(count))
    assert sum(len(event.data) for event in failed) == sum(sizes[number % 4] for number in range(count))


def test_a_path_that_answers_again_is_told(relay: Relay) -> None:
    a, _ = relay.pair(events=[PeerAddressChange], options=[PathParameters(max_retransmissions=1)])
    with relay.losing():
        a.send(b"late")
        wait_for(a, PeerAddressChange, lambda event: event.event is PathEvent.UNREACHABLE)
    a.heartbeat()
    wait_for(a, PeerAddressChange, lambda event: event.event is PathEvent.AVAILABLE)


def test_a_peer_that_comes_back_is_told_as_a_restart(relay: Relay, server: Server) -> None:
    listener = server(options=relay.options, events=[AssociationChange])
    first = connected(relay, listener, port=0)
    port = first.local_addresses()[0].port
    b, _ = listener.accept()
    with b:
        b.settimeout(listener.gettimeout())
        wait_for(b, AssociationChange, lambda event: event.state is CommState.UP)
        with relay.losing():
            first.abort()
            relay.wait_lost()
        # Its ABORT was lost, so to the peer the new one is the old one, restarted.
        with connected(relay, listener, port=port) as second:
            wait_for(b, AssociationChange, lambda event: event.state is CommState.RESTARTED)
            second.send(b"again")
            assert wait_message(b).data == b"again"


def connected(relay: Relay, to: Socket, *, port: int) -> Socket:
    target = to.local_addresses()[0]
    return sctpx.create_connection(target, timeout=to.gettimeout(), source=(target.host, port), options=relay.options)


def test_sender_dry_is_told_when_all_is_acknowledged(pair: Pair) -> None:
    a, b = pair()
    if not sctpx.supports(Feature.SENDER_DRY):
        with pytest.raises(sctpx.UnsupportedError):
            a.subscribe(SenderDry)
        return
    a.subscribe(SenderDry)
    a.send(b"x")
    assert wait_for(a, SenderDry).association == a.get(Status).association
    assert wait_message(b).data == b"x"


def test_a_message_given_up_is_told_once_with_its_data(relay: Relay) -> None:
    a, _ = relay.pair(events=[SendFailed], options=[AssociationInfo(max_retransmissions=2)])
    seen: list[object] = []
    with relay.losing():
        a.send(b"given up", policy=Timed(0.05), unordered=True, stream=2)
        # Some stacks tell when they give it up, others at the end of the association.
        with pytest.raises(sctpx.AssociationLostError):
            while True:
                seen.append(a.recv())
    (failed,) = (event for event in seen if isinstance(event, SendFailed))
    assert (failed.data, failed.unordered, failed.stream, failed.sent) == (b"given up", True, 2, True)


def test_what_an_abort_leaves_of_a_message_is_told(pair: Pair, background: InBackground) -> None:
    a, b = pair(
        options=[SendBuffer(1 << 20), ReceiveBuffer(65_536), PartialDeliveryPoint(8192), MaxSegment(1400)],
        events=[PartialDeliveryAborted],
    )
    # More than the receive buffer holds: it cannot be complete while nobody reads.
    background(lambda: a.send(bytes(300_000), stream=3))
    buffer = bytearray(4096)
    info = b.recv_into(buffer)
    assert isinstance(info, sctpx.MessageInfo)
    assert not info.complete
    a.abort()
    seen: list[object] = []
    with pytest.raises(ConnectionError):
        while True:
            seen.append(b.recv_into(buffer))
    aborted = [event for event in seen if isinstance(event, PartialDeliveryAborted)]
    assert [event.association for event in aborted] == [info.association]


def test_nothing_is_told_that_was_not_asked_for(pair: Pair) -> None:
    a, b = pair()
    a.send(b"only this")
    a.shutdown()
    assert [type(event) for event in drain(b)] == [Message]
    assert drain(a) == []


def test_an_endpoint_tells_nothing_that_was_not_asked_for(endpoints: EndpointPair) -> None:
    a, b, to_b, to_a = endpoints()
    a.send(b"1", to=to_b, eof=True)
    assert isinstance(b.recv(), Message)
    eventually(lambda: to_a not in b.associations, "the end")
    b.settimeout(0)
    with pytest.raises(BlockingIOError):
        b.recv()


def test_an_error_that_the_peer_reports_is_told(relay: Relay) -> None:
    a, b = relay.pair(events=[RemoteErrorReport], options=[InitMessage(out_streams=4, max_in_streams=4)])
    with relay.misdirecting(b"misdirected", 9):
        a.send(b"misdirected")
        report = wait_for(a, RemoteErrorReport)
    assert report.cause is ErrorCause.INVALID_STREAM
    assert report.association == a.get(Status).association
    # What the cause says: the stream, and two bytes that are reserved (RFC 9260 §3.3.10.1).
    assert report.data == bytes([0, 9, 0, 0])
    a.send(b"well directed", stream=1)
    assert wait_message(b).data == b"well directed"
