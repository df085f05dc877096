# SPDX-License-Identifier: MIT
"""`peeloff`: an association of an endpoint becomes a socket of its own, with all that belongs to it."""

import pytest

import sctpx
from sctpx import AssociationChange, CommState, NotConnectedError, PeerShutdown
from sctpx.options import AssociationState, NoDelay, RtoInfo, Status
from tests.support.common import drain, eventually, send_numbers, wait_for, wait_message, wait_messages
from tests.support.shapes import Client, EndpointPair, InBackground, OneEndpoint, Opener


def test_a_peeled_off_association_leaves_the_endpoint(endpoints: EndpointPair, keep: Opener) -> None:
    a, b, to_b, to_a = endpoints()
    own = keep(b.associations[to_a].peeloff())
    assert isinstance(own, sctpx.Socket)
    assert to_a not in b.associations
    assert own.get(Status).state is AssociationState.ESTABLISHED
    assert own.peer_addresses() == a.local_addresses()
    assert own.fileno() != b.fileno()
    a.send(b"to the new one", to=to_b)
    assert wait_message(own).data == b"to the new one"
    own.send(b"answer", stream=1, ppid=46)
    answer = wait_message(a)
    assert (answer.data, answer.stream, answer.ppid, answer.association) == (b"answer", 1, 46, to_b)


def test_a_peeled_off_socket_waits_without_time_out_as_accepted_ones(endpoints: EndpointPair, keep: Opener) -> None:
    _, b, _, to_a = endpoints()
    own = b.associations[to_a].peeloff()
    assert own.gettimeout() is None
    keep(own)


def test_queued_messages_move_and_those_of_others_stay(endpoint: OneEndpoint, client: Client, keep: Opener) -> None:
    hub = endpoint()
    first, second = client(hub), client(hub)
    first.send(b"who")
    id = wait_message(hub).association
    first.send_many([b"%d" % number for number in range(20)])
    second.send_many([b"other"] * 3)
    one = hub.associations[id]
    eventually(lambda: one.get(Status).pending >= 0 and acknowledged(first) and acknowledged(second), "the arrival")
    own = keep(one.peeloff())
    assert [message.data for message in wait_messages(own, 20)] == [b"%d" % number for number in range(20)]
    assert [message.data for message in wait_messages(hub, 3)] == [b"other"] * 3


def acknowledged(sock: sctpx.Socket) -> bool:
    return sock.get(Status).unacknowledged == 0


def test_peeling_off_under_traffic_loses_nothing(
    endpoint: OneEndpoint, client: Client, keep: Opener, background: InBackground
) -> None:
    hub = endpoint()
    end = client(hub)
    total = 1000
    sending = background(lambda: send_numbers(end, total, size=50))
    seen = [int.from_bytes(message.data[:4], "big") for message in wait_messages(hub, 200)]
    (one,) = hub.associations.values()
    own = keep(one.peeloff())
    seen += [int.from_bytes(message.data[:4], "big") for message in wait_messages(own, total - 200)]
    assert seen == list(range(total))
    sending.result()


def test_peeling_off_while_another_thread_receives_loses_nothing(
    endpoint: OneEndpoint, client: Client, keep: Opener, background: InBackground
) -> None:
    hub = endpoint()
    end, other = client(hub), client(hub)
    end.send(b"who")
    id = wait_message(hub).association
    total = 500
    sending = background(lambda: send_numbers(end, total))

    def at_the_hub() -> list[int]:
        numbers: list[int] = []
        for message in hub.messages():
            if message.data == b"stop":
                return numbers
            numbers.append(int.from_bytes(message.data, "big"))
        raise AssertionError

    receiving = background(at_the_hub)
    own = keep(hub.associations[id].peeloff())
    sending.result()
    other.send(b"stop")
    first = receiving.result()
    rest = [int.from_bytes(message.data, "big") for message in wait_messages(own, total - len(first))]
    assert first + rest == list(range(total))


def test_options_and_subscriptions_move_along(endpoint: OneEndpoint, client: Client, keep: Opener) -> None:
    hub = endpoint(events=[PeerShutdown], options=[NoDelay(True)])
    end = client(hub)
    eventually(lambda: len(hub.associations) == 1, "the association")
    (one,) = hub.associations.values()
    one.set(RtoInfo(initial=0.7, min=0.5, max=0.9))
    hub.max_message_size = 5000
    own = keep(one.peeloff())
    assert own.get(RtoInfo) == RtoInfo(initial=0.7, min=0.5, max=0.9)
    assert own.get(NoDelay) is True
    assert own.max_message_size == 5000
    assert own.subscriptions == {PeerShutdown}
    end.shutdown()
    assert [type(event) for event in drain(own)] == [PeerShutdown]


def test_both_ends_can_be_peeled_off_and_ended(endpoints: EndpointPair, keep: Opener) -> None:
    a, b, to_b, to_a = endpoints()
    own_a, own_b = keep(a.associations[to_b].peeloff()), keep(b.associations[to_a].peeloff())
    own_a.send(b"last")
    own_a.shutdown()
    assert wait_message(own_b).data == b"last"
    assert own_b.recv() is None
    assert own_a.recv() is None


def test_a_peeled_off_socket_can_end_with_its_last_message(endpoints: EndpointPair, keep: Opener) -> None:
    a, b, to_b, to_a = endpoints()
    own = keep(a.associations[to_b].peeloff())
    own.send(b"last", eof=True)
    assert wait_message(b).data == b"last"
    eventually(lambda: to_a not in b.associations, "the end")
    assert own.recv() is None


def test_the_endpoint_lives_on_without_its_association(endpoint: OneEndpoint, client: Client, keep: Opener) -> None:
    hub = endpoint(events=[AssociationChange])
    first = client(hub)
    up = wait_for(hub, AssociationChange, lambda event: event.state is CommState.UP)
    keep(hub.associations[up.association].peeloff()).close()
    assert drain(first) == []
    second = client(hub)
    second.send(b"next")
    assert wait_message(hub).data == b"next"


def test_an_association_outlives_its_endpoint(endpoints: EndpointPair, keep: Opener) -> None:
    a, b, to_b, to_a = endpoints()
    own = keep(b.associations[to_a].peeloff())
    b.close()
    a.send(b"still", to=to_b)
    assert wait_message(own).data == b"still"


def test_a_dead_association_cannot_be_peeled_off(endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint()
    end = client(hub)
    eventually(lambda: len(hub.associations) == 1, "the association")
    (one,) = hub.associations.values()
    end.abort()
    eventually(lambda: not hub.associations, "its end")
    with pytest.raises(NotConnectedError):
        one.peeloff()


def test_an_association_cannot_be_peeled_off_twice(endpoints: EndpointPair, keep: Opener) -> None:
    _, b, _, to_a = endpoints()
    one = b.associations[to_a]
    keep(one.peeloff())
    with pytest.raises(NotConnectedError):
        one.peeloff()
