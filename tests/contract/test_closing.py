# SPDX-License-Identifier: MIT
"""Closing: what it wakes, what it delivers, what the peer sees, and what is left of the socket."""

import contextlib
import os
import socket
import warnings
from collections.abc import Callable

import pytest

import sctpx
from sctpx import AbortedError, AssociationClosedError, ClosedError, Endpoint, Message, NotConnectedError, Socket
from sctpx.options import AssociationState, Linger, ReceiveBuffer, SendBuffer, Status
from tests.support.common import Background, Loopback, drain, eventually, wait_message, wait_messages
from tests.support.shapes import Client, EndpointPair, InBackground, OneEndpoint, Opener, Pair, Server, Silent


def test_close_wakes_a_waiting_recv(pair: Pair, background: InBackground) -> None:
    a, _ = pair()
    waiting = background(a.recv)
    waiting.until_blocked()
    a.close()
    with pytest.raises(ClosedError) as caught:
        waiting.result()
    assert caught.value.operation == "recv"


def test_close_wakes_a_recv_without_time_out(pair: Pair, background: InBackground) -> None:
    a, _ = pair()
    a.settimeout(None)
    waiting = background(a.recv)
    waiting.until_blocked()
    a.close()
    with pytest.raises(ClosedError):
        waiting.result()


def test_close_wakes_a_waiting_accept(server: Server, background: InBackground) -> None:
    listener = server()
    listener.settimeout(None)
    waiting = background(listener.accept)
    waiting.until_blocked()
    listener.close()
    with pytest.raises(ClosedError):
        waiting.result()


def test_close_wakes_a_waiting_connect(silent: Silent, background: InBackground, keep: Opener) -> None:
    sock = keep(Socket())
    for option in silent.options:
        sock.set(option)
    sock.settimeout(None)
    waiting = background(lambda: sock.connect(silent.address))
    waiting.until_blocked()
    sock.close()
    with pytest.raises(ClosedError):
        waiting.result()


def test_close_wakes_a_waiting_connect_of_an_endpoint(silent: Silent, background: InBackground, keep: Opener) -> None:
    sock = keep(Endpoint())
    for option in silent.options:
        sock.set(option)
    sock.settimeout(None)
    waiting = background(lambda: sock.connect(silent.address))
    waiting.until_blocked()
    sock.close()
    with pytest.raises(ClosedError):
        waiting.result()


def test_close_wakes_a_waiting_send(pair: Pair, background: InBackground) -> None:
    a, _ = pair(options=[SendBuffer(65_536), ReceiveBuffer(65_536)])
    a.settimeout(None)

    def fill() -> None:
        while True:
            a.send(bytes(10_000))

    waiting = background(fill)
    waiting.until_blocked()
    a.close()
    with pytest.raises(ClosedError):
        waiting.result()


def test_close_wakes_a_waiting_endpoint(endpoint: OneEndpoint, background: InBackground) -> None:
    hub = endpoint()
    hub.settimeout(None)
    waiting: list[Background[object]] = [
        background(hub.recv),
        background(lambda: hub.recv_many(4)),
        background(lambda: hub.recv_into(bytearray(9))),
    ]
    for one in waiting:
        one.until_blocked()
    hub.close()
    for one in waiting:
        with pytest.raises(ClosedError):
            one.result()


def test_abort_wakes_a_waiting_recv(pair: Pair, background: InBackground) -> None:
    a, b = pair()
    waiting = background(a.recv)
    waiting.until_blocked()
    a.abort()
    with pytest.raises(ClosedError):
        waiting.result()
    with pytest.raises(AbortedError):
        b.recv()
    assert a.closed
    a.abort()


def test_who_comes_between_an_abort_and_its_close_is_told_of_no_lost_peer(pair: Pair) -> None:
    a, b = pair()
    a._channel.abort(0, b"")  # abort() closes next
    for _ in range(2):
        with pytest.raises(ClosedError):
            a.recv()
    a.close()
    with pytest.raises(AbortedError):
        b.recv()


