# SPDX-License-Identifier: MIT
"""Addresses across the border: 24 bytes there, `Address` here. IPv4 is never shown as mapped."""

import socket
from collections.abc import Iterable

from sctpx._address import Address
from sctpx._native import _contract as c

_MAPPED = bytes(10) + b"\xff\xff"
_FAMILIES: dict[socket.AddressFamily, int] = {
    socket.AF_INET: c.FAMILY_IPV4,
    socket.AF_INET6: c.FAMILY_IPV6,
}
NO_ADDRESS = bytes(c.ADDRESS.size)
# The same few peers come with every message; unpacking one costs twenty times this lookup.
_known: dict[bytes, Address] = {}


def family_number(family: int) -> int:
    """The border's number of AF_INET or AF_INET6."""
    try:
        return _FAMILIES[socket.AddressFamily(family)]
    except (KeyError, ValueError):
        raise ValueError(f"family must be AF_INET or AF_INET6, not {family!r}") from None


def family_of(number: int) -> socket.AddressFamily:
    return socket.AF_INET6 if number == c.FAMILY_IPV6 else socket.AF_INET


def pack(address: Address) -> bytes:
    host, port = address
    host, _, scope = host.partition("%")
    if ":" in host:
        return c.ADDRESS.pack(socket.inet_pton(socket.AF_INET6, host), _scope_index(scope), port, c.FAMILY_IPV6, 0)
    return c.ADDRESS.pack(socket.inet_pton(socket.AF_INET, host), 0, port, c.FAMILY_IPV4, 0)


def pack_list(addresses: Iterable[Address]) -> bytes:
    return b"".join(map(pack, addresses))


def unpack(raw: bytes) -> Address:
    """Raw bytes to `Address`, from the cache when they were seen before."""
    found = _known.get(raw)
    if found is None:
        found = _decode(raw)
        if len(_known) >= 4096:
            _known.clear()
        _known[raw] = found
    return found


def unpack_list(raw: bytes) -> list[Address]:
    size = c.ADDRESS.size
    return [unpack(raw[at : at + size]) for at in range(0, len(raw), size)]


def _decode(raw: bytes) -> Address:
    data, scope, port, family, _ = c.ADDRESS.unpack(raw)
    if family == c.FAMILY_IPV4:
        return Address(socket.inet_ntop(socket.AF_INET, data[:4]), port)
    if data.startswith(_MAPPED):
        return Address(socket.inet_ntop(socket.AF_INET, data[12:]), port)
    host = socket.inet_ntop(socket.AF_INET6, data)
    return Address(f"{host}%{_scope_name(scope)}" if scope else host, port)


def _scope_index(scope: str) -> int:
    if not scope or scope.isdecimal():
        return int(scope or 0)
    try:
        return socket.if_nametoindex(scope)
    except (OSError, ValueError):
        raise ValueError(f"no interface is called {scope!r}, which is an address's scope") from None


def _scope_name(scope: int) -> str:
    try:
        return socket.if_indextoname(scope)
    except OSError:
        return str(scope)
