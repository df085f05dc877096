# SPDX-License-Identifier: MIT
"""Each option: set and read back on sockets, endpoints and associations; ranges; what is not to be had."""

import contextlib
from collections.abc import Callable

import pytest

import sctpx
from sctpx import Feature, InvalidArgumentError, NotConnectedError, Scope, SctpError, UnsupportedError
from sctpx.options import (
    AssociationInfo,
    AssociationOption,
    AutoClose,
    DefaultSend,
    DelayedSack,
    DisableFragments,
    EndpointOption,
    FragmentInterleave,
    InitMessage,
    Linger,
    MaxSegment,
    NoDelay,
    PartialDeliveryPoint,
    PathInfo,
    PathParameters,
    ReceiveBuffer,
    RtoInfo,
    SendBuffer,
    Status,
    UdpEncapsulation,
)
from tests.support.common import ELSEWHERE, eventually, wait_for, wait_message
from tests.support.relay import Relay
from tests.support.shapes import Client, EndpointPair, OneEndpoint, Opener, Pair

RTO = RtoInfo(initial=0.7, min=0.5, max=0.9)
EVERYWHERE: list[AssociationOption[object]] = [
    RTO,
    AssociationInfo(max_retransmissions=4, cookie_life=20.0),
    PathParameters(heartbeat_interval=7.0, max_retransmissions=3),
    PathParameters(heartbeat=False),
    MaxSegment(1000),
    DelayedSack(delay=0.1, frequency=3),
    DefaultSend(stream=2, ppid=46, unordered=True, context=9),
]
SOCKETS: list[EndpointOption[object]] = [
    InitMessage(out_streams=3, max_in_streams=4, max_attempts=2, max_timeout=1.5),
    Linger(2.0),
    Linger(0.0),
    Linger(None),
    NoDelay(True),
    NoDelay(False),
    DisableFragments(True),
    DisableFragments(False),
    FragmentInterleave(0),
    FragmentInterleave(1),
    PartialDeliveryPoint(4096),
    ReceiveBuffer(65_536),
    SendBuffer(65_536),
]
VALUES = (
    Linger,
    NoDelay,
    DisableFragments,
    FragmentInterleave,
    PartialDeliveryPoint,
    ReceiveBuffer,
    SendBuffer,
    MaxSegment,
)


def expected(option: object) -> object:
    return option.value if isinstance(option, VALUES) else option


def same(option: object, read: object) -> bool:
    """Whether all fields of the option were read back; those it left out may be anything."""
    if isinstance(option, VALUES):
        return bool(option.value == read)
    fields = [field for field in type(option).__dataclass_fields__ if hasattr(option, field)]  # type: ignore[attr-defined]
    return isinstance(read, type(option)) and all(getattr(read, f) == getattr(option, f) for f in fields)


@pytest.mark.parametrize("option", [*EVERYWHERE, *SOCKETS], ids=repr)
def test_an_option_is_read_back_as_it_was_set(option: EndpointOption[object], keep: Opener, pair: Pair) -> None:
    for sock in (keep(sctpx.Socket()), keep(sctpx.Endpoint()), pair()[0]):
        if isinstance(option, InitMessage) and isinstance(sock, sctpx.Socket) and sock.local_addresses():
            continue
        sock.set(option)
        assert same(option, sock.get(type(option)))


@pytest.mark.parametrize("option", EVERYWHERE, ids=repr)
def test_an_option_of_an_association_is_its_own(
    option: AssociationOption[object], endpoint: OneEndpoint, client: Client
) -> None:
    hub = endpoint()
    client(hub), client(hub)
    eventually(lambda: len(hub.associations) == 2, "two associations")
    one, other = hub.associations.values()
    default, before = hub.get(type(option)), other.get(type(option))
    one.set(option)
    assert same(option, one.get(type(option)))
    assert other.get(type(option)) == before
    assert hub.get(type(option)) == default


@pytest.mark.parametrize("option", EVERYWHERE, ids=repr)
def test_an_option_for_the_future_leaves_what_is_there(
    option: AssociationOption[object], endpoint: OneEndpoint, client: Client
) -> None:
    hub = endpoint()
    client(hub)
    eventually(lambda: len(hub.associations) == 1, "the association")
    (one,) = hub.associations.values()
    before = one.get(type(option))
    hub.set(option)
    assert one.get(type(option)) == before
    client(hub)
    eventually(lambda: len(hub.associations) == 2, "the second association")
    (late,) = (found for found in hub.associations.values() if found != one)
    assert same(option, late.get(type(option)))