def test_what_was_sent_before_close_is_delivered(pair: Pair) -> None:
    a, b = pair()
    batch = [bytes([number]) * 5000 for number in range(15)]
    a.send_many(batch)
    a.close()
    assert [event.data for event in drain(b) if isinstance(event, Message)] == batch
    assert b.recv() is None


def test_what_an_endpoint_sent_before_close_is_delivered(endpoints: EndpointPair) -> None:
    a, b, to_b, to_a = endpoints()
    for number in range(15):
        a.send(bytes([number]) * 5000, to=to_b)
    a.close()
    assert [message.data[0] for message in wait_messages(b, 15)] == list(range(15))
    eventually(lambda: to_a not in b.associations, "the end")


def test_close_without_linger_aborts(pair: Pair) -> None:
    a, b = pair(options=[Linger(0)])
    a.close()
    with pytest.raises(AbortedError):
        b.recv()


def test_close_with_linger_waits_until_all_is_delivered(pair: Pair, background: InBackground, limit: float) -> None:
    a, b = pair(options=[Linger(limit)])
    a.send_many([bytes(1000)] * 10)
    closing = background(a.close)
    assert len(drain(b)) == 10
    closing.result()


def test_close_with_unread_data_aborts(pair: Pair) -> None:
    a, b = pair()
    b.send(b"never read")
    eventually(lambda: b.get(Status).unacknowledged == 0, "the arrival")
    a.close()
    with pytest.raises(AbortedError):
        b.recv()


def test_aborting_what_the_peer_has_aborted_is_nothing(pair: Pair) -> None:
    a, b = pair()
    b.abort(b"first")
    eventually(lambda: not a._channel.connected(), "the end")
    a.abort(b"second")
    assert a.closed


def test_closing_again_is_nothing(pair: Pair, endpoint: OneEndpoint) -> None:
    for sock in (*pair(), endpoint()):
        sock.close()
        sock.close()
        assert sock.closed


def test_a_with_block_closes(addresses: Loopback) -> None:
    with sctpx.create_server(addresses()) as listener, Endpoint() as other:
        assert not listener.closed
    assert listener.closed
    assert other.closed


def test_a_closed_socket_has_no_descriptor_and_answers_nothing(pair: Pair) -> None:
    a, b = pair()
    assert a.fileno() >= 0
    a.close()
    assert a.fileno() == -1
    calls: list[Callable[[], object]] = [
        lambda: a.send(b"x"),
        lambda: a.send_many([b"x"]),
        a.recv,
        a.recv_many,
        a.recv_message,
        lambda: a.recv_into(bytearray(1)),
        lambda: next(iter(a)),
        a.accept,
        a.listen,
        a.shutdown,
        a.paths,
        a.peer_addresses,
        a.local_addresses,
        a.finish_connect,
        a.heartbeat,
        a.detach,
        lambda: a.get(Status),
        lambda: a.set(Linger(None)),
        lambda: a.connect(b.local_addresses()),
        lambda: a.bind(b.local_addresses()),
        lambda: a.bindx_add("127.0.0.1"),
        lambda: a.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF),
        lambda: a.subscribe(sctpx.AssociationChange),
        lambda: a.unsubscribe(sctpx.AssociationChange),
    ]
    for call in calls:
        with pytest.raises(ClosedError):
            call()
    assert a.closed


def test_a_closed_endpoint_answers_nothing(endpoints: EndpointPair) -> None:
    a, _, to_b, _ = endpoints()
    one = a.associations[to_b]
    a.close()
    assert a.fileno() == -1
    calls: list[Callable[[], object]] = [
        lambda: a.send(b"x", to=to_b),
        lambda: one.send(b"x"),
        a.recv,
        one.peeloff,
        one.shutdown,
        lambda: one.get(Status),
        lambda: a.send_all(b"x"),
        lambda: len(a.associations),
        lambda: a.associations[to_b],
        lambda: a.connect(("127.0.0.1", 9)),
    ]
    for call in calls:
        with pytest.raises(ClosedError):
            call()


