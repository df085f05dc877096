# SPDX-License-Identifier: MIT
"""Values that callers without a checker may give for anything: of every type, at every bound, and addresses that are
nearly right. None of them names a host outside of loopback."""

import array
import ctypes
import datetime
import decimal
import enum
import fractions
import ipaddress
import itertools
import socket

from hypothesis import strategies as st

import sctpx
from sctpx import options


class Count(enum.IntEnum):
    """An int that is not quite one."""

    ONE = 1


class Odd:
    """Nothing that anybody asked for."""

    def __repr__(self) -> str:
        return "<odd>"


class Indexed:
    """Taken for an int by `operator.index`, but larger than any field."""

    def __index__(self) -> int:
        return 1 << 70


class Broken:
    """Fails as soon as it is asked for a number."""

    def __index__(self) -> int:
        raise TypeError("this is no number, whatever it be wanted for")


BOUNDS = [
    number + near
    for number in (0, 1 << 7, 1 << 8, 1 << 15, 1 << 16, 1 << 31, 1 << 32, 1 << 63, 1 << 64)
    for near in (-1, 0, 1)
]
NUMBERS = [*BOUNDS, *(-bound for bound in BOUNDS), 1 << 100, 10**400, 9, 3600, 4096]
FRACTIONS = [0.0, -0.0, 0.5, 1.0, -1.0, 1e-9, 1e-320, 1e9, 1e18, 1e308, float("inf"), float("-inf"), float("nan")]
HOSTS = [
    "127.0.0.1", "::1", "", "0.0.0.0", "::", "255.255.255.255", "224.0.0.1", "ff02::1", "::ffff:127.0.0.1", "::1%lo",
    "fe80::1%lo", "fe80::1%999999999999", "fe80::1%nosuch", "fe80::1%", "fe80::1%\ud800", "fe80::1%a%b", "127.0.0.1%lo",
    "256.1.1.1", "127.1", "1", "127.0.0.1\0", "127.0.0.1 ", "::1::", "[::1]", "\u0661\u0662\u0667.0.0.1", "\ud800",
    "." * 70, "1" * 300, "x" * 70, "localhost",
]  # fmt: skip
THINGS: list[object] = [
    itertools.repeat(5),
    None, True, False, "", "text", "1", "\0", "\ud800", "x" * 10_000, b"", b"x", bytearray(b"x"),
    memoryview(b"xyz")[::2], memoryview(b"xyz"), array.array("d", [1.0]), (ctypes.c_int * 2)(),
    (ctypes.c_uint32.__ctype_be__ * 2)(),
    (), [], {}, set(), frozenset({1}), [None], [1, 2], ["a"], [b"a", "b"], [[]], {"a": 1}, range(3), iter(()), ...,
    NotImplemented, object(), Odd(), Odd, Indexed(), Broken(), int, type, len, Count.ONE, 1j, decimal.Decimal("0.5"),
    fractions.Fraction(1, 2), datetime.timedelta(seconds=1), ipaddress.ip_address("127.0.0.1"),
    ipaddress.ip_network("127.0.0.0/8"), socket.AF_INET, socket.AF_UNIX, socket.SOCK_STREAM, sctpx.Scope.ALL,
    sctpx.Feature.AUTH, sctpx.Event, sctpx.SenderDry, sctpx.Timed, sctpx.Timed("x"), sctpx.Timed(float("nan")),  # type: ignore[arg-type]
    sctpx.Timed(-1.0), sctpx.Rtx(-1), sctpx.Rtx("x"), sctpx.Prio(1 << 32), sctpx.Buf(None), sctpx.Reliable,  # type: ignore[arg-type]
    sctpx.Outgoing(b""), sctpx.Outgoing("x"), sctpx.Outgoing(b"x", stream=70_000), options, options.NoDelay,  # type: ignore[arg-type]
    options.Settable, options.EndpointSettable(), options.Gettable, options.EndpointValue, options.PathInfo, list[int],
    options.AssociationOption[int],
]  # fmt: skip

numbers = st.sampled_from(NUMBERS)
ports = st.sampled_from([0, 1, 9, 65_535]) | numbers | st.sampled_from([None, "9", 9.0, True, Indexed()])
hosts = st.sampled_from(HOSTS) | st.sampled_from([ipaddress.ip_address("::1"), None, 5, b"127.0.0.1", Odd()])
address_likes = (
    st.tuples(hosts, ports)
    | st.tuples(hosts)
    | st.tuples(hosts, ports, ports)
    | st.tuples(hosts, ports, ports, ports)
    | st.tuples(hosts, ports, ports, ports, ports)
)
addresses = address_likes | st.lists(address_likes, max_size=3) | st.tuples(address_likes, address_likes) | hosts
anything: st.SearchStrategy[object] = (
    st.sampled_from(THINGS)
    | numbers
    | st.sampled_from(FRACTIONS)
    | st.text(max_size=20)
    | st.binary(max_size=20)
    | addresses
    | st.lists(st.sampled_from(THINGS), max_size=3)
)
