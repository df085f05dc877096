# SPDX-License-Identifier: MIT
"""Decoded notifications as objects: each event's fields in their places, and what is unknown or broken."""

import struct
import sys
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sctpx
from sctpx import (
    AssociationId,
    AuthEvent,
    CommState,
    Direction,
    ErrorCause,
    Extension,
    Notification,
    Outcome,
    PathEvent,
    UnknownNotification,
)
from sctpx._native import _codec
from sctpx._native import _contract as c
from sctpx._native._decode import _BUILDERS, EVENTS, abort_chunk_of, decode, reason_of
from sctpx._native._module import Module
from tests.unit.fake import PEER, FakeLib, ffi, notification

MODULE = Module("userland", ffi, FakeLib())
ID = AssociationId(3)
KNOWN = c.EXTENSION_KNOWN


def decoded(event: int, data: bytes = b"", **fields: int) -> Notification:
    return decode(MODULE, notification(event, data, end=True, **fields)[1])


def cause(code: int, words: bytes) -> bytes:
    return struct.pack("!HH", code, 4 + len(words)) + words + bytes(-len(words) % 4)


def abort(*causes: bytes) -> bytes:
    return struct.pack("!BBH", 6, 0, 4 + len(b"".join(causes))) + b"".join(causes)


@pytest.mark.parametrize(
    ("notification", "expected"),
    [
        (
            decoded(c.EVENT_ASSOCIATION, state=c.COMM_UP, out_streams=10, in_streams=20),
            sctpx.AssociationChange(
                association=ID, state=CommState.UP, cause=ErrorCause.NONE, out_streams=10, in_streams=20,
                extensions=None, abort_chunk=b"", reason=b"",
            ),
        ),
        (
            decoded(c.EVENT_ASSOCIATION, abort(cause(12, b"no")), state=c.COMM_LOST, cause=12, extensions=KNOWN),
            sctpx.AssociationChange(
                association=ID, state=CommState.LOST, cause=ErrorCause.USER_INITIATED_ABORT, out_streams=0,
                in_streams=0, extensions=frozenset(), abort_chunk=abort(cause(12, b"no")), reason=b"no",
            ),
        ),
        (
            decoded(c.EVENT_REMOTE_ERROR, b"what", cause=999),
            sctpx.RemoteErrorReport(association=ID, cause=ErrorCause(999), data=b"what"),
        ),
        (
            decoded(c.EVENT_SEND_FAILED, b"lost", state=1, cause=1, stream=4, ppid=46, context=5,
                    flags=c.FAILED_UNORDERED),
            sctpx.SendFailed(
                association=ID, data=b"lost", sent=True, cause=ErrorCause.INVALID_STREAM, stream=4, ppid=46,
                unordered=True, context=5, complete=False,
            ),
        ),
        (
            decoded(c.EVENT_SEND_FAILED, b"", flags=c.FAILED_COMPLETE),
            sctpx.SendFailed(
                association=ID, data=b"", sent=False, cause=ErrorCause.NONE, stream=0, ppid=0, unordered=False,
                context=0, complete=True,
            ),
        ),
        (decoded(c.EVENT_PEER_SHUTDOWN), sctpx.PeerShutdown(association=ID)),
        (decoded(c.EVENT_ADAPTATION, value=7), sctpx.AdaptationIndication(association=ID, indication=7)),
        (
            decoded(c.EVENT_PARTIAL_DELIVERY, stream=2, ssn=9),
            sctpx.PartialDeliveryAborted(association=ID, stream=2, ssn=9),
        ),
        (
            decoded(c.EVENT_AUTHENTICATION, state=c.AUTH_KEY_FREED, value=2),
            sctpx.AuthenticationEvent(association=ID, event=AuthEvent.KEY_FREED, key=2),
        ),
        (decoded(c.EVENT_SENDER_DRY), sctpx.SenderDry(association=ID)),
        (decoded(c.EVENT_STOPPED), sctpx.NotificationsStopped(association=ID)),
        (
            decoded(c.EVENT_STREAM_RESET, struct.pack("=3H", 1, 2, 65535), state=c.OUTCOME_DONE,
                    direction=c.DIRECTION_INCOMING),
            sctpx.StreamReset(
                association=ID, direction=Direction.INCOMING, streams=(1, 2, 65535), outcome=Outcome.DONE
            ),
        ),
        (
            decoded(c.EVENT_STREAM_RESET, b"", state=c.OUTCOME_DENIED, direction=3),
            sctpx.StreamReset(association=ID, direction=Direction.BOTH, streams=(), outcome=Outcome.DENIED),
        ),
        (
            decoded(c.EVENT_ASSOCIATION_RESET, state=c.OUTCOME_FAILED, value=1, value2=2),
            sctpx.AssociationReset(association=ID, local_tsn=1, remote_tsn=2, outcome=Outcome.FAILED),
        ),
        (
            decoded(c.EVENT_STREAM_CHANGE, state=c.OUTCOME_DONE, out_streams=8, in_streams=4),
            sctpx.StreamChange(association=ID, out_streams=8, in_streams=4, outcome=Outcome.DONE),
        ),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_each_event_has_its_fields(notification: Notification, expected: Notification) -> None:
    assert notification == expected
    assert type(notification) is type(expected)


@pytest.mark.parametrize("event", PathEvent)
def test_a_path_event_names_the_path(event: PathEvent) -> None:
    _, raw = notification(c.EVENT_PATH, state=event.value, error=-1)
    at = c.NOTIFICATION_FIELDS.index("address") * 8
    named = raw[:at] + _codec.pack(PEER) + raw[at + c.ADDRESS.size :]
    change = sctpx.PeerAddressChange(association=ID, address=PEER, event=event, error=-1)
    assert decode(MODULE, named) == change
    nameless = decode(MODULE, raw)
    assert isinstance(nameless, sctpx.PeerAddressChange)
    assert nameless.address == ("", 0)


@given(st.sets(st.sampled_from(list(Extension))), st.booleans())
def test_extensions(extensions: set[Extension], known: bool) -> None:
    bits = sum(one.value for one in extensions) | (KNOWN if known else 0)
    change = decoded(c.EVENT_ASSOCIATION, state=c.COMM_UP, extensions=bits)
    assert isinstance(change, sctpx.AssociationChange)
    assert change.extensions == (frozenset(extensions) if known else None)


def test_an_event_of_no_known_number() -> None:
    _, raw = notification(99, b"data", native_type=0x8042)
    assert decode(MODULE, raw) == UnknownNotification(association=ID, type=0x8042, raw=raw)
    _, raw = notification(c.EVENT_UNKNOWN, native_type=5, association=0)
    assert decode(MODULE, raw) == UnknownNotification(association=None, type=5, raw=raw)


@pytest.mark.parametrize(
    "event", [c.EVENT_ASSOCIATION, c.EVENT_PATH, c.EVENT_AUTHENTICATION, c.EVENT_STREAM_RESET, c.EVENT_STREAM_CHANGE]
)
def test_a_state_of_no_known_number(event: int) -> None:
    _, raw = notification(event, state=77, native_type=0x8001)
    assert decode(MODULE, raw) == UnknownNotification(association=ID, type=0x8001, raw=raw)


@given(st.binary(max_size=c.NOTIFICATION.size - 1))
def test_what_is_too_short_is_unknown(raw: bytes) -> None:
    kind = int.from_bytes(raw[:2], sys.byteorder)
    assert decode(MODULE, raw) == UnknownNotification(association=None, type=kind, raw=raw)


@given(st.binary(min_size=c.NOTIFICATION.size, max_size=c.NOTIFICATION.size + 64), st.integers(0, 14))
def test_nothing_that_a_stack_says_raises(raw: bytes, event: int) -> None:
    at = struct.calcsize("=q24s")
    decode(MODULE, raw[:at] + struct.pack("=I", event) + raw[at + 4 :])


@given(st.binary(max_size=60))
def test_nothing_in_an_abort_raises(chunk: bytes) -> None:
    reason_of(chunk)


@pytest.mark.parametrize(
    ("chunk", "reason"),
    [
        (b"", b""),
        (abort(), b""),
        (abort(cause(12, b"")), b""),
        (abort(cause(12, b"enough")), b"enough"),
        (abort(cause(1, b"\0\3\0\0"), cause(12, b"then")), b"then"),
        (abort(cause(3, b"odd"), cause(12, b"padded")), b"padded"),
        (abort(struct.pack("!HH", 12, 2)), b""),
        (abort(struct.pack("!HH", 1, 0)), b""),
        (abort(struct.pack("!HH", 12, 400) + b"cut"), b"cut"),
    ],
)
def test_the_peers_words(chunk: bytes, reason: bytes) -> None:
    assert reason_of(chunk) == reason


def test_every_event_can_be_built_and_subscribed_to() -> None:
    numbers = {value for name, value in vars(c).items() if name.startswith("EVENT_") and value}
    assert set(_BUILDERS) == set(EVENTS.values()) == numbers
    assert {*EVENTS, UnknownNotification} == set(get_args(Notification))


def test_causes_alone_become_an_abort_chunk() -> None:
    chunk = abort(cause(12, b"no"))
    assert abort_chunk_of(chunk) == chunk
    assert abort_chunk_of(chunk[4:]) == chunk
    assert abort_chunk_of(b"") == b""


def test_causes_longer_than_a_chunk_can_say_become_one_all_the_same() -> None:
    chunk = abort_chunk_of(cause(1, bytes(0xFFFB)))
    assert chunk[:4] == struct.pack("!BBH", 6, 0, 0xFFFF)
