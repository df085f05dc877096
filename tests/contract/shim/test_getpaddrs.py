# SPDX-License-Identifier: MIT
"""sctp_getpaddrs(3SOCKET) at the shim's function: raw lists, wrong ids, wrong pointers, many threads."""

import socket
import threading
from functools import partial

import sctpx
from sctpx._native import _contract as c
from tests.support.shapes import InBackground

from .conftest import Shim

MAPPED = bytes(10) + b"\xff\xff\x7f\x00\x00\x01"
GUARD = 0x5A


def test_getpaddrs_EINVAL_NULL_result_pointer(shim: Shim) -> None:
    listener = shim.listener(shim.addresses(1, socket.AF_INET))
    one, _ = shim.connected(listener)
    endpoint, id = shim.connected(listener, c.ONE_TO_MANY)
    for handle, association in ((one, 0), (endpoint, id)):
        assert shim.lib.sctpx_peer_addresses(handle, association, shim.ffi.NULL, 16) == -c.EINVAL
        assert shim.lib.sctpx_local_addresses(handle, association, shim.ffi.NULL, 16) == -c.EINVAL


def test_getpaddrs_one_to_one_ignores_the_id(shim: Shim) -> None:
    listener = shim.listener(shim.addresses(1, socket.AF_INET))
    handle, id = shim.connected(listener)
    room = shim.room(4)
    # Where ids are unsigned, all of 32 bits may be one.
    unsigned = (2**31 + 7, 2**32 - 1) if sctpx.backend.name in ("freebsd", "userland") else ()
    for anything in (0, id, id + 1, 1, 2, 123_456, 2**31 - 1, *unsigned):
        assert shim.lib.sctpx_peer_addresses(handle, anything, room, 4) == 1, anything
        assert [record[1] for record in shim.records(room, 1)] == [shim.local(listener)[0].port]


def test_getpaddrs_EINVAL_one_to_many_bad_id(shim: Shim) -> None:
    listener = shim.listener(shim.addresses(1, socket.AF_INET), c.ONE_TO_MANY)
    handle, id = shim.connected(listener, c.ONE_TO_MANY)
    room = shim.room(4)
    assert shim.lib.sctpx_peer_addresses(handle, id, room, 4) == 1
    for bad in (0, 1, 2, -1, id + 1000, 123_456_789, 2**31 - 1, 2**40 + id):
        assert shim.lib.sctpx_peer_addresses(handle, bad, room, 4) == -c.EINVAL, bad


def test_getpaddrs_IPv4_socket_IPv4_records(shim: Shim) -> None:
    listener = shim.listener(shim.addresses(1, socket.AF_INET))
    handle, _ = shim.connected(listener)
    room = shim.room(4)
    assert shim.lib.sctpx_peer_addresses(handle, 0, room, 4) == 1
    expected = socket.inet_aton("127.0.0.1") + bytes(12), shim.local(listener)[0].port, c.FAMILY_IPV4
    assert shim.records(room, 1) == [expected]


def test_getpaddrs_IPv6_socket_IPv4_mapped_records(shim: Shim) -> None:
    both = [*shim.addresses(1, socket.AF_INET6), *shim.addresses(1, socket.AF_INET)]
    listener = shim.listener(both)
    handle, _ = shim.connected(listener)
    port = shim.local(listener)[0].port
    room = shim.room(4)
    for one in (handle, shim.accepted(listener)):
        assert shim.lib.sctpx_peer_addresses(one, 0, room, 4) == 2
        records = shim.records(room, 2)
        assert {record[2] for record in records} == {c.FAMILY_IPV6}
        assert {record[0] for record in records} == {socket.inet_pton(socket.AF_INET6, "::1"), MAPPED}
    assert shim.lib.sctpx_peer_addresses(handle, 0, room, 4) == 2
    assert {record[1] for record in shim.records(room, 2)} == {port}


def test_getpaddrs_capacity_smaller_than_the_count(shim: Shim) -> None:
    listener = shim.listener(shim.addresses(2))
    handle, _ = shim.connected(listener)
    whole, some = shim.room(4), shim.room(4)
    shim.ffi.memmove(some, bytes([GUARD]) * (4 * c.ADDRESS.size), 4 * c.ADDRESS.size)
    assert shim.lib.sctpx_peer_addresses(handle, 0, whole, 4) == 2
    assert shim.lib.sctpx_peer_addresses(handle, 0, some, 1) == 2, "the count there is"
    assert shim.records(some, 1) == shim.records(whole, 1)
    assert set(bytes(shim.ffi.buffer(some))[c.ADDRESS.size :]) == {GUARD}, "nothing beyond the capacity"
    assert shim.lib.sctpx_local_addresses(handle, 0, some, 1) == 2
    assert set(bytes(shim.ffi.buffer(some))[c.ADDRESS.size :]) == {GUARD}


def test_getpaddrs_ENOTCONN(shim: Shim) -> None:
    room = shim.room(4)
    listener = shim.listener(shim.addresses(1, socket.AF_INET))
    for handle in (shim.open(), shim.bound(shim.addresses(1, socket.AF_INET)), listener):
        assert shim.lib.sctpx_peer_addresses(handle, 0, room, 4) == -c.ENOTCONN


def test_getpaddrs_closed_handle(shim: Shim) -> None:
    room = shim.room(4)
    listener = shim.listener(shim.addresses(1, socket.AF_INET))
    one, _ = shim.connected(listener)
    endpoint, id = shim.connected(listener, c.ONE_TO_MANY)
    for handle, association in ((one, 0), (endpoint, id)):
        assert shim.lib.sctpx_close(handle) == 0
        assert shim.lib.sctpx_peer_addresses(handle, association, room, 4) == -c.ECLOSED
        assert shim.lib.sctpx_local_addresses(handle, association, room, 4) == -c.ECLOSED


def test_getpaddrs_EBADF_never_a_handle(shim: Shim) -> None:
    room = shim.room(4)
    for handle in (0, -1, 2**62):
        assert shim.lib.sctpx_peer_addresses(handle, 0, room, 4) == -c.EBADF


def test_getpaddrs_MT_safe(shim: Shim, background: InBackground) -> None:
    listener = shim.listener(shim.addresses(2))
    one, _ = shim.connected(listener)
    endpoint, id = shim.connected(listener, c.ONE_TO_MANY)
    expected = {_packed(shim, one, 0)}
    together = threading.Barrier(8)

    def ask(handle: int, association: int) -> set[bytes]:
        together.wait()
        return {_packed(shim, handle, association) for _ in range(200)}

    asked = [(one, 0), (endpoint, id)] * 4
    tasks = [background(partial(ask, *which)) for which in asked]
    assert set().union(*(task.result() for task in tasks)) == expected


def _packed(shim: Shim, handle: int, association: int) -> bytes:
    room = shim.room(4)
    assert shim.lib.sctpx_peer_addresses(handle, association, room, 4) == 2
    return b"".join(sorted(data for data, _, _ in shim.records(room, 2)))
