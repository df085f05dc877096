# SPDX-License-Identifier: MIT
"""What the fuzzers begin with: notifications that the stacks sent, and a call of each kind with an answer that fits.

The first byte is the parser's number in fuzz.c; what follows are its arguments in the order in which it takes them.
"""

import socket
import struct
from collections.abc import Iterator
from pathlib import Path

from sctpx._native import _contract as c

HERE = Path(__file__).resolve().parent
NOTIFICATION, ADDRESS_FROM, LIST_FROM, LIST_TO, DESCRIBE = range(5)
GET, SET, RAW, RECEIVE, ADDRESSES, SEND, LISTS = range(5, 12)
CONTROL, WATCH = 12, 13
KINDS = 4
IPV4 = struct.pack("=HH4s8x", socket.AF_INET, 0, bytes([127, 0, 0, 1]))
LOCALHOST = bytes([127, 0, 0, 1, *bytes(18), 1, 0])  # as fuzz.c takes it
IPV6 = struct.pack("=HHI16sI", socket.AF_INET6, 0, 0, bytes(15) + b"\1", 0)


def notifications(backend: str) -> list[bytes]:
    """What the stack sent once (see capture.py), and one of each number that it may send, long enough for any."""
    text = (HERE / f"notifications_{backend}.txt").read_text(encoding="ascii")
    real = [bytes.fromhex(line) for line in text.split()]
    first = 0x8000 if backend == "linux" else 0
    made = [struct.pack("=HHIIHH", first + number, 4, 200, 1, 1, 1) + bytes(184) for number in range(1, 20)]
    return [*real, *made]


def calls(backend: str) -> Iterator[bytes]:
    """Calls on a handle of each kind: its number and state, then what is asked, then what the stack says."""
    answer = bytes([0] * 4 + [1] * 60 + [0] * 60)
    for kind in range(KINDS):
        for option in [value for name, value in vars(c).items() if name.startswith("OPT_") and isinstance(value, int)]:
            yield bytes([GET, kind, 3, option, 0, 1, *range(22), 4, 0]) + answer
            for given in (1, 2, 7, 0xFF):
                fields = bytes([1, 1] * given.bit_count())
                yield bytes([SET, kind, 3, option, 0, 0]) + struct.pack("=H", given) + fields + answer
        yield bytes([RAW, kind, 3, 0]) + struct.pack("=HHB", socket.SOL_SOCKET, socket.SO_LINGER, 8) + answer
        yield bytes([RECEIVE, kind, 3, 2]) + struct.pack("=H", 256) + received(backend) * 3
        yield bytes([ADDRESSES, kind, 3, 4, 0]) + bytes(24) + bytes([0, 3]) + (IPV4 + bytes(112)) * 3
        yield bytes([ADDRESSES, kind, 3, 200, 0]) + LOCALHOST + too_many(backend)
        yield bytes([SEND, kind, 3, 2, 1]) + (outgoing() + LOCALHOST) * 2 + bytes([4, 4]) + answer
        for call in range(3):
            yield bytes([LISTS, kind, 3, call, *bytes(6), 2, 9, 0, 1]) + LOCALHOST * 2


def too_many(backend: str) -> bytes:
    """More associations than there is room for, to all who list them; who asks for something else is refused."""
    listed = b"\0" + struct.pack("=I", 200) + bytes(64 * 4 + 1)
    if backend == "linux":
        return bytes(4) + listed + bytes([7, 8]) + listed
    return bytes([7, 0, 0, 7, 0]) + bytes(6) + listed


def received(backend: str) -> bytes:
    """What recvmsg or usrsctp_recvv answers in the fuzzers' stack."""
    if backend == "linux":
        return bytes([4, 0, 0]) + b"data" + bytes([len(control())]) + control() + bytes([16]) + IPV4 + b"\1\0"
    return bytes([4, 0, 0]) + b"data" + bytes([16]) + IPV4 + bytes([56]) + bytes(range(56)) + bytes([3, 1, 0])


def control() -> bytes:
    """SCTP_RCVINFO and SCTP_NXTINFO as Linux lays them out."""
    current = struct.pack("=HHHxxIIIIi", 1, 2, 4, 5, 6, 7, 8, 9)
    following = struct.pack("=HHIIi", 1, 4, 5, 100, 9)
    return b"".join(
        struct.pack("=Qii", 16 + len(data), socket.IPPROTO_SCTP, kind) + data + bytes(-len(data) % 8)
        for kind, data in ((3, current), (4, following))
    )


def outgoing() -> bytes:
    flags = c.SEND_STREAM | c.SEND_PPID | c.SEND_PATH | c.SEND_POLICY
    return c.OUTGOING.pack(9, 1000, LOCALHOST, flags, 1, 1, 1, 1, 0, 0, 0)


def seeds(backend: str) -> Iterator[bytes]:
    for raw in notifications(backend):
        yield bytes([NOTIFICATION]) + raw
        yield bytes([WATCH, 0, 3, 1]) + raw
    for native in (IPV4, IPV6):
        yield bytes([ADDRESS_FROM, 1]) + native
        yield bytes([LIST_FROM, 1]) + struct.pack("=IBB", 3, 0, 2) + native * 3
    yield bytes([LIST_TO, 1, 2, 9, 0, 1]) + LOCALHOST * 2
    yield from (bytes([DESCRIBE, 200, topic, 1]) for topic in range(1, 6))
    yield bytes([CONTROL]) + control()
    yield from calls(backend)


def write(backend: str, folder: Path) -> int:
    """The corpus as files of that folder; how many."""
    listed = list(seeds(backend))
    for number, seed in enumerate(listed):
        (folder / f"{number:04}").write_bytes(seed)
    return len(listed)
