# SPDX-License-Identifier: MIT
"""Notifications (RFC 6458 §6.1): what one subscribes to is the class that arrives."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sctpx._address import Address
from sctpx._causes import ErrorCause as ErrorCause
from sctpx._ids import AssociationId
from sctpx._native import _contract as c


class CommState(enum.Enum):
    """What became of an association (sac_state)."""

    UP = c.COMM_UP
    LOST = c.COMM_LOST
    RESTARTED = c.COMM_RESTARTED
    SHUTDOWN_COMPLETE = c.COMM_SHUTDOWN_COMPLETE
    CANT_START = c.COMM_CANT_START


class PathEvent(enum.Enum):
    """What became of a path (spc_state)."""

    AVAILABLE = c.PATH_EVENT_AVAILABLE
    UNREACHABLE = c.PATH_EVENT_UNREACHABLE
    REMOVED = c.PATH_EVENT_REMOVED
    ADDED = c.PATH_EVENT_ADDED
    MADE_PRIMARY = c.PATH_EVENT_MADE_PRIMARY
    CONFIRMED = c.PATH_EVENT_CONFIRMED
    POTENTIALLY_FAILED = c.PATH_EVENT_POTENTIALLY_FAILED


class AuthEvent(enum.Enum):
    """What became of a key (RFC 4895)."""

    NEW_KEY = c.AUTH_NEW_KEY
    KEY_FREED = c.AUTH_KEY_FREED
    NO_AUTH = c.AUTH_NO_AUTH


class Outcome(enum.Enum):
    """Of a stream reconfiguration (RFC 6525)."""

    DONE = c.OUTCOME_DONE
    DENIED = c.OUTCOME_DENIED
    FAILED = c.OUTCOME_FAILED


class Direction(enum.Flag):
    """Of streams, seen from here."""

    OUTGOING = c.DIRECTION_OUTGOING
    INCOMING = c.DIRECTION_INCOMING
    BOTH = OUTGOING | INCOMING


class Extension(enum.Enum):
    """What the peer can do."""

    PARTIAL_RELIABILITY = c.EXTENSION_PARTIAL_RELIABILITY
    AUTH = c.EXTENSION_AUTH
    ASCONF = c.EXTENSION_ASCONF
    MULTIPLE_BUFFERS = c.EXTENSION_MULTIPLE_BUFFERS
    RECONFIG = c.EXTENSION_RECONFIG
    INTERLEAVING = c.EXTENSION_INTERLEAVING


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A notification that can be subscribed to, by its class; `subscribe(Event)`: all that the backend has."""

    association: AssociationId


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociationChange(Event):
    """An association came up, ended, or did not start (RFC 6458 §6.1.1)."""

    state: CommState
    cause: ErrorCause
    out_streams: int
    in_streams: int
    extensions: frozenset[Extension] | None
    """None where the stack doesn't tell (Linux)."""
    abort_chunk: bytes
    reason: bytes
    """The peer's words in `abort(reason)`, when it gave some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerAddressChange(Event):
    """Something happened to a path (RFC 6458 §6.1.2)."""

    address: Address
    event: PathEvent
    error: int
    """As the stack gives it (Linux: sctp_sn_error); 0: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteErrorReport(Event):
    """The peer sent an ERROR chunk (RFC 6458 §6.1.3)."""

    cause: ErrorCause
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFailed(Event):
    """A message, or a part of one, was not delivered (RFC 6458 §6.1.11; the deprecated §6.1.4 arrives as this).

    Platforms: of a message that Linux sent and then gave up (`Timed`, `Rtx`) it may not come.
    """

    data: bytes
    sent: bool
    """False: it never left. True: sent, and never acknowledged."""
    cause: ErrorCause
    stream: int
    ppid: int
    unordered: bool
    context: int
    complete: bool
    """False: a part; stacks report a fragmented message in parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerShutdown(Event):
    """The peer sends no more (RFC 6458 §6.1.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptationIndication(Event):
    """The peer's adaptation layer (RFC 6458 §6.1.6)."""

    indication: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDeliveryAborted(Event):
    """The rest of a message will not come (RFC 6458 §6.1.7)."""

    stream: int
    ssn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationEvent(Event):
    """Something happened to a key (RFC 6458 §6.1.8)."""

    event: AuthEvent
    key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderDry(Event):
    """All is sent and acknowledged (RFC 6458 §6.1.9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsStopped(Event):
    """The stack ran out of room for notifications (RFC 6458 §6.1.10). None of today's stacks sends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReset(Event):
    """Streams were reset, or not (RFC 6525 §6.1.1)."""

    direction: Direction
    streams: tuple[int, ...]
    """Empty: all."""
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociationReset(Event):
    """TSNs and streams were reset, or not (RFC 6525 §6.1.2)."""

    local_tsn: int
    remote_tsn: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamChange(Event):
    """Streams were added, or not (RFC 6525 §6.1.3); totals on every platform."""

    out_streams: int
    in_streams: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownNotification:
    """Newer than this sctpx."""

    association: AssociationId | None
    type: int
    raw: bytes


Notification: TypeAlias = (
    AssociationChange
    | PeerAddressChange
    | RemoteErrorReport
    | SendFailed
    | PeerShutdown
    | AdaptationIndication
    | PartialDeliveryAborted
    | AuthenticationEvent
    | SenderDry
    | NotificationsStopped
    | StreamReset
    | AssociationReset
    | StreamChange
    | UnknownNotification
)
"""Closed: `match` and `assert_never` are exhaustive."""
EventType: TypeAlias = type[Event]
OnNotification: TypeAlias = Callable[[Notification], object]
