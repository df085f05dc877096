# SPDX-License-Identifier: MIT
"""The decoders above the border on random bytes, and on bytes that a stack sent once, changed: each gives a value."""

import struct
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import build_ffi
import sctpx
from sctpx import Message, Notification, SctpError, UnknownNotification
from sctpx._native import _codec, _decode
from sctpx._native import _contract as c
from sctpx._native._module import Arena, Module, load
from sctpx._native._receiver import Receiver

from .fuzz.seeds import notifications
from .tries import tries

KINDS = get_args(Notification)
MODULES = {name: load(name) for name in build_ffi.names() if not build_ffi.missing(name)}  # type: ignore[arg-type]
# Found in lengths, counts and states; below zero once more as unsigned.
ODD = [0, 1, 2, 3, 7, 8, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]


@st.composite
def changed(draw: st.DrawFn, listed: list[bytes]) -> bytes:
    """One of these cut short, drawn out, or with numbers in it that are not its own."""
    raw = bytearray(draw(st.sampled_from(listed)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(raw)))
        match draw(st.integers(0, 3)):
            case 0:
                del raw[at:]
            case 1:
                raw[at:at] = draw(st.binary(max_size=40))
            case 2:
                raw[at : at + 2] = struct.pack("=H", draw(st.sampled_from(ODD)) & 0xFFFF)
            case _:
                raw[at : at + 4] = struct.pack("=I", draw(st.sampled_from(ODD)))
    return bytes(raw)


def any_notification(backend: str) -> st.SearchStrategy[bytes]:
    return changed(notifications(backend)) | st.binary(max_size=300)


@pytest.mark.parametrize("backend", MODULES)
@tries(100, 3_000)
@given(data=st.data())
def test_any_bytes_are_a_notification(backend: str, data: st.DataObject) -> None:
    raw = data.draw(any_notification(backend))
    notification = _decode.decode(MODULES[backend], raw)
    assert isinstance(notification, KINDS)
    if isinstance(notification, UnknownNotification):
        assert notification.raw == raw


def small(raw: bytes) -> bytes:
    return bytes(byte & 15 for byte in raw)


def fields_of(layout: struct.Struct) -> st.SearchStrategy[bytes]:
    """A record of this layout with any bytes in it, or with nothing but small ones."""
    whole = st.binary(min_size=layout.size, max_size=layout.size)
    return whole | whole.map(small)


@tries(100, 3_000)
@given(raw=fields_of(c.NOTIFICATION), event=st.integers(0, 15), content=st.binary(max_size=80))
def test_any_record_of_a_shim_is_a_notification(raw: bytes, event: int, content: bytes) -> None:
    record = _decode.Record._make(c.NOTIFICATION.unpack(raw))
    record = record._replace(event=event, data_offset=0, data_length=len(content))

    class Scripted:
        """`lib` of a backend whose decoder says just this."""

        def sctpx_notification_decode(self, given: bytes, length: int, out: Any) -> int:
            ffi.buffer(out)[:] = c.NOTIFICATION.pack(*record)
            return 0

    ffi = MODULES["userland"].ffi
    module = Module("userland", ffi, Scripted())  # type: ignore[arg-type]
    assert isinstance(_decode.decode(module, content or b"\0\0"), KINDS)


@tries(100, 3_000)
@given(data=st.binary(max_size=64), more=st.just(0) | st.integers(65_470, 65_560))
def test_any_bytes_are_an_abort_chunk_with_or_without_a_reason(data: bytes, more: int) -> None:
    data += bytes(more)
    chunk = _decode.abort_chunk_of(data)
    assert data in chunk
    assert _decode.reason_of(chunk) in chunk


@tries(100, 3_000)
@given(raw=fields_of(c.ADDRESS))
def test_any_bytes_are_an_address(raw: bytes) -> None:
    address = _codec.unpack(raw)
    assert isinstance(address, sctpx.Address)
    assert 0 <= address.port <= 0xFFFF
    assert address.ip.version in (4, 6)


@pytest.mark.parametrize("one_to_one", [True, False])
@pytest.mark.parametrize("backend", MODULES)
@tries(40, 800)
@given(data=st.data())
def test_any_records_that_a_shim_gives_are_taken(backend: str, one_to_one: bool, data: st.DataObject) -> None:
    module = MODULES[backend]
    receiver = Receiver(module, one_to_one)
    receiver.max_message_size = 150
    receiver.subscriptions.default = frozenset(_decode.EVENTS)
    arena = Arena(module.ffi, module.ffi.new, 64, 300)
    for _ in range(data.draw(st.integers(1, 4))):
        content = data.draw(any_notification(backend))[:300]
        arena.data[: len(content)] = content
        records = data.draw(st.lists(fields_of(c.RECEIVED), max_size=4))
        for at, raw in enumerate(records):
            values = list(c.RECEIVED.unpack(raw))
            values[2:4] = [values[2] % 150, values[3] % 150]  # what a shim says of its own arena holds
            c.RECEIVED.pack_into(arena.view, at * c.RECEIVED.size, *values)
        receiver.fed = 0
        receiver.take(arena.view, arena.data, len(records), "recv")
    assert all(isinstance(item, (Message, SctpError, *KINDS)) for item in receiver.ready)
    assert sum(partial.size for partial in receiver.reassembly.partials.values() if not partial.dropped) <= 150
