# SPDX-License-Identifier: MIT
"""Multi-homing: the addresses of both ends, each path's state, the primary, and heartbeats."""

from collections.abc import Callable

import pytest

import sctpx
from sctpx import InvalidArgumentError, PathEvent, PeerAddressChange, UnsupportedError
from sctpx.options import AssociationState, InitMessage, PathInfo, PathParameters, PathState, Status
from tests.support.common import ELSEWHERE, Loopback, eventually, family_of, wait_for, wait_message
from tests.support.relay import Relay
from tests.support.shapes import EndpointPair, Opener, Pair


def test_both_ends_know_each_others_addresses(pair: Pair) -> None:
    a, b = pair(paths=2)
    assert len(a.local_addresses()) == len(b.local_addresses()) == 2
    assert sorted(a.peer_addresses()) == sorted(b.local_addresses())
    assert sorted(b.peer_addresses()) == sorted(a.local_addresses())


def test_an_association_of_an_endpoint_knows_its_addresses(endpoints: EndpointPair) -> None:
    a, b, to_b, to_a = endpoints(paths=2)
    assert sorted(a.associations[to_b].peer_addresses()) == sorted(b.local_addresses())
    assert sorted(b.associations[to_a].local_addresses()) == sorted(b.local_addresses())


def test_the_status_tells_of_the_association(pair: Pair) -> None:
    a, b = pair(options=[InitMessage(out_streams=5, max_in_streams=5)])
    status = a.get(Status)
    assert status.state is AssociationState.ESTABLISHED
    assert status.association > 0
    assert (status.in_streams, status.out_streams) == (5, 5)
    assert status.receive_window > 0
    assert status.fragmentation_point > 500
    assert status.primary.address == b.local_addresses()[0]
    assert status.primary.primary
    assert status.primary.state is PathState.ACTIVE
    assert status.primary.cwnd > 0


def test_each_path_tells_its_state(pair: Pair) -> None:
    a, _ = pair(paths=2)
    paths = a.paths()
    assert [path.address for path in paths] == a.peer_addresses()
    assert [path.primary for path in paths].count(True) == 1
    for path in paths:
        assert path.state in (PathState.ACTIVE, PathState.UNCONFIRMED)
        assert path.cwnd > 0
        assert 500 < path.mtu <= 65_536
        assert 0 <= path.rto <= 60
        assert 0 <= path.srtt < 60
        assert a.get(PathInfo, path=path.address).address == path.address


def test_traffic_gives_a_path_its_times(pair: Pair) -> None:
    a, b = pair()
    for _ in range(20):
        a.send(bytes(100))
        b.send(wait_message(b).data)
        wait_message(a)
    (path,) = a.paths()
    assert path.state is PathState.ACTIVE
    assert path.srtt <= path.rto <= 60


def test_the_primary_can_be_chosen(pair: Pair) -> None:
    a, b = pair(paths=2)
    for path in reversed(a.peer_addresses()):
        a.set_primary(path)
        assert a.get(Status).primary.address == path
        assert [one.address for one in a.paths() if one.primary] == [path]
        a.send(b"by the new primary")
        assert wait_message(b).data == b"by the new primary"
    # Some stacks list the primary first.
    other = next(path.address for path in a.paths() if not path.primary)
    a.set_primary(other.host)
    assert a.get(Status).primary.address == other


def test_the_primary_of_one_association_of_an_endpoint(endpoints: EndpointPair) -> None:
    a, _, to_b, _ = endpoints(paths=2)
    one = a.associations[to_b]
    second = one.peer_addresses()[1]
    one.set_primary(second)
    assert one.get(Status).primary.address == second


def test_a_primary_that_the_peer_has_not_is_an_error(pair: Pair) -> None:
    a, _ = pair()
    for wrong in (ELSEWHERE, (ELSEWHERE, 5), (a.peer_addresses()[0].host, 1)):
        with pytest.raises(InvalidArgumentError):
            a.set_primary(wrong)


