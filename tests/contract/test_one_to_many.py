# SPDX-License-Identifier: MIT
"""An endpoint: associations by connecting, by sending, and by being sent to; all behind one descriptor."""

import pytest

import sctpx
from sctpx import (
    AssociationChange,
    AssociationClosedError,
    AssociationId,
    CommState,
    Message,
    NotConnectedError,
    Outgoing,
    RefusedError,
)
from sctpx.options import AssociationState, InitMessage, Status
from tests.support.common import eventually, wait_message
from tests.support.shapes import Client, EndpointPair, OneEndpoint, Silent


def test_sending_to_an_address_sets_up_an_association(endpoint: OneEndpoint) -> None:
    a, b = endpoint(), endpoint()
    id = a.send(b"first", to=b.local_addresses(), stream=2, ppid=7)
    message = wait_message(b)
    assert (message.data, message.stream, message.ppid) == (b"first", 2, 7)
    assert list(a.associations) == [id]
    assert a.send(b"second", to=b.local_addresses()[0]) == id
    assert a.send(b"third", to=id) == id
    assert [wait_message(b).data for _ in range(2)] == [b"second", b"third"]
    assert len(a.associations) == len(b.associations) == 1


def test_an_implicit_association_has_the_streams_of_init(endpoint: OneEndpoint) -> None:
    a, b = endpoint(), endpoint()
    id = a.send(b"first", to=b.local_addresses(), init=InitMessage(out_streams=3, max_in_streams=4))
    wait_message(b)
    status = a.associations[id].get(Status)
    assert (status.out_streams, status.in_streams) == (3, 4)
    other = a.send(b"first", to=endpoint().local_addresses())
    eventually(
        lambda: a.associations[other].get(Status).state is AssociationState.ESTABLISHED, "the second association"
    )
    assert a.associations[other].get(Status).out_streams == a.get(InitMessage).out_streams


def test_an_implicit_association_reaches_all_the_addresses_given(endpoint: OneEndpoint) -> None:
    a, b = endpoint(paths=2), endpoint(paths=2)
    id = a.send(b"first", to=b.local_addresses())
    wait_message(b)
    assert sorted(a.associations[id].peer_addresses()) == sorted(b.local_addresses())
    assert a.send(b"by the other", to=b.local_addresses()[1]) == id
    assert wait_message(b).data == b"by the other"


def test_connect_gives_the_association(endpoint: OneEndpoint) -> None:
    a, b = endpoint(), endpoint()
    one = a.connect(b.local_addresses())
    assert a.associations[one.id].id == one.id
    assert one.get(Status).state is AssociationState.ESTABLISHED
    one.send(b"hello", stream=1)
    message = wait_message(b)
    b.associations[message.association].send(b"welcome")
    assert wait_message(a).association == one.id
    assert one.peer_addresses() == b.local_addresses()


def test_handles_of_one_association_are_equal(endpoints: EndpointPair) -> None:
    a, _, to_b, _ = endpoints()
    assert a.associations[to_b] == a.associations[to_b]
    assert hash(a.associations[to_b]) == hash(a.associations[to_b])
    assert a.associations[to_b].id == to_b


def test_a_refused_connect_is_an_error(endpoint: OneEndpoint, refusing: list[sctpx.Address]) -> None:
    a = endpoint()
    with pytest.raises(RefusedError):
        a.connect(refusing)
    eventually(lambda: not a.associations, "the end of what was refused")
    b = endpoint()
    a.connect(b.local_addresses()).send(b"still works")
    assert wait_message(b).data == b"still works"


def test_a_connect_that_nobody_answers_times_out(endpoint: OneEndpoint, silent: Silent) -> None:
    a = sctpx.Endpoint()
    with a:
        for option in silent.options:
            a.set(option)
        a.settimeout(0.1)
        with pytest.raises(TimeoutError):
            a.connect(silent.address)


