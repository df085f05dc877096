# SPDX-License-Identifier: MIT
"""Transport addresses, and what users may write for them."""

import errno
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import AF_INET, AF_INET6, AddressFamily, if_indextoname
from typing import NamedTuple, TypeAlias, cast

from sctpx._check import instance, whole
from sctpx._errors import InvalidArgumentError


class Address(NamedTuple):
    """A transport address; every address that sctpx returns is one: `host, port = address`.

    IPv4 is never shown as mapped IPv6; an IPv6 scope is part of the host ("fe80::1%eth0").
    """

    host: str
    port: int

    @property
    def ip(self) -> IPv4Address | IPv6Address:
        """The host as an object of `ipaddress`."""
        return ip_address(self.host)

    @property
    def family(self) -> AddressFamily:
        """AF_INET or AF_INET6."""
        return AF_INET6 if ":" in self.host else AF_INET

    @classmethod
    def parse(cls, text: str) -> "Address":
        """From "10.0.0.1:3868" or "[2001:db8::1]:3868"; ValueError for anything else."""
        instance(text, str, "an address as text")
        host, _, port = text.rpartition(":")
        bracketed = host.startswith("[") and host.endswith("]")
        if not host or not port.isascii() or not port.isdecimal() or bracketed != (":" in host.strip("[]")):
            raise ValueError(f"an address is host:port, or [host]:port for IPv6, not {text!r}")
        return _address(host[1:-1] if bracketed else host, int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


Host: TypeAlias = str | IPv4Address | IPv6Address
"""A literal; `create_*` resolve names too. "": any address, to bind to."""
AddressLike: TypeAlias = tuple[Host, int] | tuple[str, int, int, int]
"""`Address` is one; four items as in `socket`."""
Addresses: TypeAlias = AddressLike | Iterable[AddressLike]
"""One, or several of the same port."""
PathLike: TypeAlias = Host | AddressLike
"""An address of the association; a port given must be right."""


def one_address(given: object) -> Address:
    """A single address-like as an Address; TypeError and ValueError say what is wrong with it."""
    items = cast("Sequence[object]", given if isinstance(given, tuple) else ())
    if len(items) not in (2, 4):
        raise TypeError(f"an address is a tuple (host, port), not {given!r}")
    host, port = items[0], items[1]
    if len(items) == 4:
        whole(items[2], "address's flow information", 0xFFFFFFFF)
        scope = whole(items[3], "address's scope id", 0xFFFFFFFF)
        if scope and "%" not in str(host):
            host = f"{host}%{scope}"
    return _address(host, port)


def normalise(addresses: object) -> list[Address]:
    """One address-like or several; those of several have the same port."""
    if isinstance(addresses, (str, bytes)) or not isinstance(addresses, Iterable):
        raise TypeError(f"an address is a tuple (host, port), not {addresses!r}")
    given = cast("Iterable[object]", addresses)
    single = isinstance(given, tuple) and given and not isinstance(given[0], tuple)
    listed = [one_address(given)] if single else [one_address(one) for one in given]
    if not listed:
        raise InvalidArgumentError(errno.EINVAL, "no addresses were given", operation="addresses")
    if len({one.port for one in listed}) > 1:
        raise InvalidArgumentError(
            errno.EINVAL, f"addresses of one association have one port, not {listed}", operation="addresses"
        )
    return listed


def check_peers(addresses: object) -> list[Address]:
    """Addresses that a peer can have; InvalidArgumentError (EINVAL) for those that it can't."""
    peers = normalise(addresses)
    for host, port in peers:
        ip = ip_address(host)
        kind = (
            "port 0" if not port
            else "a wildcard" if ip.is_unspecified
            else "multicast" if ip.is_multicast
            else "broadcast" if host == "255.255.255.255"
            else ""
        )
        if kind:
            raise InvalidArgumentError(errno.EINVAL, f"{Address(host, port)} is no peer: {kind}", operation="connect")
    return peers


def _address(host: object, port: object) -> Address:
    return Address(_literal(host), whole(port, "port", 0xFFFF))


def _literal(host: object) -> str:
    if isinstance(host, str):
        text = host or "0.0.0.0"  # what "" stands for
    elif isinstance(host, (IPv4Address, IPv6Address)):
        text = str(host)
    else:
        raise TypeError(f"a host is a string or an object of ipaddress, not {host!r}")
    ip = ip_address(text)
    if isinstance(ip, IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    plain, percent, scope = str(ip).partition("%")
    return f"{plain}{percent}{_interface(scope)}"


def _interface(scope: str) -> str:
    """A scope by the interface's name, as addresses that come from the stack have it."""
    if not scope.isascii() or not scope.isdecimal():
        return scope
    try:
        return if_indextoname(int(scope))
    except (OSError, OverflowError):
        return scope
