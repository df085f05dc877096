# SPDX-License-Identifier: MIT
"""The (call, errno) to symbol table: a test for each row."""

import errno

import pytest

import sctpx
from sctpx._native import _contract as c
from tests.foreign import abi
from tests.support.common import STACK

from .conftest import Shim

CALLS = {name: value for name, value in vars(c).items() if name.startswith("CALL_")}
# An errno that has a symbol of the same name keeps it, whatever the call, where no row below says otherwise.
PLAIN = {
    name: value
    for name, value in vars(c).items()
    if name[0] == "E" and isinstance(value, int) and 0 < value < c.ECLOSED and hasattr(errno, name)
}
# No free local port: not "would block", which would be tried again.
NO_PORT = {(call, "EAGAIN"): c.ENOPORT for call in (c.CALL_BIND, c.CALL_LISTEN, c.CALL_CONNECT)}
ROWS: dict[str | None, dict[tuple[int, str], int]] = {
    "linux": {
        **NO_PORT,
        (c.CALL_PEELOFF, "EINVAL"): c.ENOTCONN,
        (c.CALL_SHUTDOWN, "EINVAL"): c.ENOTCONN,
        (c.CALL_SHUTDOWN, "EPIPE"): c.ENOTCONN,
    },
    "freebsd": {
        **NO_PORT,
        (c.CALL_CONNECT, "EADDRINUSE"): c.ENOPORT,
        (c.CALL_SEND, "ENOENT"): c.EPIPE,
        (c.CALL_SEND, "ECONNRESET"): c.EPIPE,
        (c.CALL_SEND, "EBUSY"): c.EAGAIN,
        (c.CALL_RECEIVE, "ECONNABORTED"): c.ETIMEDOUT,
        (c.CALL_ADDRESSES, "ENOENT"): c.ENOTCONN,
        (c.CALL_PEELOFF, "ENOENT"): c.ENOTCONN,
        (c.CALL_PEELOFF, "EINVAL"): c.ENOTCONN,
        (c.CALL_SHUTDOWN, "ENOENT"): c.ENOTCONN,
        (c.CALL_SHUTDOWN, "EPIPE"): c.ENOTCONN,
    },
    "userland": {
        **NO_PORT,
        (c.CALL_CONNECT, "EADDRINUSE"): c.EISCONN,
        (c.CALL_SEND, "ENOENT"): c.EPIPE,
        (c.CALL_SEND, "ECONNRESET"): c.EPIPE,
        (c.CALL_SEND, "EBUSY"): c.EAGAIN,
        (c.CALL_RECEIVE, "ECONNABORTED"): c.ETIMEDOUT,
        (c.CALL_ADDRESSES, "ENOENT"): c.ENOTCONN,
        (c.CALL_PEELOFF, "ENOENT"): c.ENOTCONN,
    },
}
# FreeBSD's shim runs here too, with FreeBSD's numbers.
NUMBERS = abi.read("freebsd").macros if sctpx.backend.name != STACK else {}
HERE = ROWS.get(sctpx.backend.name, {})


def native_of(name: str) -> int:
    number: int = NUMBERS.get(name) or getattr(errno, name)
    return number


@pytest.mark.parametrize(("call", "name"), HERE, ids=lambda value: str(value))
def test_errno_that_means_another_thing_in_a_call(shim: Shim, call: int, name: str) -> None:
    assert shim.lib.sctpx_error_of(call, native_of(name)) == HERE[call, name]


@pytest.mark.parametrize("name", PLAIN)
def test_errno_with_a_symbol_of_its_name(shim: Shim, name: str) -> None:
    for call in CALLS.values():
        expected = HERE.get((call, name), PLAIN[name])
        assert shim.lib.sctpx_error_of(call, native_of(name)) == expected, call


def test_errno_all_symbols_are_there() -> None:
    assert sorted(PLAIN.values()) == list(range(1, 38))


def test_errno_without_a_symbol_keeps_its_number(shim: Shim) -> None:
    for native in (errno.ENOTTY, errno.EXDEV, errno.EDOM):
        for call in CALLS.values():
            assert shim.lib.sctpx_error_of(call, native) == c.ENATIVE + native


def test_errno_is_always_a_positive_symbol(shim: Shim) -> None:
    for call in (*CALLS.values(), 12, 2**32 - 1):
        for native in (*range(-2, 140), 2**31 - 1, -(2**31)):
            assert shim.lib.sctpx_error_of(call, native) > 0, (call, native)
