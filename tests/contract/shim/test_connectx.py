# SPDX-License-Identifier: MIT
"""sctp_connectx(3) at the shim's function: what the facade does not let through, or would say in its own words."""

import os
import socket

import pytest

from sctpx import Address
from sctpx._native import _contract as c

from ..manual import UNREACHABLE
from .conftest import Shim

PEERS = [Address("127.0.0.1", 9), Address("127.0.0.1", 9)]


def test_connectx_E2BIG_list_longer_than_its_buffer(shim: Shim) -> None:
    handle, id = shim.open(), shim.ffi.new("int64_t *")
    records, size, count = shim.list_of(PEERS)
    for short, many in ((size - 1, count), (size, count + 1), (0, 1), (size, 2**32 - 1)):
        assert shim.lib.sctpx_connectx(handle, records, short, many, shim.ffi.NULL, id) in (-c.E2BIG, -c.EINVAL)
        assert shim.lib.sctpx_bind(handle, records, short, many) in (-c.E2BIG, -c.EINVAL)
        assert shim.lib.sctpx_bindx(handle, records, short, many, 1) in (-c.E2BIG, -c.EINVAL)
    assert shim.lib.sctpx_connectx(handle, records, size - 1, count, shim.ffi.NULL, id) == -c.E2BIG


def test_connectx_EINVAL_no_addresses(shim: Shim) -> None:
    handle, id = shim.open(), shim.ffi.new("int64_t *")
    records, size, _ = shim.list_of(PEERS)
    assert shim.lib.sctpx_connectx(handle, records, size, 0, shim.ffi.NULL, id) == -c.EINVAL
    assert shim.lib.sctpx_connectx(handle, shim.ffi.NULL, size, 1, shim.ffi.NULL, id) == -c.EINVAL
    assert shim.lib.sctpx_bind(handle, records, size, 0) == -c.EINVAL


@pytest.mark.parametrize("family", [0, 1, 5, 255])
def test_connectx_EINVAL_or_EAFNOSUPPORT_bad_family(shim: Shim, family: int) -> None:
    handle, id = shim.open(), shim.ffi.new("int64_t *")
    bad = shim.ffi.new("struct sctpx_address *", {"port": 9, "family": family})
    result = shim.lib.sctpx_connectx(handle, bad, c.ADDRESS.size, 1, shim.ffi.NULL, id)
    assert result in (-c.EINVAL, -c.EAFNOSUPPORT)


def test_connectx_EAFNOSUPPORT_IPv6_address_on_an_IPv4_socket(shim: Shim) -> None:
    handle, id = shim.open(), shim.ffi.new("int64_t *")
    result = shim.lib.sctpx_connectx(handle, *shim.list_of([Address("::1", 9)]), shim.ffi.NULL, id)
    assert result in (-c.EINVAL, -c.EAFNOSUPPORT)


def test_connectx_EINVAL_different_ports(shim: Shim) -> None:
    handle, id = shim.open(), shim.ffi.new("int64_t *")
    different = shim.list_of([Address("127.0.0.1", 9), Address("127.0.0.1", 10)])
    assert shim.lib.sctpx_connectx(handle, *different, shim.ffi.NULL, id) == -c.EINVAL


def test_connectx_the_id_pointer_is_not_needed(shim: Shim) -> None:
    listener = shim.listener(shim.addresses(1, socket.AF_INET))
    handle = shim.bound(shim.addresses(1, socket.AF_INET))
    result = shim.lib.sctpx_connectx(handle, *shim.list_of(shim.local(listener)), shim.ffi.NULL, shim.ffi.NULL)
    assert result in (0, -c.EINPROGRESS)
    assert shim.accepted(listener)


def test_connectx_the_id_comes_back_while_in_progress(shim: Shim) -> None:
    handle, id = shim.bound(shim.addresses(1, socket.AF_INET)), shim.ffi.new("int64_t *")
    silent = shim.list_of([Address(UNREACHABLE, 9)])
    assert shim.lib.sctpx_connectx(handle, *silent, shim.ffi.NULL, id) == -c.EINPROGRESS
    assert id[0] > 0
    assert shim.lib.sctpx_connectx(handle, *silent, shim.ffi.NULL, id) == -c.EALREADY
    assert shim.lib.sctpx_connect_result(handle, id[0]) == -c.EINPROGRESS


def test_connectx_EBADF_foreign_descriptor(shim: Shim) -> None:
    end, other = os.pipe()
    os.close(end)
    os.close(other)
    assert shim.lib.sctpx_adopt(end) == -c.EBADF
    assert shim.lib.sctpx_adopt(-1) == -c.EBADF


def test_connectx_ENOTSOCK_foreign_descriptor(shim: Shim) -> None:
    end, other = os.pipe()
    try:
        assert shim.lib.sctpx_adopt(end) == -c.ENOTSOCK
        os.fstat(end)
    finally:
        os.close(end)
        os.close(other)


def test_connectx_foreign_descriptors_are_unsupported(shim: Shim) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        assert shim.lib.sctpx_adopt(udp.fileno()) == -c.EUNSUPPORTED
        assert shim.lib.sctpx_detach(shim.open()) == -c.EUNSUPPORTED
        assert udp.getsockname()


def test_connectx_closed_handle(shim: Shim) -> None:
    handle, id = shim.open(), shim.ffi.new("int64_t *")
    peer = shim.list_of(PEERS[:1])
    assert shim.lib.sctpx_close(handle) == 0
    assert shim.lib.sctpx_connectx(handle, *peer, shim.ffi.NULL, id) == -c.ECLOSED
    assert shim.lib.sctpx_connect_result(handle, 0) == -c.ECLOSED
    assert shim.lib.sctpx_fileno(handle) == -c.ECLOSED
    assert shim.lib.sctpx_close(handle) == -c.ECLOSED


@pytest.mark.parametrize("handle", [0, -1, -(2**63), 2**63 - 1, 1])
def test_connectx_EBADF_never_a_handle(shim: Shim, handle: int) -> None:
    id = shim.ffi.new("int64_t *")
    result = shim.lib.sctpx_connectx(handle, *shim.list_of(PEERS[:1]), shim.ffi.NULL, id)
    assert result == -c.EBADF
    assert shim.lib.sctpx_close(handle) == -c.EBADF


def test_connectx_a_stale_handle_is_not_its_successor(shim: Shim) -> None:
    stale = shim.open()
    assert shim.lib.sctpx_close(stale) == 0
    fresh = shim.open()
    assert stale != fresh
    assert shim.lib.sctpx_style_of(stale) == -c.ECLOSED
    assert shim.lib.sctpx_style_of(fresh) == c.ONE_TO_ONE
