# SPDX-License-Identifier: MIT
"""sctpx_notification_decode on what a stack said, cut short and drawn out; every type and length: see freed_once.c."""

import socket
import sys
from typing import Any

import pytest

from sctpx._native import _contract as c

from .conftest import PATIENCE, Shim

UNKNOWN = 0x7FFE


@pytest.fixture
def raw(shim: Shim) -> bytes:
    """The notification that an association is up, as the stack gave it."""
    listener = shim.listener(shim.addresses(1, socket.AF_INET))
    event = shim.ffi.new(
        "struct sctpx_option *", {"option": c.OPT_EVENT, "given": 3, "fields": [c.EVENT_ASSOCIATION, 1]}
    )
    assert shim.lib.sctpx_set_option(listener, event, shim.ffi.NULL, 0) == 0
    shim.connected(listener)
    handle = shim.accepted(listener)
    record, arena = shim.ffi.new("struct sctpx_received *"), shim.ffi.new("char[]", 4096)
    assert shim.lib.sctpx_receive(handle, record, 1, arena, 4096, PATIENCE) == 1
    assert record.flags & c.RECEIVE_NOTIFICATION
    assert record.flags & c.RECEIVE_END
    return bytes(shim.ffi.buffer(arena, 4096))[record.offset : record.offset + record.length]


def decoded(shim: Shim, data: bytes) -> tuple[int, Any]:
    out = shim.ffi.new("struct sctpx_notification *")
    return shim.lib.sctpx_notification_decode(data, len(data), out), out


def test_notification_whole(shim: Shim, raw: bytes) -> None:
    result, out = decoded(shim, raw)
    assert result == 0
    assert (out.event, out.state) == (c.EVENT_ASSOCIATION, c.COMM_UP)
    assert out.association > 0
    assert out.in_streams > 0
    assert out.out_streams > 0
    assert out.data_offset + out.data_length <= len(raw)


def test_notification_truncated(shim: Shim, raw: bytes) -> None:
    for length in range(len(raw)):
        result, _ = decoded(shim, raw[:length])
        assert result == -c.EINVAL, length


def test_notification_longer_than_it_claims(shim: Shim, raw: bytes) -> None:
    _, exact = decoded(shim, raw)
    result, out = decoded(shim, raw + b"\xa5" * 64)
    assert result == 0
    assert (out.event, out.association, out.state) == (exact.event, exact.association, exact.state)
    assert out.data_offset + out.data_length <= len(raw), "nothing that is not the notification's own"


def test_notification_claims_more_than_there_is(shim: Shim, raw: bytes) -> None:
    assert int.from_bytes(raw[4:8], sys.byteorder) == len(raw)
    for claimed in (len(raw) + 1, 2**31, 2**32 - 1):
        result, _ = decoded(shim, raw[:4] + claimed.to_bytes(4, sys.byteorder) + raw[8:])
        assert result == -c.EINVAL


def test_notification_claims_less_than_its_type_needs(shim: Shim, raw: bytes) -> None:
    for claimed in (0, 1, 7, 8, 12):
        result, _ = decoded(shim, raw[:4] + claimed.to_bytes(4, sys.byteorder) + raw[8:])
        assert result == -c.EINVAL, claimed


def test_notification_of_an_unknown_type(shim: Shim, raw: bytes) -> None:
    result, out = decoded(shim, UNKNOWN.to_bytes(2, sys.byteorder) + raw[2:])
    assert result == 0
    assert out.event == c.EVENT_UNKNOWN
    assert out.native_type == UNKNOWN
