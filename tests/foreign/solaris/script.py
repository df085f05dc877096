# SPDX-License-Identifier: MIT
"""A kernel that says what a test tells it to: every call of Solaris' shim is recorded, every answer canned.

Numbers and layouts are illumos', out of the table of its ABI.
"""

import ctypes
import json
import mmap
import socket
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from sctpx._native import _contract as c
from tests.foreign import abi
from tests.foreign.solaris import fakes

N = abi.illumos("x86_64").macros
IPPROTO_SCTP = N["IPPROTO_SCTP"]
PAGE = mmap.PAGESIZE
POLLIN, POLLOUT = 1, 4
CLOCK_TICKS = 100
MEMBERS: dict[str, dict[str, Any]] = {
    name: {member["name"]: member for member in entry["members"]} | {"": entry["size"]}
    for name, entry in json.loads((abi.FOLDER / "illumos.json").read_text(encoding="utf-8"))["structs"].items()
}

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


@dataclass(frozen=True)
class Fails:
    """An answer of -1 with this errno."""

    name: str


@dataclass(frozen=True)
class Gives:
    """Bytes for the caller's buffer."""

    data: bytes


@dataclass(frozen=True)
class Lists:
    """Addresses, in an array that ends where its memory ends."""

    addresses: tuple[bytes, ...]


@dataclass(frozen=True)
class Receives:
    """A message or notification, and what comes with it."""

    data: bytes
    flags: int = N["MSG_EOR"]
    control: bytes = b""
    source: bytes = b""


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple[int, ...]
    data: bytes = b""
    more: bytes = b""


Answer = int | Fails | Gives | Lists | Receives


def pack(struct: str, **values: int | bytes) -> bytes:
    """A struct of illumos'; what is not given is 0."""
    layout = MEMBERS[struct]
    room = bytearray(layout[""])
    for name, value in values.items():
        offset, size = layout[name]["offset"], layout[name]["size"]
        data = value if isinstance(value, bytes) else (value % 256**size).to_bytes(size, "little")
        assert len(data) <= size, (struct, name)
        room[offset : offset + len(data)] = data
    return bytes(room)


def unpack(struct: str, data: bytes, member: str) -> int:
    """A member, signed where it is `int`."""
    layout = MEMBERS[struct][member]
    signed = layout["type"] in {"int", "int32_t", "sctp_assoc_t"}
    return int.from_bytes(data[layout["offset"] :][: layout["size"]], "little", signed=signed)


def sockaddr(host: str, port: int, *, mapped: bool = False) -> bytes:
    """As this kernel has it: IPv4 of an IPv6 socket is mapped."""
    if ":" not in host and not mapped:
        return pack("sockaddr_in", sin_family=N["AF_INET"], sin_port=port.to_bytes(2, "big"),
                    sin_addr=socket.inet_aton(host))  # fmt: skip
    raw = bytes(10) + b"\xff\xff" + socket.inet_aton(host) if mapped else socket.inet_pton(socket.AF_INET6, host)
    return pack("sockaddr_in6", sin6_family=N["AF_INET6"], sin6_port=port.to_bytes(2, "big"), sin6_addr=raw)


def ancillary(type: int, data: bytes) -> bytes:
    """One piece of ancillary data, its head aligned to 4."""
    return pack("cmsghdr", cmsg_len=12 + len(data), cmsg_level=IPPROTO_SCTP, cmsg_type=type) + data


