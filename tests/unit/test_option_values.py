# SPDX-License-Identifier: MIT
"""Options as values: what is given, refused, compared and shown, and how it crosses the border."""

import copy
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sctpx import Address, options
from sctpx._native import _contract as c
from sctpx._option_record import OptionRecord
from sctpx.options import (
    AssociationInfo,
    AssociationState,
    AutoClose,
    DefaultSend,
    DelayedSack,
    DisableFragments,
    FragmentInterleave,
    InitMessage,
    Linger,
    MaxSegment,
    NoDelay,
    PartialDeliveryPoint,
    PathInfo,
    PathParameters,
    PathState,
    ReceiveBuffer,
    RtoInfo,
    SendBuffer,
    Settable,
    Status,
    UdpEncapsulation,
    Value,
)
from sctpx.options._codec import Seconds

TIMES = st.integers(1, 3_600_000_000)
HEADER = Path(__file__).parents[2] / "backends/sctpx.h"
_ROW = re.compile(r"SCTPX_(OPT_\w+) = \d+,?\s*/\* (.*?) \*/", re.DOTALL)
# The border's words for fields, where the facade has better ones, and what no option sets.
_WORDS = {"interval": "heartbeat_interval", "heartbeat_now": ""}

# Of each class: something to set, and the fields at the border.
SET: list[tuple[Any, dict[int, int]]] = [
    (RtoInfo(initial=0.5, min=0.1, max=3600), {0: 500_000, 1: 100_000, 2: 3_600_000_000}),
    (RtoInfo(min=0.25), {1: 250_000}),
    (RtoInfo(min=0.001), {1: 1_000}),
    (AssociationInfo(max_retransmissions=4, cookie_life=60), {0: 4, 1: 60_000_000}),
    (InitMessage(out_streams=16, max_attempts=3), {0: 16, 2: 3}),
    (InitMessage(max_in_streams=65535, max_timeout=1.5), {1: 65535, 3: 1_500_000}),
    (DelayedSack(frequency=1), {1: 1}),
    (DelayedSack(delay=0.5, frequency=2), {0: 500_000, 1: 2}),
    (PathParameters(heartbeat=False), {0: 0}),
    (PathParameters(heartbeat_interval=0, dscp=63, mtu_discovery=True), {1: 0, 3: 1, 5: 63}),
    (PathParameters(heartbeat_interval=0.0001), {1: 1_000}),
    (PathParameters(max_retransmissions=2, mtu=1500, flow_label=0xFFFFF), {2: 2, 4: 1500, 6: 0xFFFFF}),
    (DefaultSend(ppid=0xFFFFFFFF, unordered=True), {1: 0xFFFFFFFF, 2: 1}),
    (DefaultSend(stream=3, context=4), {0: 3, 3: 4}),
    (NoDelay(True), {0: 1}),
    (DisableFragments(False), {0: 0}),
    (MaxSegment(1400), {0: 1400}),
    (MaxSegment(None), {0: 0}),
    (FragmentInterleave(2), {0: 2}),
    (PartialDeliveryPoint(65536), {0: 65536}),
    (ReceiveBuffer(1 << 20), {0: 1 << 20}),
    (SendBuffer(1 << 20), {0: 1 << 20}),
    (Linger(None), {0: 0, 1: 0}),
    (Linger(0), {0: 1, 1: 0}),
    (Linger(2), {0: 1, 1: 2_000_000}),
    (AutoClose(None), {0: 0}),
    (AutoClose(60.0), {0: 60_000_000}),
    (UdpEncapsulation(0), {0: 0}),
    (UdpEncapsulation(9899), {0: 9899}),
]
EVERY = sorted({type(option) for option, _ in SET}, key=lambda kind: kind.__name__)


def record(fields: dict[int, int], association: int = 0, address: Address | None = None) -> OptionRecord:
    values = tuple(fields.get(at, 0) for at in range(16))
    return OptionRecord(association, address, sum(1 << at for at in fields), values)


def test_every_option_that_can_be_set_is_here() -> None:
    bases = {"Settable", "EndpointSettable", "AssociationSettable", "DefaultSettable"}
    shapes = re.compile(r"\w*(Option|Value)$")
    public = {
        kind
        for name, kind in vars(options).items()
        if isinstance(kind, type) and issubclass(kind, Settable) and name not in bases and not shapes.match(name)
    }
    assert public == set(EVERY)


