# SPDX-License-Identifier: MIT
"""The classes of notifications: closed, frozen, and their symbols those of the border."""

import copy
import enum
import pickle
from dataclasses import FrozenInstanceError, fields
from typing import Any, get_args

import pytest

import sctpx
from sctpx import (
    Address,
    AssociationChange,
    AssociationId,
    AssociationReset,
    AuthenticationEvent,
    AuthEvent,
    CommState,
    Direction,
    ErrorCause,
    Event,
    Extension,
    Feature,
    Notification,
    Outcome,
    PathEvent,
    PeerAddressChange,
    SendFailed,
    StreamReset,
    UnknownNotification,
)
from sctpx._native import _contract as c
from sctpx.options import AssociationState, PathState

SAMPLES: dict[str, Any] = {
    "association": AssociationId(7),
    "state": CommState.UP,
    "cause": ErrorCause.USER_INITIATED_ABORT,
    "extensions": frozenset({Extension.AUTH}),
    "address": Address("192.0.2.1", 9),
    "event": PathEvent.ADDED,
    "outcome": Outcome.DONE,
    "direction": Direction.INCOMING,
    "streams": (1, 2),
    "data": b"data",
    "abort_chunk": b"\x06\0\0\x04",
    "reason": b"enough",
    "raw": b"raw",
    "sent": True,
    "unordered": False,
    "complete": True,
}
SYMBOLS: dict[type[enum.Enum], str] = {
    CommState: "COMM_",
    PathEvent: "PATH_EVENT_",
    AuthEvent: "AUTH_",
    Outcome: "OUTCOME_",
    Direction: "DIRECTION_",
    Extension: "EXTENSION_",
    Feature: "FEATURE_",
    AssociationState: "STATE_",
    PathState: "PATH_",
}


def made(kind: type[Any]) -> Any:
    given = {field.name: SAMPLES.get(field.name, 5) for field in fields(kind)}
    return kind(**{**given, "event": AuthEvent.NEW_KEY} if kind is AuthenticationEvent else given)


@pytest.mark.parametrize("kind", get_args(Notification))
def test_a_notification_is_a_value(kind: type[Any]) -> None:
    one = made(kind)
    assert one == made(kind)
    assert hash(one) == hash(made(kind))
    assert not hasattr(one, "__dict__")
    for same in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert same == one
        assert type(same) is kind
    with pytest.raises(FrozenInstanceError):
        one.association = 8


def test_what_can_be_subscribed_to_is_all_but_the_unknown() -> None:
    public = [kind for kind in vars(sctpx).values() if isinstance(kind, type) and issubclass(kind, Event)]
    assert {*public, UnknownNotification} == {*get_args(Notification), Event}
    assert not issubclass(UnknownNotification, Event)
    assert len(get_args(Notification)) == 14


@pytest.mark.parametrize("kind", SYMBOLS)
def test_symbols_are_those_of_the_border(kind: type[enum.Enum]) -> None:
    prefix = SYMBOLS[kind]
    others = [other for other in SYMBOLS.values() if other != prefix and other.startswith(prefix)]
    border = {
        name.removeprefix(prefix): value
        for name, value in vars(c).items()
        if name.startswith(prefix) and not any(name.startswith(other) for other in others)
    }
    border.pop("KNOWN", None)
    assert {member.name: member.value for member in kind} == border


def test_an_unknown_cause_keeps_its_number() -> None:
    cause = ErrorCause(0xABCD)
    assert (cause, cause.value, cause.name) == (0xABCD, 0xABCD, "UNKNOWN_43981")
    assert cause not in list(ErrorCause)
    assert pickle.loads(pickle.dumps(cause)) == cause
    assert ErrorCause(0xA0) is ErrorCause.DELETE_LAST_ADDRESS
    with pytest.raises(ValueError):
        ErrorCause("none")  # type: ignore[arg-type]


def test_directions_combine() -> None:
    assert Direction.OUTGOING | Direction.INCOMING is Direction.BOTH
    assert Direction(c.DIRECTION_OUTGOING | c.DIRECTION_INCOMING) is Direction.BOTH


def test_notifications_match_by_their_fields() -> None:
    match made(AssociationChange):
        case AssociationChange(state=CommState.UP, reason=reason):
            assert reason == b"enough"
        case other:
            pytest.fail(f"{other!r}")
    match made(StreamReset):
        case AssociationReset() | PeerAddressChange() | SendFailed():
            pytest.fail("another class")
        case StreamReset(outcome=Outcome.DONE, streams=(1, 2)):
            pass
        case other:
            pytest.fail(f"{other!r}")
