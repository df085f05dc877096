# SPDX-License-Identifier: MIT
"""Setting up an association: begin, wait, and say how it went."""

import errno
from collections.abc import Mapping, Sequence
from time import monotonic_ns

from sctpx import _errors as e
from sctpx import _in_turn
from sctpx._address import Address
from sctpx._native import _contract as c
from sctpx._native import _reading
from sctpx._native._channel import Channel
from sctpx._native._failures import failure, timed_out
from sctpx._notifications import AssociationChange, CommState

# One-to-many sockets show no readiness for a single association: its state is asked for, ever less often.
_FIRST_LOOK = 500_000
_LONGEST_LOOK = 20_000_000


def begin(channel: Channel, addresses: Sequence[Address], init: Mapping[int, int] | None = None) -> tuple[int, int]:
    """Send the INIT: the association's id, and 0 or -EINPROGRESS."""
    id = channel.ffi.new("int64_t *")
    listed = channel.packed(addresses)
    record = channel.ffi.NULL if init is None else channel.option(c.OPT_INIT_MESSAGE, 0, None, init)
    while (result := channel.lib.sctpx_connectx(channel.handle, *listed, record, id)) == -c.EINTR:
        pass
    if result < 0 and result != -c.EINPROGRESS:
        raise _failed(channel, result)
    return int(id[0]), result


def connect(channel: Channel, addresses: Sequence[Address]) -> int:
    """A one-to-one association, waited for; its id."""
    return _in_turn.connect(channel, addresses, _connect)


def _connect(channel: Channel, addresses: Sequence[Address], deadline: int) -> int:
    id, result = begin(channel, addresses)
    while result == -c.EINPROGRESS:
        if channel.timeout == 0:
            raise failure(channel.module, result, "connect")
        try:
            channel.wait(c.WRITABLE, deadline, "connect")
        except e.SctpTimeoutError:
            raise timed_out("connect", silent(channel)) from None
        result = channel.lib.sctpx_connect_result(channel.handle, 0)
        if result == -c.EINPROGRESS and channel.timeout > 0 and not channel.left(deadline):
            raise timed_out("connect", silent(channel))
    if result < 0 and result != -c.EISCONN:
        raise _failed(channel, result)
    channel.watch()
    return id


def finish(channel: Channel) -> None:
    """How a non-blocking connect went."""
    result = channel.lib.sctpx_connect_result(channel.handle, 0)
    if result < 0 and result != -c.EISCONN:
        raise _failed(channel, result)
    channel.watch()


def connect_one_of_many(channel: Channel, addresses: Sequence[Address]) -> int:
    """An association of a one-to-many socket, waited for; its id."""
    return _in_turn.connect(channel, addresses, _connect_one_of_many)


def _connect_one_of_many(channel: Channel, addresses: Sequence[Address], deadline: int) -> int:
    began = monotonic_ns()
    connecting = channel.receiver.connecting
    asked = AssociationChange in channel.receiver.subscriptions.default
    if not asked:  # why it failed is in a notification alone
        channel.event(c.EVENT_ASSOCIATION, c.ASSOC_NONE, True)
    try:
        id, result = begin(channel, addresses)
    finally:
        if not asked:
            channel.event(c.EVENT_ASSOCIATION, c.ASSOC_NONE, False)
    connecting.setdefault(id, None)
    try:
        look = _FIRST_LOOK
        while result == -c.EINPROGRESS:
            if channel.timeout == 0:
                raise failure(channel.module, result, "connect")
            result = _look(channel, id, min(look, channel.left(deadline)) if channel.timeout > 0 else look)
            look = min(look * 2, _LONGEST_LOOK)
            if result == -c.EINPROGRESS and channel.timeout > 0 and not channel.left(deadline):
                raise timed_out("connect", silent(channel))
        change = connecting[id]
        if result == -c.ENOTCONN and change is None:
            change = _reading.reason_for(channel, id)
        if result == -c.ENOTCONN and change is not None:
            raise _not_started(channel, change, monotonic_ns() - began)
        if result < 0:
            raise _failed(channel, result)
    finally:
        connecting.pop(id, None)
    return id


def _look(channel: Channel, id: int, pause: int) -> int:
    result = channel.lib.sctpx_connect_result(channel.handle, id)
    if result != -c.EINPROGRESS:
        return result
    waited = channel.lib.sctpx_wait(channel.handle, 0, pause)  # for nothing but the time, or close()
    return waited if waited < 0 and waited != -c.EINTR else result


def _not_started(channel: Channel, change: AssociationChange, waited: int) -> e.SctpError:
    """Why the association did not come up, from its notification."""
    told = change.abort_chunk or change.cause or waited < _first_wait(channel)
    if change.state is CommState.CANT_START and told:
        return failure(channel.module, -c.ECONNREFUSED, "connect")
    if change.state is CommState.CANT_START:
        return _failed(channel, -c.ETIMEDOUT)
    return failure(channel.module, -c.ECONNRESET, "connect")


def _first_wait(channel: Channel) -> int:
    """How long a stack waits at least before it gives up: Linux tells a refusal by being quicker alone."""
    rto = channel.get_option(c.OPT_RTO_INFO, 0, None, "RtoInfo").fields[0]
    init = channel.get_option(c.OPT_INIT_MESSAGE, 0, None, "InitMessage").fields[3]
    return 1000 * (min(rto, init) if init else rto)


def _failed(channel: Channel, result: int) -> e.SctpError:
    if result == -c.ETIMEDOUT:
        return e.SctpTimeoutError(errno.ETIMEDOUT, f"the peer does not answer{silent(channel)}", operation="connect")
    return failure(channel.module, result, "connect")


def silent(channel: Channel) -> str:
    """What to look for when nobody answers."""
    own = channel.lib.sctpx_udp_port()
    if own < 0:
        return ""
    return (
        f" (SCTP over UDP from port {own}: a peer that does not listen on the UDP port of options.UdpEncapsulation,"
        " or of SCTPX_PEER_UDP_PORT, by default 9899, stays silent)"
    )