class Script:
    """Plays the kernel while it is entered; `answer` says what comes next of a function, else a plain answer comes."""

    def __init__(self, variant: str = "illumos") -> None:
        self.ffi, self.lib = fakes.load(variant)
        self.calls: list[Call] = []
        self.reached: set[str] = set()
        self.problems: list[str] = []
        self.arrays: dict[int, tuple[int, int]] = {}
        self.options: dict[tuple[int, int], Answer] = {}
        self.events: list[int] = []
        self._answers: dict[str, deque[Answer]] = defaultdict(deque)
        self._descriptors = iter(range(100, 1000))
        self.descriptors: set[int] = set()
        self.bound: dict[int, bytes] = {}
        self._callback = self.ffi.callback("script", self._play, error=-1, onerror=self._raised)
        self._before = 0

    def __enter__(self) -> Self:
        self.lib.fakes_begin(self._callback)
        self._before = self.lib.fakes_blocks()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            assert not self.problems
            assert not self.arrays, "arrays of addresses were not freed"
            assert not self.lib.fakes_misuses(), "a lock was misused"

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """A function of the contract, by its name without sctpx_."""
        self.reached.add(f"sctpx_{name}")
        found: Callable[..., Any] = getattr(self.lib, f"call_sctpx_{name}")
        return found

    def open_(self, family: int, style: int = c.ONE_TO_ONE) -> int:
        """A handle; its descriptor is the next from 100 on."""
        handle = int(self.open(family, style))
        assert handle >= 0, handle
        return handle

    def list_of(self, *addresses: tuple[str, int]) -> tuple[Any, int, int]:
        """A list as functions of the contract take it, its size and its count."""
        room = self.ffi.new("struct sctpx_address[]", len(addresses))
        for record, (host, port) in zip(room, addresses, strict=True):
            six = ":" in host
            record.family = c.FAMILY_IPV6 if six else c.FAMILY_IPV4
            record.port = port
            raw = socket.inet_pton(socket.AF_INET6, host) if six else socket.inet_aton(host)
            self.ffi.memmove(record.bytes, raw, len(raw))
        return room, self.ffi.sizeof(room), len(addresses)

    @property
    def blocks(self) -> int:
        """Blocks of memory that this script has cost so far."""
        return int(self.lib.fakes_blocks()) - self._before

    def answer(self, name: str, *answers: Answer) -> None:
        self._answers[name].extend(answers)

    def made(self, name: str) -> list[Call]:
        """The calls of one function, and forgets all calls."""
        found = [call for call in self.calls if call.name == name]
        self.calls.clear()
        return found

    def _raised(self, kind: object, error: object, trace: object) -> None:
        self.problems.append(repr(error))

    def _play(self, raw: Any, raw_arguments: Any) -> int:
        name = self.ffi.string(raw).decode().removeprefix("__xnet_")
        arguments = tuple(int(raw_arguments[i]) for i in range(6))
        data, more = self._input(name, arguments)
        self.calls.append(Call(name, tuple(argument & 0xFFFFFFFF for argument in arguments), data, more))
        queued = self._answers[name]
        answer = queued.popleft() if queued else self._plain(name, arguments)
        return self._give(name, arguments, answer)

    def _read(self, address: int, size: int) -> bytes:
        return bytes(self.ffi.buffer(self.ffi.cast("char *", address), size)) if address else b""

    def _write(self, address: int, data: bytes) -> None:
        self.ffi.buffer(self.ffi.cast("char *", address), len(data))[:] = data

    def _input(self, name: str, arguments: tuple[int, ...]) -> tuple[bytes, bytes]:
        """What the caller's pointers point to, for the record."""
        if name in {"bind", "connect"}:
            return self._read(arguments[1], arguments[2] & 0xFFFFFFFF), b""
        if name == "setsockopt":
            return self._read(arguments[3], arguments[4] & 0xFFFFFFFF), b""
        if name == "sctp_opt_info":
            return self._read(arguments[3], int.from_bytes(self._read(arguments[4], 4), "little")), b""
        if name == "sctp_bindx":
            return self._bindx(arguments[1], arguments[2] & 0xFFFFFFFF), b""
        if name == "sendmsg":
            return self._message(arguments[1])
        return b"", b""

    def _bindx(self, address: int, count: int) -> bytes:
        family = int.from_bytes(self._read(address, 2), "little")
        return self._read(address, count * (16 if family == N["AF_INET"] else 32))

    def _header(self, address: int, member: str) -> int:
        layout = MEMBERS["msghdr"][member]
        return int.from_bytes(self._read(address + layout["offset"], layout["size"]), "little")

    def _message(self, address: int) -> tuple[bytes, bytes]:
        vector = self._header(address, "msg_iov")
        data = b""
        for i in range(self._header(address, "msg_iovlen")):
            base, length = (int.from_bytes(self._read(vector + 16 * i + at, 8), "little") for at in (0, 8))
            data += self._read(base, length)
        control = self._read(self._header(address, "msg_control"), self._header(address, "msg_controllen"))
        return data, control

    def _plain(self, name: str, arguments: tuple[int, ...]) -> Answer:
        if name in {"socket", "accept", "accept4", "sctp_peeloff"}:
            return next(self._descriptors)
        if name == "sctp_opt_info":
            return self.options.get((IPPROTO_SCTP, arguments[2] & 0xFFFFFFFF), Fails("EINVAL"))
        if name == "getsockopt":
            level, option = arguments[1] & 0xFFFFFFFF, arguments[2] & 0xFFFFFFFF
            assert level != IPPROTO_SCTP, "this kernel refuses getsockopt at the level of SCTP"
            return self.options.get((level, option), Gives(bytes(4)))
        if name == "bind":
            self.bound[arguments[0]] = self.calls[-1].data
        if name == "getsockname":
            return Gives(self.bound.get(arguments[0], sockaddr("0.0.0.0", 0)))
        plain: dict[str, Answer] = {
            "recvmsg": Fails("EAGAIN"), "sctp_getpaddrs": Fails("ENOTCONN"), "getpeername": Fails("ENOTCONN"),
            "sysconf": CLOCK_TICKS,
        }  # fmt: skip
        return plain.get(name, 0)

    def _give(self, name: str, arguments: tuple[int, ...], answer: Answer) -> int:
        if isinstance(answer, Fails):
            self.lib.fakes_errno()[0] = N.get(answer.name, 7)
            return -1
        if isinstance(answer, Gives):
            return self._fill(name, arguments, answer.data)
        if isinstance(answer, Lists):
            return self._list(arguments[2], answer.addresses)
        if isinstance(answer, Receives):
            return self._receive(arguments[1], answer)
        if name in {"socket", "accept", "accept4", "sctp_peeloff"}:
            self.descriptors.add(answer)
        if name == "close":
            self.descriptors.discard(arguments[0])
        if name in {"sctp_freepaddrs", "sctp_freeladdrs"}:
            self._unlist(arguments[0])
        if name == "pipe2":
            self._write(arguments[0], (3).to_bytes(4, "little") + (4).to_bytes(4, "little"))
        if name == "poll":
            return self._poll(arguments[0], arguments[1], arguments[2])
        if name == "sendmsg" and answer == 0:
            return len(self.calls[-1].data)
        return answer

    def _poll(self, polled: int, count: int, timeout: int) -> int:
        """What the next of `events` says of the first descriptor; else time passes."""
        happens = self.events.pop(0) if self.events else 0
        wanted = int.from_bytes(self._read(polled + 4, 2), "little")
        for i in range(count):
            self._write(polled + 8 * i + 6, ((happens & wanted) if i == 0 else 0).to_bytes(2, "little"))
        if happens & wanted:
            return 1
        milliseconds = (timeout & 0xFFFFFFFF) if timeout & 0x80000000 == 0 else 0
        self.lib.fakes_pass(max(milliseconds, 1) * 1_000_000)
        return 0

    def _fill(self, name: str, arguments: tuple[int, ...], data: bytes) -> int:
        named = name in {"getsockname", "getpeername", "accept", "accept4"}
        at, length = (1, 2) if named else (3, 4)
        if name == "uname":
            self._write(arguments[0], data)
            return 0
        room = int.from_bytes(self._read(arguments[length], 4), "little")
        self._write(arguments[at], data[:room])
        self._write(arguments[length], len(data).to_bytes(4, "little"))
        return next(self._descriptors) if name.startswith("accept") else 0

    def _list(self, out: int, addresses: tuple[bytes, ...]) -> int:
        data = b"".join(addresses)
        if not data:
            return 0
        size = -(-len(data) // PAGE) * PAGE
        memory = libc.mmap(None, size + PAGE, 3, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
        libc.mprotect(memory + size, PAGE, 0)
        start = memory + size - len(data)
        self._write(start, data)
        self._write(out, start.to_bytes(8, "little"))
        self.arrays[start] = (memory, size + PAGE)
        return len(addresses)

    def _unlist(self, start: int) -> None:
        """What is freed twice, or was never handed out, is a problem; what is read afterwards, a crash."""
        memory, size = self.arrays.pop(start)
        libc.munmap(memory, size)

    def _receive(self, header: int, message: Receives) -> int:
        layout = MEMBERS["msghdr"]
        vector = self._header(header, "msg_iov")
        base, room = (int.from_bytes(self._read(vector + at, 8), "little") for at in (0, 8))
        assert len(message.data) <= room
        self._write(base, message.data)
        name_room = self._header(header, "msg_namelen")
        assert name_room, "this kernel wants room for a name"
        self._write(self._header(header, "msg_name"), message.source[:name_room])
        assert len(message.control) <= self._header(header, "msg_controllen")
        self._write(self._header(header, "msg_control"), message.control)
        for member, value in (("msg_namelen", len(message.source)), ("msg_controllen", len(message.control)),
                              ("msg_flags", message.flags)):  # fmt: skip
            self._write(header + layout[member]["offset"], value.to_bytes(4, "little"))
        return len(message.data)
