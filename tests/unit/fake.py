# SPDX-License-Identifier: MIT
"""A backend module without a stack: every call is recorded, every answer scripted. Satisfies `_protocol.Lib`."""

import re
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cffi import FFI

from sctpx._address import Address
from sctpx._native import _codec
from sctpx._native import _contract as c
from sctpx._native._channel import Channel
from sctpx._native._module import Module

HEADER = Path(__file__).parents[2] / "backends/sctpx.h"
_SPAN = re.compile(r"/\* == cdef begins == \*/(.*)/\* == cdef ends == \*/", re.DOTALL)

ffi = FFI()
_found = _SPAN.search(HEADER.read_text(encoding="utf-8"))
assert _found is not None
ffi.cdef(_found.group(1))

PEER = Address("192.0.2.1", 3868)
# What the stack gives in one receive call: an errno symbol, 0 for the end, or records with their bytes.
Received = tuple[dict[str, int], bytes]


class FakeLib:
    """`lib` with a queue of things to receive; other calls answer `results[name]`, at first 0."""

    def __init__(self, style: int = c.ONE_TO_ONE, family: int = c.FAMILY_IPV4) -> None:
        self.style = style
        self.family = family
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.results: dict[str, int | Callable[..., int]] = {"sctpx_udp_port": -c.EUNSUPPORTED}
        self.incoming: deque[int | list[Received]] = deque()
        self.sent: list[tuple[bytes, bytes]] = []

    def __getattr__(self, name: str) -> Callable[..., int]:
        if not name.startswith("sctpx_"):
            raise AttributeError(name)

        def call(*arguments: Any) -> int:
            self.calls.append((name, arguments))
            result = self.results.get(name, 0)
            return result(*arguments) if callable(result) else result

        return call

    def sctpx_family_of(self, handle: int) -> int:
        return self.family

    def sctpx_style_of(self, handle: int) -> int:
        return self.style

    def sctpx_send(self, handle: int, how: Any, data: Any, length: int, timeout: int) -> int:
        result = self.results.get("sctpx_send", 0)
        if isinstance(result, int) and result < 0:
            return result
        raw = bytes(ffi.buffer(how, c.OUTGOING.size)) if how else b""
        self.sent.append((raw, bytes(data) if isinstance(data, bytes) else bytes(ffi.buffer(data, length))))
        return 0

    def sctpx_receive(self, handle: int, records: Any, count: int, arena: Any, size: int, timeout: int) -> int:
        if not self.incoming:
            return -c.EAGAIN
        given = self.incoming.popleft()
        if isinstance(given, int):
            return given
        offset = 0
        for at, (fields, data) in enumerate(given):
            record = records[at]
            for name, value in fields.items():
                setattr(record, name, value)
            ffi.memmove(ffi.addressof(record, "source"), _codec.pack(PEER), c.ADDRESS.size)
            record.offset, record.length = offset, len(data)
            ffi.memmove(arena + offset, data, len(data))
            offset += len(data)
        return len(given)

    def sctpx_notification_decode(self, raw: Any, length: int, out: Any) -> int:
        """Here a raw notification is the record itself, then its data."""
        if length < c.NOTIFICATION.size:
            return -c.EINVAL
        ffi.memmove(out, raw, c.NOTIFICATION.size)
        out.data_offset = c.NOTIFICATION.size
        out.data_length = length - c.NOTIFICATION.size
        return 0

    def names(self) -> list[str]:
        return [name for name, _ in self.calls]


def channel(lib: FakeLib, timeout: float | None = 0.0) -> Channel:
    made = Channel(Module("userland", ffi, lib), 1)
    made.timeout = -1 if timeout is None else int(timeout * 1e9)
    return made


def piece(data: bytes, *, end: bool = True, association: int = 3, stream: int = 0, ssn: int = 0) -> Received:
    flags = c.RECEIVE_END if end else 0
    return {"flags": flags, "association": association, "stream": stream, "ssn": ssn}, data


def notification(event: int, data: bytes = b"", *, end: bool = True, **fields: Any) -> Received:
    record = ffi.new("struct sctpx_notification *", {"association": 3, "event": event, **fields})
    flags = c.RECEIVE_NOTIFICATION | (c.RECEIVE_END if end else 0)
    return {"flags": flags}, bytes(ffi.buffer(record)) + data
