# SPDX-License-Identifier: MIT
"""Addresses: what users write, what they become, and what is refused."""

import copy
import errno
import pickle
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sctpx import Address, InvalidArgumentError
from sctpx._address import check_peers, normalise, one_address
from sctpx._native import _codec

PORTS = st.integers(0, 0xFFFF)
IPV4 = st.ip_addresses(v=4)
IPV6 = st.ip_addresses(v=6).filter(lambda ip: isinstance(ip, IPv6Address) and ip.ipv4_mapped is None)


@given(st.one_of(IPV4, IPV6), PORTS)
def test_what_is_shown_is_parsed(ip: IPv4Address | IPv6Address, port: int) -> None:
    address = Address(str(ip), port)
    assert Address.parse(str(address)) == address
    assert address.ip == ip
    assert address.family == (socket.AF_INET if ip.version == 4 else socket.AF_INET6)
    assert one_address((ip, port)) == address == one_address((str(ip), port))


@given(st.one_of(IPV4, IPV6), PORTS)
def test_what_crosses_the_border_comes_back(ip: IPv4Address | IPv6Address, port: int) -> None:
    address = Address(str(ip), port)
    assert _codec.unpack(_codec.pack(address)) == address


@given(IPV4, PORTS)
def test_mapped_ipv4_is_ipv4(ip: IPv4Address, port: int) -> None:
    mapped = f"::ffff:{ip}"
    for given_host in (mapped, ip_address(mapped)):
        assert one_address((given_host, port)) == (str(ip), port)
    assert Address.parse(f"[{mapped}]:{port}") == (str(ip), port)


@given(st.text())
def test_other_text_is_a_value_error(text: str) -> None:
    try:
        address = Address.parse(text)
    except ValueError:
        return
    assert Address.parse(str(address)) == address


@pytest.mark.parametrize(
    "text",
    ["10.0.0.1", "10.0.0.1:", "10.0.0.1:65536", "10.0.0.1:-1", "10.0.0.1:+1", "10.0.0.1: 1", "10.0.0.1:1_0", "::1:5",
     "[10.0.0.1]:5", "[::1]", "[::1]:", "[::1:5", "::1]:5", "[[::1]]:5", "[]:5", "localhost:5", "10.0.0.1:²", ""],
)  # fmt: skip
def test_what_cannot_be_parsed(text: str) -> None:
    with pytest.raises(ValueError):
        Address.parse(text)


def test_an_address_is_a_pair_that_shows_itself() -> None:
    address = Address("::1", 9)
    host, port = address
    assert (host, port) == ("::1", 9)
    assert str(address) == "[::1]:9"
    assert str(Address("10.0.0.1", 9)) == "10.0.0.1:9"
    for same in (copy.copy(address), pickle.loads(pickle.dumps(address))):
        assert same == address
        assert type(same) is Address


def test_hosts_have_one_spelling() -> None:
    assert one_address(("2001:DB8:0:0:0:0:0:1", 1)).host == "2001:db8::1"
    assert one_address(("", 1)).host == "0.0.0.0"


def test_a_scope_is_part_of_the_host() -> None:
    index, name = socket.if_nameindex()[0]
    scoped = Address(f"fe80::1%{name}", 5)
    assert one_address((f"fe80::1%{name}", 5)) == scoped
    assert one_address((f"fe80::1%{index}", 5)) == scoped
    assert one_address(("fe80::1", 5, 0, index)) == scoped
    assert one_address((f"fe80::1%{name}", 5, 0, 0)) == scoped
    assert one_address(("fe80::1", 5, 0, 0)) == ("fe80::1", 5)
    assert Address.parse(f"[fe80::1%{name}]:5") == scoped
    assert scoped.family == socket.AF_INET6
    assert _codec.unpack(_codec.pack(scoped)) == scoped
    with pytest.raises(ValueError):
        one_address(("127.0.0.1", 5, 0, index))


def test_an_interface_that_is_not_there_keeps_its_number() -> None:
    assert one_address(("fe80::1%4294967295", 5)) == ("fe80::1%4294967295", 5)


def test_one_or_several() -> None:
    one, other = ("10.0.0.1", 5), ("::1", 5)
    forms: list[object] = [one, Address(*one), (ip_address("10.0.0.1"), 5), [one], (one,), iter([one])]
    for form in forms:
        assert normalise(form) == [one]
    assert normalise([one, other]) == normalise((one, other)) == [one, other]


@pytest.mark.parametrize(
    "wrong",
    ["10.0.0.1", "10.0.0.1:5", b"10.0.0.1", 5, None, ("10.0.0.1",), ("10.0.0.1", 5, 6), ("10.0.0.1", "5"),
     ("10.0.0.1", True), ("10.0.0.1", 5.0), (5, 5), (None, 5), (b"10.0.0.1", 5), ["10.0.0.1", 5], [5], [None],
     ("::1", 5, 0, "lo"), ("::1", 5, 0, True)],
    ids=repr,
)  # fmt: skip
def test_what_has_the_wrong_type(wrong: object) -> None:
    with pytest.raises(TypeError):
        normalise(wrong)


@pytest.mark.parametrize(
    "wrong",
    [("localhost", 5), ("10.0.0", 5), ("10.0.0.01", 5), (" 10.0.0.1", 5), ("10.0.0.1\0", 5), ("::1::", 5), ("::1%", 5),
     ("10.0.0.1", -1), ("10.0.0.1", 65536), ("::1", 5, 0, -1), ("::1", 5, 0, 1 << 32), [("10.0.0.1", 5), ("::1", 6)],
     [], ()],
    ids=repr,
)  # fmt: skip
def test_what_has_the_wrong_value(wrong: object) -> None:
    with pytest.raises(ValueError):
        normalise(wrong)


@pytest.mark.parametrize(
    ("peer", "why"),
    [(("10.0.0.1", 0), "port 0"), (("0.0.0.0", 5), "wildcard"), (("::", 5), "wildcard"), (("", 5), "wildcard"),
     (("::ffff:0.0.0.0", 5), "wildcard"), (("224.0.0.1", 5), "multicast"), (("ff02::1", 5), "multicast"),
     (("255.255.255.255", 5), "broadcast"), ([("10.0.0.1", 5), ("239.1.1.1", 5)], "multicast"), ([], "no addresses")],
    ids=repr,
)  # fmt: skip
def test_what_is_no_peer(peer: object, why: str) -> None:
    with pytest.raises(InvalidArgumentError, match=why) as caught:
        check_peers(peer)
    assert caught.value.errno == errno.EINVAL


def test_what_may_be_a_peer() -> None:
    assert check_peers([("10.0.0.255", 5), ("::1", 5)]) == [("10.0.0.255", 5), ("::1", 5)]
