# SPDX-License-Identifier: MIT
"""The handler alone: no socket, no thread, no network, microseconds."""

import pytest
from sctpx import Outgoing, Ppid
from sctpx.testing import message

from m3ua_heartbeat import BadMessage, Kind, M3ua, answer, decode, encode


@pytest.mark.parametrize(
    ("sent", "back"),
    [(Kind.ASP_UP, Kind.ASP_UP_ACK), (Kind.ASP_DOWN, Kind.ASP_DOWN_ACK), (Kind.BEAT, Kind.BEAT_ACK)],
)
def test_an_acknowledgement_has_the_same_parameters_and_stream(sent: Kind, back: Kind) -> None:
    came = message(encode(sent, b"\x00\x09\x00\x08beat"), stream=3, ppid=Ppid.M3UA)
    assert answer(came) == Outgoing(encode(back, b"\x00\x09\x00\x08beat"), stream=3, ppid=Ppid.M3UA)


def test_an_unknown_type_is_an_error() -> None:
    reply = answer(message(b"\x01\x00\x01\x01\x00\x00\x00\x08", ppid=Ppid.M3UA))
    assert reply is not None
    assert isinstance(reply.data, bytes)
    assert decode(reply.data) == M3ua(Kind.ERROR, bytes.fromhex("000c000800000004"))


@pytest.mark.parametrize("kind", [Kind.BEAT_ACK, Kind.ERROR])
def test_an_answer_is_not_answered(kind: Kind) -> None:
    assert answer(message(encode(kind), ppid=Ppid.M3UA)) is None


def test_another_protocol_is_left_alone() -> None:
    assert answer(message(encode(Kind.BEAT), ppid=Ppid.DIAMETER)) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"\x01", "header"), (b"\x02\x00\x03\x03\x00\x00\x00\x08", "version 2"), (encode(Kind.BEAT) + b"x", "length 8")],
)
def test_what_is_not_m3ua(data: bytes, reason: str) -> None:
    with pytest.raises(BadMessage, match=reason):
        answer(message(data, ppid=Ppid.M3UA))
