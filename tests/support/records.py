# SPDX-License-Identifier: MIT
"""What a traffic program (traffic_end.py) tells of its side, a JSON object a line; times are of the monotonic clock."""

import json
import random
from dataclasses import dataclass

from tests.support.effort import SEED

_POOL = 1 << 20
_random_bytes: list[bytes] = []


def content(number: int, size: int) -> bytes:
    """The bytes of a message, known to both ends by its number (its PPID) and size."""
    if not _random_bytes:
        block = random.Random(f"{SEED} traffic").randbytes(_POOL)
        _random_bytes.append(block + block)
    start = number * 7919 % _POOL
    return _random_bytes[0][start : start + size]


def context(number: int) -> int:
    """What a message is sent with, so that a report without its PPID could not be taken for right."""
    return number ^ 0x5A5A5A5A


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(Record):
    """A message is about to be handed to the stack; said before, for a program that is killed meanwhile."""

    number: int
    stream: int
    size: int
    ordered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaken(Record):
    """`send` raised: this message never was the stack's."""

    number: int
    error: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Record):
    number: int
    stream: int
    size: int
    ordered: bool
    good: bool
    """Its bytes are those of its number and size."""
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Record):
    """A SendFailed."""

    number: int
    stream: int
    size: int
    context: int
    sent: bool
    complete: bool
    cause: str
    at: int
    """Where in the message it lies, behind earlier parts; -1: it is no such part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Association(Record):
    """An AssociationChange."""

    state: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(Record):
    """A PeerAddressChange."""

    event: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Other(Record):
    """Any other notification, by its class."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised(Record):
    """Receiving raised."""

    error: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Record):
    """Receiving came to the association's orderly end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Record):
    """To a command, or to `listening` and `connected` unasked."""

    to: str
    value: object


KINDS: dict[str, type[Record]] = {
    kind.__name__: kind
    for kind in (Offered, NotTaken, Received, Reported, Association, Path, Other, Raised, Ended, Answer)
}


def dump(record: Record) -> str:
    fields = {"t": record.t} | {name: getattr(record, name) for name in type(record).__slots__}
    return json.dumps({"is": type(record).__name__, **fields}, separators=(",", ":"))


def load(line: str) -> Record:
    fields = json.loads(line)
    return KINDS[fields.pop("is")](**fields)
