# SPDX-License-Identifier: MIT
"""Sockets ready for use: names resolved, the family chosen, options and events set before the first packet."""

import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar, cast

from sctpx._address import Address, Addresses, AddressLike, normalise, one_address
from sctpx._check import several, whole
from sctpx._endpoint import Endpoint
from sctpx._notifications import EventType
from sctpx._socket import Socket

if TYPE_CHECKING:
    from sctpx.options import EndpointSettable

_S = TypeVar("_S", Socket, Endpoint)


def create_connection(
    addresses: Addresses,
    timeout: float | None = None,
    *,
    source: Addresses | None = None,
    options: "Iterable[EndpointSettable]" = (),
    events: Iterable[EventType] = (),
) -> Socket:
    """Connect to a peer known by one or several addresses or names (RFC 6458 §9.9).

    IPv6 is used when any address is IPv6; IPv4 peers are then reached by mapping. Names stand for all their addresses.

    Args:
        addresses: the peer's, of one port.
        timeout: seconds; it stays on the socket, as in `socket`.
        source: our own addresses; by default the stack's choice.
        options: set before the handshake, InitMessage too.
        events: the notifications to receive.

    Raises:
        As `Socket.connect`, and OSError (socket.gaierror) for an unknown name.
    """
    peers = resolve(addresses)
    own = resolve(source, passive=True) if source is not None else []
    sock = _prepare(Socket(_family(peers + own)), options, events)
    try:
        sock.settimeout(timeout)
        if own:
            sock.bind(own)
        sock.connect(peers)
    except BaseException:
        sock.close()
        raise
    return sock


def create_server(
    addresses: Addresses,
    *,
    backlog: int = 128,
    options: "Iterable[EndpointSettable]" = (),
    events: Iterable[EventType] = (),
) -> Socket:
    """Listen on one address or several; accepted sockets inherit options and events. Port 0: a free one for all."""
    own = resolve(addresses, passive=True)
    return _bound(_prepare(Socket(_family(own)), options, events), own, True, backlog)


def create_endpoint(
    addresses: Addresses,
    *,
    listen: bool = True,
    options: "Iterable[EndpointSettable]" = (),
    events: Iterable[EventType] = (),
) -> Endpoint:
    """A one-to-many socket on one address or several, which takes associations unless `listen` is false."""
    own = resolve(addresses, passive=True)
    return _bound(_prepare(Endpoint(_family(own)), options, events), own, listen)


def resolve(addresses: Addresses, *, passive: bool = False) -> list[Address]:
    """Literal addresses; names become all their addresses, in the resolver's order."""
    single = isinstance(addresses, tuple) and len(addresses) in (2, 4) and not isinstance(addresses[0], tuple)
    every = cast("Iterable[AddressLike]", [addresses] if single else several(addresses, "addresses"))
    found: list[Address] = []
    for one in every:
        try:
            found += normalise(one)
        except ValueError:
            found += _look_up(one, passive)
    return normalise(list(dict.fromkeys(found)))


def _look_up(address: AddressLike, passive: bool) -> list[Address]:
    items: tuple[object, ...] = address
    host, port = items if len(items) == 2 else (None, None)
    if not isinstance(host, str) or not _may_be_name(host):
        return normalise(address)  # which says what is wrong with it
    whole(port, "port", 0xFFFF)
    flags = socket.AI_PASSIVE if passive else 0
    # TCP stands in for SCTP, which many resolvers do not know; the addresses are the same.
    try:
        answers = socket.getaddrinfo(host, str(port), type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=flags)
    except UnicodeError as error:
        raise ValueError(f"{host!r} is no name of a host: {error}") from None
    return normalise([one_address(where) for where in dict.fromkeys(answer[4] for answer in answers)])


def _may_be_name(host: str) -> bool:
    """Whether a resolver could know it: not a misspelt literal."""
    return bool(host) and ":" not in host and not host.replace(".", "").isdecimal() and "\0" not in host


def _family(addresses: Iterable[Address]) -> socket.AddressFamily:
    six = any(one.family == socket.AF_INET6 for one in addresses)
    return socket.AF_INET6 if six else socket.AF_INET


def _prepare(sock: _S, options: "Iterable[EndpointSettable]", events: Iterable[EventType]) -> _S:
    try:
        for option in several(options, "options"):
            sock.set(option)
        for event in several(events, "events"):
            sock.subscribe(event)
    except BaseException:
        sock.close()
        raise
    return sock


def _bound(sock: _S, own: list[Address], listen: bool, backlog: int = 128) -> _S:
    try:
        sock.bind(own)
        if listen:
            sock.listen(backlog)
    except BaseException:
        sock.close()
        raise
    return sock