def test_no_descriptor_is_reused_under_a_waiting_call(pair: Pair, background: InBackground) -> None:
    for _ in range(10):
        a, _ = pair()
        a.settimeout(None)
        waiting = background(a.recv)
        waiting.until_blocked()
        a.close()
        # Were the number free at once, this pair would sit on it, and the waiting call would read from it.
        c, d = pair()
        c.send(b"not for the closed one")
        with pytest.raises(ClosedError):
            waiting.result()
        assert wait_message(d).data == b"not for the closed one"


def test_the_descriptor_is_closed_at_last(pair: Pair) -> None:
    a, b = pair()
    number = a.fileno()
    before = os.fstat(number)
    a.close()
    assert drain(b) == []

    def gone() -> bool:
        try:
            return not os.path.samestat(before, os.fstat(number))
        except OSError:
            return True

    eventually(gone, "the closing of the descriptor")


def test_a_shutdown_is_an_end_of_the_stream_for_the_peer(pair: Pair) -> None:
    a, b = pair()
    a.send(b"last")
    a.shutdown()
    assert wait_message(b).data == b"last"
    assert b.recv() is None
    assert b.recv() is None
    with pytest.raises(AssociationClosedError):
        b.send(b"too late")
    assert a.recv() is None
    assert a.recv() is None


def test_no_message_goes_while_the_peer_shuts_down(pair: Pair) -> None:
    a, b = pair(options=[ReceiveBuffer(20_000), SendBuffer(400_000)])
    # More than the peer takes unread, so that its shutdown cannot complete.
    a.send_many([bytes(10_000)] * 10)
    b.shutdown()
    eventually(lambda: a.get(Status).state is AssociationState.SHUTDOWN_RECEIVED, "the peer's shutdown")
    with pytest.raises(AssociationClosedError):
        a.send(b"too late")
    assert [event.size for event in drain(b) if isinstance(event, Message)] == [10_000] * 10


def test_receiving_goes_on_after_shutdown(pair: Pair) -> None:
    a, b = pair()
    b.send_many([b"%d" % number for number in range(50)])
    a.shutdown()
    with pytest.raises(AssociationClosedError):
        a.send(b"too late")
    assert [event.data for event in drain(a) if isinstance(event, Message)] == [b"%d" % n for n in range(50)]
    assert drain(b) == []


def test_shutdown_again_is_no_harm(pair: Pair) -> None:
    a, b = pair()
    a.shutdown()
    assert b.recv() is None
    assert a.recv() is None
    # Some stacks say that it has ended.
    with contextlib.suppress(NotConnectedError, AssociationClosedError):
        b.shutdown()


def test_both_ends_can_shut_down_at_once(pair: Pair, background: InBackground) -> None:
    a, b = pair()
    ends = [background(a.shutdown), background(b.shutdown)]
    for end in ends:
        # Unless the other was quicker.
        with contextlib.suppress(NotConnectedError, AssociationClosedError):
            end.result()
    assert drain(a) == drain(b) == []


def test_a_forgotten_socket_warns_and_is_closed(client: Client, server: Server) -> None:
    listener = server()
    sock = Socket(listener.family)
    sock.connect(listener.local_addresses())
    b, _ = listener.accept()
    with b:
        b.settimeout(listener.gettimeout())
        with pytest.warns(ResourceWarning, match="unclosed <Socket"):
            del sock
        assert b.recv() is None


def test_a_forgotten_endpoint_warns(addresses: Loopback) -> None:
    one = sctpx.create_endpoint(addresses())
    with pytest.warns(ResourceWarning, match="unclosed <Endpoint"):
        del one


def test_a_socket_that_failed_to_open_does_not_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError):
            Socket(socket.AF_UNIX)


def test_the_state_tells_how_far_the_end_has_come(pair: Pair) -> None:
    a, b = pair(options=[ReceiveBuffer(65_536)])
    assert a.get(Status).state is AssociationState.ESTABLISHED
    a.shutdown()
    assert drain(b) == []
    with pytest.raises(NotConnectedError):
        b.get(Status)
