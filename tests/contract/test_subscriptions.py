# SPDX-License-Identifier: MIT
"""Subscriptions: by class, on sockets, endpoints and single associations, now and for the future."""

import pytest

import sctpx
from sctpx import (
    AssociationChange,
    CommState,
    Event,
    Feature,
    Message,
    PeerAddressChange,
    PeerShutdown,
    RemoteErrorReport,
    Scope,
    SenderDry,
    SendFailed,
    UnsupportedError,
)
from tests.support.common import drain, eventually, wait_for, wait_message
from tests.support.shapes import Client, EndpointPair, OneEndpoint, Pair, Server

ORDINARY = [AssociationChange, PeerAddressChange, RemoteErrorReport, SendFailed, PeerShutdown]


def test_nothing_is_subscribed_to_at_first(pair: Pair, endpoint: OneEndpoint) -> None:
    a, b = pair()
    assert a.subscriptions == b.subscriptions == endpoint().subscriptions == frozenset()


def test_subscriptions_add_up_and_go_one_by_one(pair: Pair) -> None:
    a, _ = pair()
    a.subscribe(*ORDINARY)
    a.subscribe(PeerShutdown)
    assert a.subscriptions == frozenset(ORDINARY)
    a.unsubscribe(PeerShutdown, SendFailed)
    assert a.subscriptions == frozenset(ORDINARY) - {PeerShutdown, SendFailed}
    a.unsubscribe(SendFailed)
    a.subscribe()
    assert a.subscriptions == frozenset(ORDINARY) - {PeerShutdown, SendFailed}


def test_event_stands_for_all_that_the_backend_has(pair: Pair) -> None:
    a, b = pair()
    a.subscribe(Event)
    assert frozenset(ORDINARY) <= a.subscriptions
    assert (SenderDry in a.subscriptions) == sctpx.supports(Feature.SENDER_DRY)
    assert Event not in a.subscriptions
    a.unsubscribe(Event)
    assert a.subscriptions == frozenset()
    b.send(b"x")
    assert isinstance(a.recv(), Message)


def test_a_class_that_is_no_event_is_an_error(pair: Pair) -> None:
    a, _ = pair()
    for wrong in (int, Message, sctpx.UnknownNotification, AssociationChange.__name__, None):
        with pytest.raises(TypeError):
            a.subscribe(wrong)  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError):
        a.subscribe(sctpx.NotificationsStopped)


def test_a_subscription_during_the_association_holds_from_then(pair: Pair) -> None:
    a, b = pair()
    a.send(b"1")
    assert wait_message(b).data == b"1"
    b.subscribe(PeerShutdown, AssociationChange)
    a.shutdown()
    assert [type(event) for event in drain(b)] == [PeerShutdown, AssociationChange]


def test_an_unsubscribed_event_comes_no_more(pair: Pair) -> None:
    a, b = pair(events=[AssociationChange, PeerShutdown])
    wait_for(b, AssociationChange, lambda event: event.state is CommState.UP)
    b.unsubscribe(AssociationChange)
    a.shutdown()
    assert [type(event) for event in drain(b)] == [PeerShutdown]


def test_an_unconnected_socket_keeps_its_subscriptions_for_its_association(server: Server, addresses: object) -> None:
    listener = server()
    with sctpx.Socket(listener.family) as a:
        a.settimeout(listener.gettimeout())
        a.subscribe(AssociationChange)
        assert a.subscriptions == {AssociationChange}
        a.connect(listener.local_addresses())
        wait_for(a, AssociationChange, lambda event: event.state is CommState.UP)


def test_accepted_sockets_inherit_the_listeners_subscriptions(server: Server, client: Client) -> None:
    listener = server(events=[AssociationChange, PeerShutdown])
    client(listener)
    b, _ = listener.accept()
    with b:
        assert b.subscriptions == {AssociationChange, PeerShutdown}


def test_an_endpoints_subscription_holds_for_all_by_default(endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint()
    early = client(hub)
    eventually(lambda: len(hub.associations) == 1, "the association")
    hub.subscribe(PeerShutdown)
    late = client(hub)
    assert hub.subscriptions == {PeerShutdown}
    for end in (early, late):
        end.shutdown()
        wait_for(hub, PeerShutdown)


def test_a_subscription_for_the_future_leaves_what_is_there(endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint()
    early = client(hub)
    eventually(lambda: len(hub.associations) == 1, "the association")
    old = next(iter(hub.associations))
    hub.subscribe(PeerShutdown, scope=Scope.FUTURE)
    late = client(hub)
    early.shutdown()
    eventually(lambda: old not in hub.associations, "the end of the first")
    late.shutdown()
    assert wait_for(hub, PeerShutdown).association != old


def test_a_subscription_for_the_present_leaves_the_future(endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint()
    early = client(hub)
    eventually(lambda: len(hub.associations) == 1, "the association")
    old = next(iter(hub.associations))
    hub.subscribe(PeerShutdown, scope=Scope.CURRENT)
    assert hub.subscriptions == frozenset()
    late = client(hub)
    eventually(lambda: len(hub.associations) == 2, "the second association")
    late.shutdown()
    eventually(lambda: len(hub.associations) == 1, "the end of the second")
    early.shutdown()
    assert wait_for(hub, PeerShutdown).association == old


def test_one_association_of_an_endpoint_has_subscriptions_of_its_own(endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint()
    ends = [client(hub), client(hub)]
    eventually(lambda: len(hub.associations) == 2, "two associations")
    chosen, other = hub.associations.values()
    chosen.subscribe(PeerShutdown)
    assert chosen.subscriptions == {PeerShutdown}
    assert other.subscriptions == frozenset()
    for end in ends:
        end.shutdown()
    assert wait_for(hub, PeerShutdown).association == chosen.id
    eventually(lambda: not hub.associations, "the end of both")
    hub.settimeout(0)
    with pytest.raises(BlockingIOError):
        hub.recv()


def test_unsubscribing_all_silences_an_endpoint(endpoints: EndpointPair) -> None:
    a, b, to_b, to_a = endpoints(events=[AssociationChange, PeerShutdown])
    wait_for(b, AssociationChange)
    b.unsubscribe(Event)
    a.send(b"last", to=to_b, eof=True)
    assert isinstance(b.recv(), Message)
    eventually(lambda: to_a not in b.associations, "the end")
    b.settimeout(0)
    with pytest.raises(BlockingIOError):
        b.recv()