def test_scopes_say_which_associations_are_meant(endpoint: OneEndpoint, client: Client) -> None:
    hub = endpoint()
    client(hub), client(hub)
    eventually(lambda: len(hub.associations) == 2, "two associations")
    default = hub.get(RtoInfo)
    hub.set(RTO, scope=Scope.CURRENT)
    assert [one.get(RtoInfo) for one in hub.associations.values()] == [RTO, RTO]
    assert hub.get(RtoInfo) == default
    hub.set(RtoInfo(max=2.0), scope=Scope.FUTURE)
    assert [one.get(RtoInfo) for one in hub.associations.values()] == [RTO, RTO]
    hub.set(RtoInfo(max=3.0), scope=Scope.ALL)
    assert [one.get(RtoInfo).max for one in hub.associations.values()] == [3.0, 3.0]
    assert hub.get(RtoInfo).max == 3.0
    with pytest.raises(TypeError):
        hub.set(RTO, scope=1)  # type: ignore[call-overload]


def test_a_dscp_is_read_back_as_it_was_set(pair: Pair) -> None:
    if not sctpx.supports(Feature.DSCP):
        return
    a, _ = pair()
    for dscp in (46, 63, 0):  # with and without the bits that lie where others count from
        a.set(PathParameters(dscp=dscp))
        assert a.get(PathParameters).dscp == dscp


def test_fields_that_are_not_given_stay_as_they_are(pair: Pair) -> None:
    a, _ = pair()
    before = a.get(RtoInfo)
    a.set(RtoInfo(max=30.0))
    after = a.get(RtoInfo)
    assert (after.initial, after.min, after.max) == (before.initial, before.min, 30.0)
    a.set(DefaultSend(ppid=5))
    a.set(DefaultSend(stream=3))
    default = a.get(DefaultSend)
    assert (default.stream, default.ppid, default.unordered) == (3, 5, False)
    a.set(PathParameters(heartbeat_interval=9.0))
    a.set(PathParameters(max_retransmissions=2))
    assert a.get(PathParameters).heartbeat_interval == 9.0
    a.set(DelayedSack(delay=0.1))
    a.set(DelayedSack(frequency=4))
    assert (a.get(DelayedSack).delay, a.get(DelayedSack).frequency) == (0.1, 4)


def test_an_interval_leaves_heartbeats_off_that_were_off(pair: Pair) -> None:
    a, _ = pair()
    a.set(PathParameters(heartbeat=False))
    a.set(PathParameters(heartbeat_interval=5.0))
    assert a.get(PathParameters).heartbeat is False
    a.set(PathParameters(heartbeat=True))
    after = a.get(PathParameters)
    assert (after.heartbeat, after.heartbeat_interval) == (True, 5.0)


def test_an_initial_time_out_not_given_moves_into_the_range(pair: Pair) -> None:
    a, _ = pair()
    a.set(RtoInfo(min=0.1, max=0.2))
    info = a.get(RtoInfo)
    assert (info.min, info.max) == (0.1, 0.2)
    assert 0.1 <= info.initial <= 0.2


def test_an_option_of_a_path_is_that_paths_own(pair: Pair) -> None:
    a, _ = pair(paths=2)
    first, second = (address.host for address in a.peer_addresses())
    a.set(PathParameters(heartbeat_interval=3.0, max_retransmissions=2), path=first)
    a.set(PathParameters(heartbeat_interval=4.0), path=second)
    one, other = a.get(PathParameters, path=first), a.get(PathParameters, path=second)
    assert (one.heartbeat_interval, one.max_retransmissions, other.heartbeat_interval) == (3.0, 2, 4.0)
    a.set(PathParameters(heartbeat_interval=6.0))
    assert {a.get(PathParameters, path=path).heartbeat_interval for path in (first, second)} == {6.0}


