# SPDX-License-Identifier: MIT
"""SCTP by the standard library's sockets, with ancillary data and notifications packed and read by hand.

Written from RFC 6458 (§5.3, §6.1, §8.1) and the numbers of Linux's <linux/sctp.h>, with nothing of sctpx.
"""

import socket
import struct
from dataclasses import dataclass

from tests.support.common import LIMIT

SCTP = socket.IPPROTO_SCTP
INITMSG, EVENTS, RECVRCVINFO = 2, 11, 32
SNDRCV, SNDINFO, RCVINFO = 1, 2, 3
UNORDERED, ABORT, EOF = 1, 4, 0x200
NOTIFICATION = 0x8000
ASSOC_CHANGE, SHUTDOWN_EVENT = 0x8001, 0x8005
COMM_UP, COMM_LOST, SHUTDOWN_COMP = 0, 1, 3
LARGE = 1 << 17

# The PPID is four bytes as they are on the wire.
_SNDRCV = struct.Struct("@HHH2x4sIIIIi")  # stream, SSN, flags, PPID, context, time to live, TSN, cumulative TSN, id
_SNDINFO = struct.Struct("@HH4sIi")  # stream, flags, PPID, context, id
_RCVINFO = struct.Struct("@HHH2x4sIIIi")  # stream, SSN, flags, PPID, TSN, cumulative TSN, context, id
_NOTIFICATION = struct.Struct("@HHI")  # type, flags, length
_ASSOC_CHANGE = struct.Struct("@HHIH2sHHi")  # those, state, error (in network order), streams out and in, id


@dataclass(frozen=True)
class Info:
    """How a message came."""

    stream: int
    ssn: int
    unordered: bool
    ppid: int
    tsn: int
    cumulative_tsn: int
    association: int


@dataclass(frozen=True)
class Change:
    """An association change."""

    state: int
    cause: int
    out_streams: int
    in_streams: int
    association: int
    causes: bytes
    """Of an ABORT chunk: Linux leaves out the header, which RFC 6458 §6.1.1 wants too."""


@dataclass(frozen=True)
class Arrived:
    data: bytes
    flags: int
    info: Info | None
    source: tuple[str, int]

    @property
    def type(self) -> int:
        """Which notification it is, 0 for a message."""
        return int(_NOTIFICATION.unpack_from(self.data)[0]) if self.flags & NOTIFICATION else 0

    @property
    def change(self) -> Change:
        kind, _, length, state, error, out, into, association = _ASSOC_CHANGE.unpack_from(self.data)
        assert (kind, length) == (ASSOC_CHANGE, len(self.data))
        cause = int.from_bytes(error, "big")
        return Change(state, cause, out, into, association, self.data[_ASSOC_CHANGE.size :])


def plain(kind: socket.SocketKind = socket.SOCK_STREAM) -> socket.socket:
    """A socket on a loopback address, which is told of everything that happens to its associations."""
    sock = socket.socket(socket.AF_INET, kind, SCTP)
    sock.settimeout(LIMIT)
    sock.bind(("127.0.0.1", 0))
    sock.setsockopt(SCTP, EVENTS, struct.pack("@8B", 1, 1, 0, 0, 0, 1, 0, 0))  # SNDRCV, changes, shutdowns
    return sock


def streams(sock: socket.socket, out: int, into: int) -> None:
    sock.setsockopt(SCTP, INITMSG, struct.pack("@HHHH", out, into, 0, 0))


def send(
    sock: socket.socket,
    data: bytes,
    *,
    kind: int = SNDINFO,
    stream: int = 0,
    ppid: int = 0,
    flags: int = 0,
    association: int = 0,
    to: tuple[str, int] | None = None,
) -> None:
    wire = ppid.to_bytes(4, "big")
    if kind == SNDINFO:
        info = _SNDINFO.pack(stream, flags, wire, 0, association)
    else:
        info = _SNDRCV.pack(stream, 0, flags, wire, 0, 0, 0, 0, association)
    ancillary = [(SCTP, kind, info)]
    sent = sock.sendmsg([data], ancillary, 0, to) if to else sock.sendmsg([data], ancillary)
    # Of the reason of an abort Linux tells no length.
    assert sent == (0 if flags & ABORT else len(data))


def receive(sock: socket.socket, flags: int = 0) -> Arrived:
    """What comes next, which is told of in one way."""
    data, ancillary, got, source = sock.recvmsg(LARGE, 1024, flags)
    infos = [_info(kind, value) for level, kind, value in ancillary if level == SCTP]
    assert len(infos) <= 1
    return Arrived(data, got, infos[0] if infos else None, source)


def message(sock: socket.socket) -> tuple[bytes, Info]:
    """The next message; notifications are dropped."""
    while True:
        arrived = receive(sock)
        if arrived.flags & NOTIFICATION == 0:
            assert arrived.flags & socket.MSG_EOR and arrived.info
            return arrived.data, arrived.info


def change(sock: socket.socket) -> Change:
    """The next association change; all else is dropped."""
    while True:
        arrived = receive(sock)
        if arrived.type == ASSOC_CHANGE:
            return arrived.change


def _info(kind: int, value: bytes) -> Info:
    if kind == RCVINFO:
        stream, ssn, flags, ppid, tsn, cumulative, _, association = _RCVINFO.unpack(value)
    else:
        assert kind == SNDRCV
        stream, ssn, flags, ppid, _, _, tsn, cumulative, association = _SNDRCV.unpack(value)
    return Info(stream, ssn, bool(flags & UNORDERED), int.from_bytes(ppid, "big"), tsn, cumulative, association)
