# SPDX-License-Identifier: MIT
"""Solaris' object code: arrays of addresses of every kind and length, and each error of the manual pages."""

import socket
from collections.abc import Iterator

import pytest

from sctpx._native import _contract as c
from tests.foreign.solaris.script import Fails, Gives, Lists, N, Script, sockaddr

FAMILIES = {"v4": c.FAMILY_IPV4, "v6": c.FAMILY_IPV6, "mapped": c.FAMILY_IPV6}
COUNTS = (0, 1, 2, 64)


@pytest.fixture
def script() -> Iterator[Script]:
    with Script() as made:
        yield made


def one(kind: str, number: int) -> bytes:
    if kind == "v6":
        return sockaddr(f"2001:db8::{number + 1:x}", 5000)
    return sockaddr(f"192.0.2.{number + 1}", 5000, mapped=kind == "mapped")


def expected(kind: str, number: int) -> bytes:
    if kind == "v6":
        return socket.inet_pton(socket.AF_INET6, f"2001:db8::{number + 1:x}")
    v4 = socket.inet_aton(f"192.0.2.{number + 1}")
    return v4.ljust(16, b"\0") if kind == "v4" else bytes(10) + b"\xff\xff" + v4


def accepted(script: Script, kind: str = "v4") -> int:
    """A handle that has an association."""
    listener = script.open_(FAMILIES[kind])
    script.answer("accept4", Gives(one(kind, 0)))
    handle = int(script.accept(listener, script.ffi.NULL, 0))
    assert handle >= 0, handle
    assert script.close(listener) == 0
    return handle


@pytest.mark.parametrize("which", ["peer_addresses", "local_addresses"])
@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("kind", FAMILIES)
def test_an_array_is_read_to_its_end_and_freed_once(script: Script, which: str, kind: str, count: int) -> None:
    handle = accepted(script, kind)
    blocks = script.blocks
    library = "sctp_getpaddrs" if which == "peer_addresses" else "sctp_getladdrs"
    script.answer(library, Lists(tuple(one(kind, number) for number in range(count))))
    room = script.ffi.new("struct sctpx_address[]", 64)
    found = getattr(script, which)(handle, 3, room, 64)
    if count == 0:
        assert found == (-c.ENOTCONN if which == "peer_addresses" else 0)
    else:
        assert found == count
    for number in range(count):
        assert bytes(script.ffi.buffer(room[number].bytes)) == expected(kind, number)
        assert (room[number].port, room[number].family) == (5000, FAMILIES[kind])
    assert len(script.made(library.replace("get", "free"))) == (count > 0)
    assert script.blocks == blocks
    assert script.close(handle) == 0


@pytest.mark.parametrize("style", [c.ONE_TO_ONE, c.ONE_TO_MANY])
@pytest.mark.parametrize(
    ("name", "symbol"),
    [("EBADF", c.EBADF), ("ENOTSOCK", c.ENOTSOCK), ("EINVAL", None), ("ENOTCONN", None), ("ESHUTDOWN", None)],
)
def test_getpaddrs_errors_of_the_manual(script: Script, style: int, name: str, symbol: int | None) -> None:
    handle = script.open_(c.FAMILY_IPV4, style)
    room = script.ffi.new("struct sctpx_address[]", 4)
    script.answer("sctp_getpaddrs", Fails(name))
    absent = -c.ENOTCONN if style == c.ONE_TO_ONE else -c.EINVAL
    assert script.peer_addresses(handle, 5, room, 4) == (absent if symbol is None else -symbol)
    (call,) = script.made("sctp_getpaddrs")
    assert call.arguments[:2] == (100, 5)
    assert script.close(handle) == 0


def test_without_room_for_them_nothing_is_asked(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    script.calls.clear()
    assert script.peer_addresses(handle, 0, script.ffi.NULL, 4) == -c.EINVAL
    assert script.local_addresses(handle, 0, script.ffi.NULL, 4) == -c.EINVAL
    assert not script.calls
    assert script.close(handle) == 0


def test_more_than_there_is_room_for_are_counted(script: Script) -> None:
    handle = accepted(script)
    script.answer("sctp_getpaddrs", Lists(tuple(one("v4", number) for number in range(5))))
    room = script.ffi.new("struct sctpx_address[]", 2)
    assert script.peer_addresses(handle, 0, room, 2) == 5
    assert bytes(room[1].bytes)[:4] == socket.inet_aton("192.0.2.2")
    assert script.close(handle) == 0


def test_a_peer_that_a_socket_never_had_is_not_listed(script: Script) -> None:
    """As of an attempt that was refused a moment ago, which FreeBSD's stack still lists then."""
    handle = script.open_(c.FAMILY_IPV4)
    blocks = script.blocks
    script.answer("sctp_getpaddrs", Lists((one("v4", 0),)))
    assert script.peer_addresses(handle, 0, script.ffi.new("struct sctpx_address[]", 2), 2) == -c.ENOTCONN
    assert script.blocks == blocks
    assert script.close(handle) == 0


def test_bindx_gives_one_array_of_the_socket_s_family(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV6)
    listed = script.list_of(("2001:db8::1", 5000), ("192.0.2.1", 5000))
    assert script.bindx(handle, *listed, 1) == 0
    (call,) = script.made("sctp_bindx")[-1:]
    assert call.arguments[3] == N["SCTP_BINDX_ADD_ADDR"]
    assert call.data == sockaddr("192.0.2.1", 5000, mapped=True)
    assert script.close(handle) == 0


@pytest.mark.parametrize(
    "name", ["EBADF", "ENOTSOCK", "EINVAL", "EACCES", "EADDRINUSE", "EADDRNOTAVAIL", "EFAULT", "ENOBUFS"]
)
def test_bindx_errors_of_the_manual_leave_nothing_behind(script: Script, name: str) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    blocks = script.blocks
    script.answer("sctp_bindx", Fails(name))
    assert script.bindx(handle, *script.list_of(("192.0.2.1", 5000), ("192.0.2.2", 5000)), 1) == -vars(c)[name]
    assert script.blocks == blocks
    # The list was tried on a socket of no consequence.
    assert [call.arguments[0] for call in script.calls if call.name == "close"] == [101]
    assert script.close(handle) == 0


@pytest.mark.parametrize(
    ("name", "symbol"),
    [("EBADF", c.EBADF), ("ENOTSOCK", c.ENOTSOCK), ("EINVAL", c.ENOTCONN), ("EMFILE", c.EMFILE), ("ENOMEM", c.ENOMEM),
     ("EOPNOTSUPP", c.EOPNOTSUPP)],
)  # fmt: skip
def test_peeloff_errors_of_the_manual(script: Script, name: str, symbol: int) -> None:
    handle = script.open_(c.FAMILY_IPV4, c.ONE_TO_MANY)
    script.answer("sctp_peeloff", Fails(name))
    assert script.peeloff(handle, 3) == -symbol
    assert script.close(handle) == 0


def test_what_was_peeled_off_is_made_ready_or_closed(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV4, c.ONE_TO_MANY)
    peeled = script.peeloff(handle, 3)
    assert peeled > 0
    assert len(script.made("fcntl")) == 3, "neither non-blocking nor close-on-exec by itself"
    script.answer("fcntl", Fails("EBADF"))
    assert script.peeloff(handle, 3) < 0
    assert [call.arguments[0] for call in script.made("close")] == [102]
    assert script.close(peeled) == 0
    assert script.close(handle) == 0