def test_an_option_of_a_path_works_on_an_association_of_an_endpoint(endpoints: EndpointPair) -> None:
    a, _, to_b, _ = endpoints(paths=2)
    one = a.associations[to_b]
    first, second = one.peer_addresses()
    one.set(PathParameters(heartbeat_interval=3.0), path=first)
    assert one.get(PathParameters, path=first).heartbeat_interval == 3.0
    assert one.get(PathParameters, path=second).heartbeat_interval != 3.0
    assert one.get(PathInfo, path=second.host).address == second


def test_a_path_of_somebody_else_is_an_error(pair: Pair) -> None:
    a, _ = pair()
    with pytest.raises(InvalidArgumentError):
        a.get(PathParameters, path=ELSEWHERE)
    with pytest.raises(InvalidArgumentError):
        a.set(PathParameters(heartbeat_interval=1.0), path=(ELSEWHERE, 9))


def test_auto_close_is_for_endpoints(keep: Opener) -> None:
    one = keep(sctpx.Endpoint())
    assert one.get(AutoClose) is None
    one.set(AutoClose(5))
    assert one.get(AutoClose) == 5
    one.set(AutoClose(None))
    assert one.get(AutoClose) is None
    sock = keep(sctpx.Socket())
    calls: list[Callable[[], object]] = [lambda: sock.set(AutoClose(5)), lambda: sock.get(AutoClose)]
    for call in calls:
        with pytest.raises(UnsupportedError) as caught:
            call()
        assert caught.value.subject == "AutoClose"
        assert caught.value.backend == sctpx.backend.name


def test_auto_close_ends_an_idle_association(endpoint: OneEndpoint, client: Client, scale: float) -> None:
    hub = endpoint(options=[AutoClose(1)], events=[sctpx.AssociationChange])
    end = client(hub)
    end.send(b"then silence")
    assert wait_message(hub).data == b"then silence"
    ended = wait_for(hub, sctpx.AssociationChange)
    assert ended.state is sctpx.CommState.SHUTDOWN_COMPLETE
    assert end.recv() is None


def test_the_full_level_of_interleaving_is_kept_or_told(keep: Opener) -> None:
    sock = keep(sctpx.Socket())
    with contextlib.suppress(UnsupportedError):
        sock.set(FragmentInterleave(2))
        assert sock.get(FragmentInterleave) == 2
        return
    assert sock.get(FragmentInterleave) in (0, 1)


def test_no_limit_of_the_segment_is_the_paths(pair: Pair) -> None:
    a, _ = pair()
    limit = a.get(Status).fragmentation_point
    a.set(MaxSegment(900))
    assert a.get(MaxSegment) == 900
    assert a.get(Status).fragmentation_point <= 900 < limit
    a.set(MaxSegment(None))
    assert a.get(MaxSegment) is None or a.get(MaxSegment) > 900  # type: ignore[operator]


@pytest.mark.parametrize("least", [1, 2, 3, 4])
def test_a_tiny_segment_is_refused_or_sends_all_the_same(pair: Pair, least: int) -> None:
    a, b = pair()
    with contextlib.suppress(sctpx.InvalidArgumentError):
        a.set(MaxSegment(least))
    a.send(b"in pieces")
    assert wait_message(b).data == b"in pieces"


def test_buffers_are_read_back_without_the_systems_own_share(keep: Opener) -> None:
    for size in (20_000, 65_536, 200_000):
        sock = keep(sctpx.Socket())
        sock.set(SendBuffer(size))
        sock.set(ReceiveBuffer(size))
        assert (sock.get(SendBuffer), sock.get(ReceiveBuffer)) == (size, size)


def test_the_udp_port_of_the_peer_is_an_option(keep: Opener, relay: Relay) -> None:
    sock = keep(sctpx.Socket())
    sock.set(UdpEncapsulation(9900))
    assert sock.get(UdpEncapsulation) == 9900
    if sctpx.backend.name == "userland":
        with pytest.raises(UnsupportedError) as caught:
            sock.set(UdpEncapsulation(0))
        assert caught.value.subject == "UdpEncapsulation"
    else:
        sock.set(UdpEncapsulation(0))
        assert sock.get(UdpEncapsulation) == 0


