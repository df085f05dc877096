# SPDX-License-Identifier: MIT
"""Listening and accepting: the queue, its overflow, and what accepted sockets inherit."""

import socket

import pytest

import sctpx
from sctpx import AssociationChange, PeerShutdown, RefusedError, SctpError, Socket
from sctpx.options import DefaultSend, DelayedSack, InitMessage, NoDelay, PathParameters, RtoInfo, Status
from tests.support.common import Loopback, wait_message
from tests.support.shapes import Client, InBackground, Opener, Pair, Server


def test_accept_gives_the_socket_and_the_peers_address(server: Server, client: Client) -> None:
    listener = server()
    a = client(listener)
    b, peer = listener.accept()
    with b:
        assert peer == a.local_addresses()[0]
        assert b.family == listener.family
        assert b.gettimeout() is None
        assert b.peer_addresses() == a.local_addresses()
        assert b.local_addresses() == listener.local_addresses()


def test_accept_waits_for_a_connection(server: Server, client: Client, background: InBackground) -> None:
    listener = server()
    accepting = background(listener.accept)
    accepting.until_blocked()
    a = client(listener)
    b, _ = accepting.result()
    with b:
        a.send(b"hello")
        assert wait_message(b).data == b"hello"


def test_accept_times_out_and_would_block(server: Server) -> None:
    listener = server()
    listener.settimeout(0.05)
    with pytest.raises(TimeoutError):
        listener.accept()
    listener.setblocking(False)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_connections_are_accepted_in_their_order(server: Server, client: Client) -> None:
    listener = server()
    ends = [client(listener) for _ in range(10)]
    for end in ends:
        b, peer = listener.accept()
        b.close()
        assert peer == end.local_addresses()[0]


def test_what_was_sent_before_accept_waits(server: Server, client: Client) -> None:
    listener = server(events=[AssociationChange])
    a = client(listener)
    a.send(b"early")
    a.shutdown()
    b, _ = listener.accept()
    with b:
        b.settimeout(listener.gettimeout())
        assert [message.data for message in b.messages()] == [b"early"]


def test_accepted_sockets_inherit_options_and_events(server: Server, client: Client) -> None:
    listener = server(
        options=[
            NoDelay(True),
            RtoInfo(initial=0.7, min=0.5, max=0.9),
            DelayedSack(delay=0.1, frequency=3),
            DefaultSend(ppid=46, stream=2),
            InitMessage(out_streams=3, max_in_streams=4),
            PathParameters(heartbeat_interval=7.0),
        ],
        events=[PeerShutdown],
    )
    a = client(listener)
    b, _ = listener.accept()
    with b:
        assert b.get(NoDelay) is True
        assert b.get(RtoInfo) == RtoInfo(initial=0.7, min=0.5, max=0.9)
        assert b.get(DelayedSack) == DelayedSack(delay=0.1, frequency=3)
        assert b.get(DefaultSend) == DefaultSend(ppid=46, stream=2, unordered=False, context=0)
        assert b.get(PathParameters).heartbeat_interval == 7.0
        assert (b.get(Status).out_streams, b.get(Status).in_streams) == (3, 4)
        assert b.subscriptions == {PeerShutdown}
        b.send(b"defaults")
        message = wait_message(a)
        assert (message.stream, message.ppid) == (2, 46)


def test_connections_over_the_backlog_are_refused_and_the_others_live(
    server: Server, addresses: Loopback, keep: Opener
) -> None:
    listener = server(backlog=2)
    target = listener.local_addresses()
    accepted: list[Socket] = []
    with pytest.raises((RefusedError, TimeoutError)):
        for _ in range(20):
            sock = keep(Socket(listener.family))
            sock.set(InitMessage(max_attempts=1, max_timeout=0.2))
            sock.set(RtoInfo(initial=0.2, min=0.1, max=0.2))
            sock.connect(target)
            accepted.append(sock)
    assert 1 <= len(accepted) <= 4
    for end in accepted:
        b, peer = listener.accept()
        with b:
            assert peer.port == end.local_addresses()[0].port
    late = keep(Socket(listener.family))
    late.connect(target)
    keep(listener.accept()[0])
    late.send(b"room again")


def test_a_socket_that_does_not_listen_accepts_nothing(pair: Pair, keep: Opener) -> None:
    a, _ = pair()
    fresh = keep(Socket(socket.AF_INET))
    for sock in (a, fresh):
        with pytest.raises(SctpError) as caught:
            sock.accept()
        assert not isinstance(caught.value, BlockingIOError | TimeoutError)
        assert caught.value.operation == "accept"


def test_a_listener_is_no_association(server: Server) -> None:
    listener = server()
    with pytest.raises(sctpx.NotConnectedError):
        listener.peer_addresses()
    with pytest.raises(sctpx.NotConnectedError):
        listener.recv()
    with pytest.raises((sctpx.NotConnectedError, sctpx.AssociationClosedError)):
        listener.send(b"to nobody")
    with pytest.raises(SctpError):
        listener.connect(listener.local_addresses())


def test_a_connected_socket_does_not_listen(pair: Pair) -> None:
    a, _ = pair()
    with pytest.raises(SctpError):
        a.listen()


def test_an_accepted_connection_that_already_ended_tells_so(server: Server, client: Client) -> None:
    listener = server()
    a = client(listener)
    a.abort()
    second = client(listener)
    second.send(b"alive")
    received: list[bytes] = []
    while not received:
        b, _ = listener.accept()
        with b:
            b.settimeout(listener.gettimeout())
            try:
                received = [wait_message(b).data]
            except (ConnectionError, sctpx.NotConnectedError, AssertionError):
                continue
    assert received == [b"alive"]


def test_a_closed_listener_refuses_and_leaves_accepted_sockets_alone(
    server: Server, client: Client, keep: Opener
) -> None:
    listener = server()
    a = client(listener)
    b = keep(listener.accept()[0])
    target = listener.local_addresses()
    listener.close()
    with pytest.raises(RefusedError):
        sctpx.create_connection(target, timeout=a.gettimeout())
    a.send(b"still")
    assert wait_message(b).data == b"still"
