# SPDX-License-Identifier: MIT
"""Messages: values that compare, hash, show, copy, pickle and match."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace

import pytest

from sctpx import (
    Address,
    AssociationId,
    Buf,
    Message,
    MessageInfo,
    NextMessage,
    Outgoing,
    Ppid,
    Prio,
    PrPolicy,
    Reliable,
    Rtx,
    Timed,
)
from sctpx._message import received

SOURCE = Address("192.0.2.1", 3868)
NEXT = NextMessage(stream=1, ppid=2, unordered=True, size=3, complete=False, notification=False)


def info() -> MessageInfo:
    return MessageInfo(
        size=4,
        complete=True,
        stream=1,
        ppid=46,
        unordered=False,
        ssn=2,
        tsn=3,
        cumulative_tsn=2,
        context=0,
        association=AssociationId(7),
        source=SOURCE,
        next=NEXT,
    )


def message(data: bytes = b"data") -> Message:
    return received(data, 4, True, 1, 46, False, 2, 3, 2, 0, AssociationId(7), SOURCE, NEXT)


VALUES: list[Callable[[], object]] = [
    info,
    message,
    lambda: Outgoing(b"x", stream=3, policy=Timed(0.5)),
    lambda: NextMessage(stream=1, ppid=2, unordered=True, size=3, complete=False, notification=False),
    Reliable,
    lambda: Timed(0.5),
    lambda: Rtx(2),
    lambda: Prio(3),
    lambda: Buf(4),
]


@pytest.mark.parametrize("make", VALUES)
def test_a_value_is_one(make: Callable[[], object]) -> None:
    one = make()
    assert is_dataclass(one)
    assert not hasattr(one, "__dict__")
    assert one == make()
    assert hash(one) == hash(make())
    assert repr(one).startswith(type(one).__name__ + "(")
    for same in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert same == one
        assert type(same) is type(one)


def test_the_quick_way_makes_the_same_message() -> None:
    given = {field.name: getattr(info(), field.name) for field in fields(info())}
    assert Message(data=b"data", **given) == message()


def test_a_message_is_no_mere_info() -> None:
    assert isinstance(message(), MessageInfo)
    assert message() != info()
    assert message(b"datb") != message()


def test_a_message_matches_by_its_fields() -> None:
    match message():
        case Message(data=b"data", ppid=Ppid.DIAMETER, stream=stream, source=Address(host=host)):
            assert (stream, host) == (1, "192.0.2.1")
        case other:
            pytest.fail(f"{other!r}")


def test_fields_are_given_by_keyword() -> None:
    with pytest.raises(TypeError):
        Message(b"data")  # type: ignore[call-arg, arg-type]
    with pytest.raises(TypeError):
        Outgoing(b"data", 3)  # type: ignore[call-arg]
    assert replace(Outgoing(b"x"), stream=2) == Outgoing(b"x", stream=2)


def test_what_is_not_said_of_a_message_is_none() -> None:
    one = Outgoing([b"a", bytearray(b"b")])
    told = {field.name: getattr(one, field.name) for field in fields(one) if field.name != "data"}
    assert set(told.values()) == {None, False}


@pytest.mark.parametrize("policy", [Reliable(), Timed(0.5), Rtx(2), Prio(3), Buf(4)])
def test_policies_stay_as_they_are(policy: PrPolicy) -> None:
    for name in [field.name for field in fields(policy)] or ["other"]:
        with pytest.raises((AttributeError, TypeError)):
            setattr(policy, name, 5)
