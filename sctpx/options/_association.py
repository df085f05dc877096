# SPDX-License-Identifier: MIT
"""Timers, limits and state of an association."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from sctpx._address import Address
from sctpx._ids import AssociationId
from sctpx._native import _contract as c
from sctpx._option_record import OptionRecord
from sctpx.options._base import AssociationGettable, AssociationOption, EndpointOption
from sctpx.options._codec import COUNT16, Seconds, Whole
from sctpx.options._fields import NOT_GIVEN, Fields, fields_option
from sctpx.options._path import PathInfo

_RTO = Seconds(most=3600.0)
_INITIAL, _MIN, _MAX = range(3)


@fields_option
class RtoInfo(AssociationOption["RtoInfo"], Fields):
    """Retransmission time-outs (RFC 6458 §8.1.1), seconds, at most 3600.

    An `initial` that is not given is moved into `min`..`max`: some stacks refuse it outside.
    """

    _symbol = c.OPT_RTO_INFO
    _codecs = (("initial", _RTO), ("min", _RTO), ("max", _RTO))
    _completes = True
    initial: float = NOT_GIVEN
    min: float = NOT_GIVEN
    max: float = NOT_GIVEN

    def _judge(self) -> None:
        given = self._given()
        least, most = given.get("min"), given.get("max")
        if least is not None and most is not None and least > most:
            raise ValueError(f"RtoInfo: min {least} is above max {most}")

    @staticmethod
    def _complete(fields: dict[int, int], current: tuple[int, ...]) -> Mapping[int, int]:
        if _INITIAL in fields:
            return fields
        least, most = fields.get(_MIN, current[_MIN]), fields.get(_MAX, current[_MAX])
        moved = sorted((least, current[_INITIAL], most))[1]
        return fields if moved == current[_INITIAL] else {**fields, _INITIAL: moved}


@fields_option
class AssociationInfo(AssociationOption["AssociationInfo"], Fields):
    """Limits of an association (RFC 6458 §8.1.2)."""

    _symbol = c.OPT_ASSOCIATION_INFO
    _codecs = (
        ("max_retransmissions", COUNT16),
        ("cookie_life", Seconds()),
        ("peer_destinations", Whole()),
        ("peer_receive_window", Whole()),
        ("local_receive_window", Whole()),
    )
    max_retransmissions: int = NOT_GIVEN
    cookie_life: float = NOT_GIVEN
    """Seconds."""
    peer_destinations: int = field(init=False)
    """Addresses of the peer; this and the windows, in bytes, can only be read."""
    peer_receive_window: int = field(init=False)
    local_receive_window: int = field(init=False)


@fields_option
class InitMessage(EndpointOption["InitMessage"], Fields):
    """What is asked for when an association begins (RFC 6458 §8.1.3)."""

    _symbol = c.OPT_INIT_MESSAGE
    _codecs = (
        ("out_streams", COUNT16),
        ("max_in_streams", COUNT16),
        ("max_attempts", COUNT16),
        ("max_timeout", Seconds(most=65.535)),
    )
    out_streams: int = NOT_GIVEN
    max_in_streams: int = NOT_GIVEN
    """A peer may ask for so many, and each takes memory: 2048 on userland and 65535 on Linux unless this says less."""
    max_attempts: int = NOT_GIVEN
    max_timeout: float = NOT_GIVEN
    """Of one INIT, seconds."""


@fields_option
class DelayedSack(AssociationOption["DelayedSack"], Fields):
    """How long a SACK may wait (RFC 6458 §8.1.19)."""

    _symbol = c.OPT_DELAYED_SACK
    _codecs = (("delay", Seconds(most=0.5)), ("frequency", Whole(1)))
    delay: float = NOT_GIVEN
    """Seconds, at most 0.5. Platforms: Linux shows 0 where the frequency is 1."""
    frequency: int = NOT_GIVEN
    """Packets to a SACK; 1: no delay."""


class AssociationState(enum.Enum):
    """The state of an association (RFC 9260 §4)."""

    CLOSED = c.STATE_CLOSED
    BOUND = c.STATE_BOUND
    LISTEN = c.STATE_LISTEN
    COOKIE_WAIT = c.STATE_COOKIE_WAIT
    COOKIE_ECHOED = c.STATE_COOKIE_ECHOED
    ESTABLISHED = c.STATE_ESTABLISHED
    SHUTDOWN_PENDING = c.STATE_SHUTDOWN_PENDING
    SHUTDOWN_SENT = c.STATE_SHUTDOWN_SENT
    SHUTDOWN_RECEIVED = c.STATE_SHUTDOWN_RECEIVED
    SHUTDOWN_ACK_SENT = c.STATE_SHUTDOWN_ACK_SENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(AssociationGettable["Status"]):
    """How an association is (RFC 6458 §8.2.1); can only be read."""

    _symbol: ClassVar[int] = c.OPT_STATUS
    association: AssociationId
    state: AssociationState
    receive_window: int
    """The peer's, bytes."""
    unacknowledged: int
    """DATA chunks."""
    pending: int
    """DATA chunks waiting to be read."""
    in_streams: int
    out_streams: int
    fragmentation_point: int
    """Bytes."""
    primary: PathInfo

    @classmethod
    def _decode(cls, record: OptionRecord) -> "Status":
        state, window, unacknowledged, pending, incoming, outgoing, point, *path = record.fields
        return cls(
            association=AssociationId(record.association),
            state=AssociationState(state),
            receive_window=window,
            unacknowledged=unacknowledged,
            pending=pending,
            in_streams=incoming,
            out_streams=outgoing,
            fragmentation_point=point,
            primary=PathInfo._of(  # pyright: ignore[reportPrivateUsage]
                tuple(path), record.address or Address("", 0), primary=True
            ),
        )
