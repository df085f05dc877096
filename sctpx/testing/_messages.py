# SPDX-License-Identifier: MIT
"""Messages to call a handler with, and skips."""

import unittest

from sctpx._address import Address, AddressLike, one_address
from sctpx._backend import backend, supports
from sctpx._check import instance, whole
from sctpx._features import Feature
from sctpx._ids import AssociationId
from sctpx._message import Message
from sctpx.testing._backend import ready

# Nobody's address (RFC 5737).
_SOMEWHERE = Address("192.0.2.1", 9)


def message(
    data: bytes = b"",
    /,
    *,
    stream: int = 0,
    ppid: int = 0,
    unordered: bool = False,
    source: AddressLike = _SOMEWHERE,
) -> Message:
    """A whole message as `recv` would give it, to call a handler without any network.

    Args:
        data: what came.
        stream: 0..65535.
        ppid: host order, 0..2**32-1.
        unordered: whether it was sent so.
        source: the peer's address that it came from.

    Raises:
        TypeError, ValueError: as from a call with the same wrong argument.
    """
    instance(data, bytes, "data")
    return Message(
        data=data,
        size=len(data),
        complete=True,
        stream=whole(stream, "stream", 0xFFFF),
        ppid=whole(ppid, "ppid", 0xFFFFFFFF),
        unordered=bool(unordered),
        ssn=0,
        tsn=0,
        cumulative_tsn=0,
        context=0,
        association=AssociationId(0),
        source=one_address(source),
        next=None,
    )


def requires(*features: Feature) -> None:
    """Skip the test, with the reason, where the backend lacks one of these; in unittest, pytest, and for a module.

    Raises:
        unittest.SkipTest: one is missing.
        BackendUnavailableError: no backend works here.
    """
    ready()
    for feature in features:
        if not supports(feature):
            raise unittest.SkipTest(f"{backend.name} has no {feature.name}: {backend.features[feature].reason}")