@pytest.mark.parametrize(("option", "fields"), SET, ids=repr)
def test_what_is_set_crosses_the_border_and_comes_back(option: Any, fields: dict[int, int]) -> None:
    assert option._encode() == fields
    back = type(option)._decode(record(fields))
    assert type(back)._encode(back) == fields if not isinstance(option, Value) else type(option)(back) == option


@pytest.mark.parametrize(("option", "fields"), SET, ids=repr)
def test_an_option_is_a_value(option: Any, fields: dict[int, int]) -> None:
    for same in (copy.copy(option), copy.deepcopy(option), pickle.loads(pickle.dumps(option))):
        assert same == option
        assert type(same) is type(option)
        assert hash(same) == hash(option)
    assert eval(repr(option), vars(options)) == option
    assert not hasattr(option, "__dict__")
    for name in ("value", "initial", "min", "stream", "heartbeat", "other"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(option, name, 1)


def test_options_of_the_same_fields_are_not_the_same() -> None:
    assert NoDelay(True) != DisableFragments(True)
    assert NoDelay(True) != NoDelay(False)
    assert RtoInfo() != DelayedSack()
    assert RtoInfo(min=1.0) != RtoInfo(max=1.0)
    assert RtoInfo(min=1.0) == RtoInfo(min=1)


def test_a_field_that_is_not_given_is_not_there() -> None:
    option = RtoInfo(min=0.1)
    assert repr(option) == "RtoInfo(min=0.1)"
    for name in ("initial", "max"):
        with pytest.raises(AttributeError):
            getattr(option, name)


def test_a_field_that_the_stack_does_not_tell_is_not_there() -> None:
    read = PathParameters._decode(record({0: 1, 1: 30_000_000}))
    assert (read.heartbeat, read.heartbeat_interval) == (True, 30.0)
    with pytest.raises(AttributeError):
        read.flow_label  # noqa: B018


def test_what_can_only_be_read_is_not_set_back() -> None:
    read = AssociationInfo._decode(record(dict(enumerate((10, 60_000_000, 2, 65536, 65535)))))
    assert (read.max_retransmissions, read.cookie_life) == (10, 60.0)
    assert (read.peer_destinations, read.peer_receive_window, read.local_receive_window) == (2, 65536, 65535)
    assert read._encode() == {0: 10, 1: 60_000_000}
    with pytest.raises(TypeError):
        AssociationInfo(peer_destinations=2)  # type: ignore[call-arg]


def test_what_a_stack_tells_may_be_set_back() -> None:
    """Even where no user could have said it: no delay at all, no MTU."""
    assert DelayedSack._decode(record({0: 0, 1: 1}))._encode() == {0: 0, 1: 1}
    assert PathParameters._decode(record({4: 0}))._encode() == {4: 0}


RANGES: list[tuple[type[Any], str, float, float | None]] = [
    (RtoInfo, "initial", 0.001, 3600),
    (RtoInfo, "min", 0.001, 3600),
    (RtoInfo, "max", 0.001, 3600),
    (AssociationInfo, "max_retransmissions", 1, 65535),
    (AssociationInfo, "cookie_life", 0.001, None),
    (InitMessage, "out_streams", 1, 65535),
    (InitMessage, "max_in_streams", 1, 65535),
    (InitMessage, "max_attempts", 1, 65535),
    (InitMessage, "max_timeout", 0.001, 65.535),
    (DelayedSack, "delay", 0.001, 0.5),
    (DelayedSack, "frequency", 1, None),
    (PathParameters, "heartbeat_interval", 0, None),
    (PathParameters, "max_retransmissions", 1, 65535),
    (PathParameters, "mtu", 1, 65535),
    (PathParameters, "dscp", 0, 63),
    (PathParameters, "flow_label", 0, 0xFFFFF),
    (DefaultSend, "stream", 0, 65535),
    (DefaultSend, "ppid", 0, 0xFFFFFFFF),
    (DefaultSend, "context", 0, 0xFFFFFFFF),
    (MaxSegment, "", 1, 65535),
    (FragmentInterleave, "", 0, 2),
    (PartialDeliveryPoint, "", 0, 0xFFFFFFFF),
    (ReceiveBuffer, "", 1, 0x7FFFFFFF),
    (SendBuffer, "", 1, 0x7FFFFFFF),
    (Linger, "", 0, 65535),
    (AutoClose, "", 1, 0x7FFFFFFF),
    (UdpEncapsulation, "", 0, 65535),
]


def build(kind: type[Any], name: str, value: object) -> Any:
    return kind(**{name: value}) if name else kind(value)


@pytest.mark.parametrize(("kind", "name", "least", "most"), RANGES, ids=lambda one: getattr(one, "__name__", None))
def test_ranges(kind: type[Any], name: str, least: float, most: float | None) -> None:
    build(kind, name, least)
    beyond = [-1, least / 2 if 0 < least < 1 else least - 1]
    if most is not None:
        build(kind, name, most)
        beyond.append(most + 1)
    for value in beyond:
        with pytest.raises(ValueError):
            build(kind, name, value)
    for wrong in ("1", b"1", True, [1], 1j):
        with pytest.raises(TypeError):
            build(kind, name, wrong)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("make", [Linger, AutoClose, lambda v: RtoInfo(max=v), lambda v: DelayedSack(delay=v)])
def test_what_is_no_duration(make: Callable[[float], object], value: float) -> None:
    with pytest.raises(ValueError):
        make(value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: NoDelay(1),  # type: ignore[arg-type]
        lambda: NoDelay(None),  # type: ignore[arg-type]
        lambda: NoDelay(),  # type: ignore[call-arg]
        lambda: NoDelay(value=True),  # type: ignore[call-arg]
        lambda: SendBuffer(None),  # type: ignore[arg-type]
        lambda: SendBuffer(1.0),  # type: ignore[arg-type]
        lambda: PathParameters(heartbeat=1),  # type: ignore[arg-type]
        lambda: RtoInfo(1.0),  # type: ignore[call-arg]
        lambda: RtoInfo(minimum=1.0),  # type: ignore[call-arg]
        lambda: RtoInfo(min=None),  # type: ignore[arg-type]
        lambda: DefaultSend(stream=1.0),  # type: ignore[arg-type]
    ],
)
def test_what_has_the_wrong_type(make: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        make()


def test_auto_close_counts_whole_seconds() -> None:
    assert AutoClose(5).value == AutoClose(5.0).value == 5
    with pytest.raises(ValueError, match="whole"):
        AutoClose(1.5)


def test_a_time_out_has_a_range_of_its_own() -> None:
    with pytest.raises(ValueError, match="above"):
        RtoInfo(min=2.0, max=1.0)
    RtoInfo(min=1.0, max=1.0)


@given(st.dictionaries(st.integers(0, 2), TIMES), st.tuples(TIMES, TIMES, TIMES))
def test_an_initial_time_out_not_given_moves_into_the_range(fields: dict[int, int], now: tuple[int, int, int]) -> None:
    low, high = fields.get(1, now[1]), fields.get(2, now[2])
    assume(low <= high)
    done = RtoInfo._complete(dict(fields), now)
    assert {at: done[at] for at in fields} == fields
    if 0 not in fields:
        assert low <= done.get(0, now[0]) <= high
        assert (0 in done) == (not low <= now[0] <= high)


def test_the_border_has_the_fields_in_the_same_order_and_unit() -> None:
    rows = dict(_ROW.findall(HEADER.read_text(encoding="utf-8")))
    for kind in EVERY:
        if issubclass(kind, Value):
            continue
        (row,) = [text for name, text in rows.items() if getattr(c, name) == kind._symbol]
        listed = [field.partition(":") for field in row.split()]
        border = [(_WORDS.get(name, name), unit) for name, _, unit in listed if _WORDS.get(name, name)]
        assert border == [(name, "us" if isinstance(codec, Seconds) else "") for name, codec in kind._codecs]


def test_a_status_is_read_whole() -> None:
    primary = Address("192.0.2.1", 9)
    values = (c.STATE_ESTABLISHED, 65536, 1, 2, 10, 16, 1452, c.PATH_ACTIVE, 4380, 1500, 1_000_000, 1500)
    read = Status._decode(record(dict(enumerate(values)), 7, primary))
    assert read == Status(
        association=read.association,
        state=AssociationState.ESTABLISHED,
        receive_window=65536,
        unacknowledged=1,
        pending=2,
        in_streams=10,
        out_streams=16,
        fragmentation_point=1452,
        primary=PathInfo(
            address=primary, state=PathState.ACTIVE, primary=True, cwnd=4380, srtt=0.0015, rto=1.0, mtu=1500
        ),
    )
    assert read.association == 7
    assert pickle.loads(pickle.dumps(read)) == read
