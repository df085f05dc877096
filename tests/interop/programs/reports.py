# SPDX-License-Identifier: MIT
"""What lksctp-tools' programs print of messages, as they decoded it."""

import re
import socket
from dataclasses import dataclass
from typing import Protocol

from .process import Process
from .programs import SctpDarn, SctpTest

UNORDERED = 1
_SENT = re.compile(
    r"sendmsg\(sk=\d+, assoc=(\d+)\) +(\d+) bytes\.\n\t  SNDRCV\(stream=(\d+) flags=0x(\w+) ppid=(\d+)\n"
)
_RECEIVED = (
    r"Data (\d+) bytes\. First \d+ bytes: (.*)\n"
    r"\t  SNDRCV\(stream=(\d+) ssn=(\d+) tsn=(\d+) flags=0x(\w+) ppid=(\d+)\n"
)
_DARN = (
    r"SNDRCV\n +sinfo_stream (\d+)\n +sinfo_ssn (\d+)\n +sinfo_flags 0x(\w+)\n +sinfo_ppid (\d+)\n +sinfo_context 0\n"
    r" +sinfo_tsn +(\d+)\n +sinfo_cumtsn +\d+\n +sinfo_assoc_id +(\d+)\nDATA\((\d+)\):  "
)


@dataclass(frozen=True)
class Sent:
    size: int
    stream: int
    ppid: int
    unordered: bool


@dataclass(frozen=True)
class Received(Sent):
    start: bytes
    """As much of the data as it printed."""
    ssn: int
    tsn: int
    association: int


def printed_ppid(digits: str) -> int:
    """They print the number as it was sent, in network order."""
    return socket.ntohl(int(digits))


def sent(output: str) -> list[tuple[int, Sent]]:
    """All that a client of sctp_test sent, each with the number of the association."""
    return [
        (int(association), Sent(int(size), int(stream), printed_ppid(ppid), not int(flags, 16) ^ UNORDERED))
        for association, size, stream, flags, ppid in _SENT.findall(output)
    ]


def sctp_test_received(process: Process) -> Received:
    size, start, stream, ssn, tsn, flags, ppid = process.out.expect(_RECEIVED).groups()
    unordered = bool(int(flags, 16) & UNORDERED)
    data = start.encode("latin-1")
    return Received(int(size), int(stream), printed_ppid(ppid), unordered, data, int(ssn), int(tsn), 0)


def sctp_darn_received(process: Process) -> Received:
    stream, ssn, flags, ppid, tsn, association, size = process.out.expect(_DARN).groups()
    # It puts a NUL in the place of the last one.
    data = process.out.take(int(size) - 1)
    unordered = bool(int(flags, 16) & UNORDERED)
    return Received(int(size), int(stream), printed_ppid(ppid), unordered, data, int(ssn), int(tsn), int(association))


class Report(Protocol):
    def __call__(self, process: Process) -> Received: ...


@dataclass(frozen=True)
class Witness:
    """A program that prints what it receives."""

    program: SctpTest | SctpDarn
    report: Report


WITNESSES = {
    "sctp_test": Witness(SctpTest(), sctp_test_received),
    "sctp_test-one-to-one": Witness(SctpTest(("-T",)), sctp_test_received),
    "sctp_darn": Witness(SctpDarn(), sctp_darn_received),
}