def test_associations_are_a_live_view(endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint()
    view = hub.associations
    assert (len(view), list(view), 12345 in view) == (0, [], False)
    ends = [client(hub) for _ in range(3)]
    eventually(lambda: len(view) == 3, "three associations")
    assert sorted(view) == sorted(one.id for one in view.values())
    assert all(id in view for id in view)
    ends[0].shutdown()
    eventually(lambda: len(view) == 2, "the end of one")
    ends[1].abort()
    eventually(lambda: len(view) == 1, "the end of another")
    (left,) = view.values()
    left.shutdown()
    eventually(lambda: not view, "the end of the last")


@pytest.mark.parametrize("wrong", [1 << 40, 999_999, 0, -1, "1", None])
def test_an_unknown_association_is_a_key_error(endpoints: EndpointPair, wrong: AssociationId) -> None:
    a, *_ = endpoints()
    with pytest.raises(KeyError):
        a.associations[wrong]
    assert a.associations.get(wrong) is None


def test_an_association_that_is_gone_answers_nothing(endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint()
    end = client(hub)
    eventually(lambda: len(hub.associations) == 1, "the association")
    (one,) = hub.associations.values()
    end.abort()
    eventually(lambda: not hub.associations, "its end")
    with pytest.raises(AssociationClosedError):
        one.send(b"too late")
    with pytest.raises(AssociationClosedError):
        hub.send(b"too late", to=one.id)
    for call in (lambda: one.get(Status), one.peer_addresses, one.paths, one.shutdown, one.heartbeat, one.peeloff):
        with pytest.raises(NotConnectedError):
            call()


def test_shutdown_ends_one_association_and_leaves_the_others(endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint()
    ends = [client(hub), client(hub)]
    for end in ends:
        end.send(b"here")
    first, second = (wait_message(hub).association for _ in range(2))
    hub.associations[first].send(b"last")
    hub.associations[first].shutdown()
    eventually(lambda: list(hub.associations) == [second], "the end of the first")
    hub.send(b"still", to=second)
    received = {wait_message(end).data: end for end in ends}
    assert set(received) == {b"last", b"still"}
    assert received[b"last"].recv() is None


def test_abort_ends_one_association_and_leaves_the_others(endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint()
    first, second = client(hub), client(hub)
    first.send(b"here")
    id = wait_message(hub).association
    hub.associations[id].abort(b"enough")
    with pytest.raises(sctpx.AbortedError):
        first.recv()
    eventually(lambda: id not in hub.associations, "its end")
    second.send(b"still here")
    assert wait_message(hub).data == b"still here"


def test_abort_again_is_nothing(endpoints: EndpointPair) -> None:
    a, b, to_b, to_a = endpoints()
    one = a.associations[to_b]
    one.abort()
    eventually(lambda: to_a not in b.associations, "its end")
    one.abort()


def test_both_connecting_to_each_other_give_one_association(endpoint: OneEndpoint) -> None:
    a, b = endpoint(), endpoint()
    a.send(b"from a", to=b.local_addresses())
    b.send(b"from b", to=a.local_addresses())
    assert wait_message(a).data == b"from b"
    assert wait_message(b).data == b"from a"
    assert len(a.associations) == len(b.associations) == 1


def test_five_hundred_associations_on_one_endpoint(endpoint: OneEndpoint) -> None:
    hub = endpoint(events=[AssociationChange])
    target = hub.local_addresses()
    # An endpoint has one association with another; so as many others as associations.
    others = [endpoint(listen=False) for _ in range(500)]
    for number, other in enumerate(others):
        other.send(b"%d" % number, to=target)
    numbers: dict[AssociationId, bytes] = {}
    up = 0
    while len(numbers) < 500:
        for event in hub.recv_many():
            if isinstance(event, Message):
                numbers[event.association] = event.data
            elif isinstance(event, AssociationChange) and event.state is CommState.UP:
                up += 1
    assert up == 500
    assert set(hub.associations) == set(numbers)
    assert hub.send_many([(id, Outgoing(data)) for id, data in numbers.items()]) == 500
    for number, other in enumerate(others):
        assert wait_message(other).data == b"%d" % number
        # On userland a socket has descriptors once it has waited, and there are not enough for so many at once.
        other.close()