def test_a_udp_port_of_the_peer_is_not_taken_where_it_would_do_nothing(keep: Opener) -> None:
    support = sctpx.backend.features[Feature.UDP_ENCAPSULATION]
    sock = keep(sctpx.Socket())
    if support.present:
        sock.set(UdpEncapsulation(9900))
        return
    assert support.remedy
    with pytest.raises(UnsupportedError) as caught:
        sock.set(UdpEncapsulation(9900))
    assert (caught.value.feature, caught.value.subject) == (Feature.UDP_ENCAPSULATION, "UdpEncapsulation")
    assert support.reason in caught.value.reason and support.remedy in caught.value.reason
    assert sock.get(UdpEncapsulation) == 0
    sock.set(UdpEncapsulation(0))


def test_what_only_an_association_has_is_not_connected_before(keep: Opener) -> None:
    sock = keep(sctpx.Socket())
    for call in (
        lambda: sock.get(Status),
        sock.peer_addresses,
        sock.paths,
        lambda: sock.set_primary("127.0.0.1"),
        sock.heartbeat,
        sock.shutdown,
        lambda: sock.get(PathInfo, path="127.0.0.1"),
    ):
        with pytest.raises(NotConnectedError) as caught:
            call()
        assert isinstance(caught.value, SctpError)


def test_what_can_only_be_read_is_read(pair: Pair) -> None:
    a, _ = pair(paths=2)
    info = a.get(AssociationInfo)
    assert info.peer_destinations == 2
    assert info.peer_receive_window > 0
    assert info.local_receive_window > 0
    with pytest.raises(TypeError):
        AssociationInfo(peer_destinations=3)  # type: ignore[call-arg]
    for wrong in (a.get(Status), a.get(Status).primary, 5, None, RtoInfo):
        with pytest.raises(TypeError):
            a.set(wrong)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "make",
    [
        lambda: RtoInfo(initial=3601),
        lambda: RtoInfo(min=-1),
        lambda: RtoInfo(max=float("nan")),
        lambda: RtoInfo(min=2.0, max=1.0),
        lambda: AssociationInfo(max_retransmissions=-1),
        lambda: AssociationInfo(max_retransmissions=65_536),
        lambda: AssociationInfo(cookie_life=-1),
        lambda: InitMessage(out_streams=0),
        lambda: InitMessage(out_streams=65_536),
        lambda: InitMessage(max_attempts=-1),
        lambda: InitMessage(max_in_streams=65_536),
        lambda: InitMessage(max_timeout=-0.1),
        lambda: DelayedSack(delay=0.6),
        lambda: DelayedSack(frequency=-1),
        lambda: DefaultSend(stream=65_536),
        lambda: DefaultSend(ppid=-1),
        lambda: DefaultSend(ppid=1 << 32),
        lambda: DefaultSend(context=1 << 32),
        lambda: PathParameters(heartbeat_interval=-1),
        lambda: PathParameters(max_retransmissions=65_536),
        lambda: PathParameters(dscp=64),
        lambda: PathParameters(mtu=-1),
        lambda: FragmentInterleave(3),  # type: ignore[arg-type]
        lambda: FragmentInterleave(-1),  # type: ignore[arg-type]
        lambda: MaxSegment(-1),
        lambda: PartialDeliveryPoint(-1),
        lambda: SendBuffer(0),
        lambda: ReceiveBuffer(-1),
        lambda: Linger(-1.0),
        lambda: AutoClose(-1.0),
        lambda: AutoClose(0.5),
        lambda: UdpEncapsulation(65_536),
        lambda: UdpEncapsulation(-1),
    ],
)
def test_a_value_out_of_range_is_an_error_before_the_call(make: object, keep: Opener) -> None:
    sock = keep(sctpx.Endpoint())
    with pytest.raises(ValueError) as caught:
        sock.set(make())  # type: ignore[operator]
    assert not isinstance(caught.value, OSError)


def test_an_option_of_the_wrong_place_is_a_type_error(endpoints: EndpointPair, pair: Pair) -> None:
    a, _, to_b, _ = endpoints()
    for wrong in (Status, PathInfo, int, RTO, None):
        with pytest.raises(TypeError):
            a.get(wrong)  # type: ignore[arg-type]
    one = a.associations[to_b]
    for option in (NoDelay, InitMessage, AutoClose):
        with pytest.raises(TypeError):
            one.get(option)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        one.set(NoDelay(True))  # type: ignore[call-overload]
    sock, _ = pair()
    with pytest.raises(TypeError):
        sock.get(RtoInfo, path=sock.peer_addresses()[0])  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        sock.get(PathInfo)  # type: ignore[arg-type]
