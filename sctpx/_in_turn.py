# SPDX-License-Identifier: MIT
"""Several addresses of one peer where the stack has no sctp_connectx: each in turn, within the caller's time."""

import errno
from collections.abc import Callable, Sequence
from time import monotonic_ns
from typing import TypeAlias

from sctpx import _errors as e
from sctpx._address import Address
from sctpx._features import Feature
from sctpx._native._channel import Channel
from sctpx._native._failures import support

# Connects to a list of addresses until a deadline; the association's id.
Connect: TypeAlias = Callable[[Channel, Sequence[Address], int], int]
# What another address may do better.
_UNREACHED = frozenset(
    {errno.ECONNREFUSED, errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.ECONNRESET}
)


def connect(channel: Channel, addresses: Sequence[Address], one: Connect) -> int:
    """By `one` call, or by one for each address."""
    deadline = channel.deadline()
    if len(addresses) < 2 or channel.timeout == 0 or support(channel.module, Feature.CONNECTX).present:
        return one(channel, addresses, deadline)
    failed: list[tuple[Address, e.SctpError]] = []
    for at, address in enumerate(addresses):
        try:
            return one(channel, [address], _share(channel, deadline, len(addresses) - at))
        except e.SctpError as error:
            if error.errno not in _UNREACHED and not isinstance(error, e.SctpTimeoutError):
                raise
            failed.append((address, error))
            _abandon(channel, address)
    raise _none(failed)


def _share(channel: Channel, deadline: int, left: int) -> int:
    """The next address' part of the time that is left."""
    return monotonic_ns() + channel.left(deadline) // left if channel.timeout > 0 else deadline


def _abandon(channel: Channel, address: Address) -> None:
    """Let an attempt go that may be under way still; what became of it is of no account."""
    id = 0 if channel.receiver.one_to_one else channel.find(address)
    if id is not None:
        channel.lib.sctpx_abort(channel.handle, id, b"", 0)


def _none(failed: Sequence[tuple[Address, e.SctpError]]) -> e.SctpError:
    """The last error, with what was tried."""
    last = failed[-1][1]
    tried = "; ".join(f"{address}: {error.strerror}" for address, error in failed)
    text = f"{last.strerror} (no sctp_connectx here, so each address was tried in turn: {tried})"
    return type(last)(last.errno or errno.ETIMEDOUT, text, operation="connect")
