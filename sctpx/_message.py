# SPDX-License-Identifier: MIT
"""Messages, as they come and as they go."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, dataclass_transform

from sctpx._address import Address, PathLike
from sctpx._ids import AssociationId

if TYPE_CHECKING:
    from typing_extensions import Buffer

    Payload: TypeAlias = Buffer | Sequence[Buffer]
else:
    Payload: TypeAlias = "bytes | bytearray | memoryview | Sequence[bytes | bytearray | memoryview]"

_T = TypeVar("_T")
_new = object.__new__


@dataclass_transform(frozen_default=True, eq_default=True)
def _record(cls: type[_T]) -> type[_T]:
    """A slotted dataclass that is frozen for the checkers alone: truly frozen, 13 fields take ten times as long."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


@dataclass(frozen=True, slots=True)
class Reliable:
    """Never give up."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Give up after `lifetime` seconds (RFC 3758).

    Platforms: userland looks at it only before it retransmits: what waited too long for its first time is still sent.
    """

    lifetime: float


@dataclass(frozen=True, slots=True)
class Rtx:
    """Give up after so many retransmissions (RFC 7496)."""

    retransmissions: int


@dataclass(frozen=True, slots=True)
class Prio:
    """Give way to more important messages: those of a lower value (RFC 7496)."""

    priority: int


@dataclass(frozen=True, slots=True)
class Buf:
    """Give way when the send buffer is full (FreeBSD, userland)."""

    priority: int


PrPolicy: TypeAlias = Reliable | Timed | Rtx | Prio | Buf
"""How long a message is worth sending."""


@_record
class NextMessage:
    """What waits behind a message (RFC 6458 §5.3.6)."""

    _: KW_ONLY
    stream: int
    ppid: int
    unordered: bool
    size: int
    complete: bool
    notification: bool


@_record
class MessageInfo:
    """What came with a message or a piece of one (RFC 6458 §5.3.5). `recv_into` returns one."""

    _: KW_ONLY
    size: int
    """Bytes received."""
    complete: bool
    """False: more of this message follows."""
    stream: int
    ppid: int
    """Host order."""
    unordered: bool
    ssn: int
    tsn: int
    cumulative_tsn: int
    context: int
    association: AssociationId
    """Of a one-to-one socket too, where it never is needed."""
    source: Address
    """The peer's address that it came from."""
    next: NextMessage | None
    """Only with the stack's next-message information on."""


@_record
class Message(MessageInfo):
    """A whole message. May be passed to `send_many` as it is: data, stream, ppid and ordering are kept."""

    _: KW_ONLY
    data: bytes


def received(
    data: bytes,
    size: int,
    complete: bool,
    stream: int,
    ppid: int,
    unordered: bool,
    ssn: int,
    tsn: int,
    cumulative_tsn: int,
    context: int,
    association: AssociationId,
    source: Address,
    next: NextMessage | None,
) -> Message:
    """A Message, for the receiving path: thirteen arguments by keyword would take five times as long."""
    made: Any = _new(Message)
    made.data = data
    made.size = size
    made.complete = complete
    made.stream = stream
    made.ppid = ppid
    made.unordered = unordered
    made.ssn = ssn
    made.tsn = tsn
    made.cumulative_tsn = cumulative_tsn
    made.context = context
    made.association = association
    made.source = source
    made.next = next
    return made  # type: ignore[no-any-return]


@_record
class Outgoing:
    """A message to be sent by `send_many`; the fields are `send`'s arguments."""

    data: Payload
    _: KW_ONLY
    stream: int | None = None
    ppid: int | None = None
    unordered: bool | None = None
    context: int | None = None
    policy: PrPolicy | None = None
    path: PathLike | None = None
    sack_immediately: bool = False
