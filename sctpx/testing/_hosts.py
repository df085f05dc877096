# SPDX-License-Identifier: MIT
"""Addresses of this host for so many paths: the loopback's first, then the interfaces'."""

import errno
from collections.abc import Iterator
from itertools import islice
from socket import AF_INET, AF_INET6

from sctpx._backend import backend
from sctpx._errors import SctpError
from sctpx._socket import Socket

_ABSENT = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
_ANY = "::"


def hosts(paths: int) -> list[str]:
    """So many addresses that this backend can bind to.

    Raises:
        SctpError: EADDRNOTAVAIL, there are fewer.
    """
    found = list(islice(_bindable(paths), paths))
    if len(found) < paths:
        text = (
            f"{paths} paths need as many addresses, and {backend.name} finds {len(found)} here ({', '.join(found)}); "
            "add one, as by: ip address add 127.0.0.2/8 dev lo"
        )
        raise SctpError(errno.EADDRNOTAVAIL, text, operation="bind")
    return found


def _bindable(paths: int) -> Iterator[str]:
    loopback = [*(f"127.0.0.{number}" for number in range(1, min(paths, 254) + 1)), "::1"]
    for host in loopback:
        if _bound(host):
            yield host
    for host in _bound(_ANY):
        # Of one link only, or met above.
        if "%" not in host and host not in loopback and _bound(host):
            yield host


def _bound(host: str) -> list[str]:
    """The addresses of a socket bound there, which are all there are for any; none where it cannot be."""
    try:
        with Socket(AF_INET6 if ":" in host else AF_INET) as probe:
            probe.bind((host, 0))
            return [address.host for address in probe.local_addresses()]
    except OSError as error:
        if error.errno not in _ABSENT:
            raise
        return []