def test_a_heartbeat_is_sent_when_it_is_asked_for(relay: Relay) -> None:
    a, _ = relay.pair(options=[PathParameters(heartbeat=False)])
    relay.packets.clear()
    a.heartbeat()
    # RFC 9260 §3.3.5: chunk type 4 follows the common header of twelve bytes; the answer has type 5.
    eventually(lambda: {4, 5} <= {packet[12] for packet in list(relay.packets)}, "the heartbeat and its answer")
    relay.packets.clear()
    a.heartbeat(a.peer_addresses()[0].host)
    eventually(lambda: 4 in {packet[12] for packet in list(relay.packets)}, "the heartbeat")


def test_a_heartbeat_confirms_a_path(pair: Pair) -> None:
    _, b = pair(paths=2, events=[PeerAddressChange])
    for path in b.peer_addresses():
        b.heartbeat(path)
    eventually(lambda: all(path.state is PathState.ACTIVE for path in b.paths()), "active paths")
    assert wait_for(b, PeerAddressChange).event in (PathEvent.CONFIRMED, PathEvent.AVAILABLE)


def test_a_heartbeat_to_somebody_else_is_an_error(pair: Pair) -> None:
    a, _ = pair()
    with pytest.raises(InvalidArgumentError):
        a.heartbeat(ELSEWHERE)


def test_addresses_can_be_added_and_removed_before_the_association(addresses: Loopback, keep: Opener) -> None:
    first, second = addresses(2)
    sock = keep(sctpx.Socket(family_of([first, second])))
    sock.bind(first)
    port = sock.local_addresses()[0].port
    sock.bindx_add(second.host)
    assert sorted(sock.local_addresses()) == sorted([(first.host, port), (second.host, port)])
    sock.bindx_remove((first.host, port))
    assert sock.local_addresses() == [(second.host, port)]
    sock.bindx_add(first.host)
    sock.listen()
    with sctpx.create_connection(sock.local_addresses(), timeout=sock.gettimeout()) as client:
        assert sorted(client.peer_addresses()) == sorted(sock.local_addresses())
        keep(sock.accept()[0])


def test_the_last_address_stays(addresses: Loopback, keep: Opener) -> None:
    sock = keep(sctpx.create_endpoint(addresses(), listen=False))
    with pytest.raises(sctpx.SctpError):
        sock.bindx_remove(sock.local_addresses()[0])
    assert len(sock.local_addresses()) == 1


def test_adding_nothing_or_what_is_not_here_changes_nothing(addresses: Loopback, keep: Opener) -> None:
    sock = keep(sctpx.create_endpoint(addresses(), listen=False))
    before = sock.local_addresses()
    with pytest.raises(ValueError):
        sock.bindx_add()
    with pytest.raises(sctpx.SctpError):
        sock.bindx_add(ELSEWHERE)
    with pytest.raises(sctpx.SctpError):
        sock.bindx_remove(ELSEWHERE)
    assert sock.local_addresses() == before


def test_adding_addresses_is_all_or_nothing(addresses: Loopback, keep: Opener) -> None:
    first, second = addresses(2)
    sock = keep(sctpx.Socket(family_of([first, second])))
    sock.bind(first)
    before = sock.local_addresses()
    with pytest.raises(sctpx.SctpError):
        sock.bindx_add(second.host, ELSEWHERE)
    assert sock.local_addresses() == before


def test_addresses_of_a_live_association_do_not_change(
    pair: Pair, endpoints: EndpointPair, addresses: Loopback
) -> None:
    a, b = pair(paths=2)
    calls: list[Callable[[], object]] = [
        lambda: a.bindx_remove(a.local_addresses()[1]),
        lambda: b.bindx_add(ELSEWHERE),
    ]
    for call in calls:
        with pytest.raises(UnsupportedError) as caught:
            call()
        assert caught.value.backend == sctpx.backend.name
    assert len(a.local_addresses()) == 2
    hub, *_ = endpoints(paths=2)
    with pytest.raises(UnsupportedError):
        hub.bindx_remove(hub.local_addresses()[1])
