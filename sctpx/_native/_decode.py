# SPDX-License-Identifier: MIT
"""Raw notifications to the classes of `sctpx._notifications`."""

import struct
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from sctpx import _notifications as n
from sctpx._address import Address
from sctpx._ids import AssociationId
from sctpx._native import _codec
from sctpx._native import _contract as c
from sctpx._native._module import Module

# The head of an ABORT chunk and of the cause in it: type, flags, length; code, length (RFC 9260 §3.3.7, §3.3.10).
_TLV = struct.Struct("!HH")
_CHUNK = struct.Struct("!BBH")
_USER_INITIATED = 12
_ABORT = 6


class Record(NamedTuple):
    """`struct sctpx_notification`, in the order of its fields."""

    association: int
    address: bytes
    event: int
    native_type: int
    state: int
    cause: int
    flags: int
    error: int
    ppid: int
    context: int
    value: int
    value2: int
    extensions: int
    direction: int
    stream: int
    ssn: int
    out_streams: int
    in_streams: int
    data_offset: int
    data_length: int


def decode(module: Module, raw: bytes, source: bytes = _codec.NO_ADDRESS) -> n.Notification:
    """A whole raw notification; UnknownNotification when this backend or this sctpx does not know it.

    `source` is the peer's address that it came with, as the border gives it.
    """
    out = module.ffi.new("struct sctpx_notification *")
    result = module.lib.sctpx_notification_decode(raw, len(raw), out)
    record = Record._make(c.NOTIFICATION.unpack(module.ffi.buffer(out)))
    association = AssociationId(record.association)
    build = _BUILDERS.get(record.event) if result == 0 else None
    if build is not None:
        data = raw[record.data_offset : record.data_offset + record.data_length]
        try:
            built = build(association, record, data)
            # illumos tells a path without its port.
            if isinstance(built, n.PeerAddressChange) and not built.address.port and source != _codec.NO_ADDRESS:
                return replace(built, address=built.address._replace(port=_codec.unpack(source).port))
            return built
        except ValueError:
            pass  # a known event in a state that is newer than this sctpx
    return n.UnknownNotification(
        association=association or None,
        type=record.native_type if result == 0 else int.from_bytes(raw[:2], sys.byteorder),
        raw=raw,
    )


def abort_chunk_of(data: bytes) -> bytes:
    """The ABORT chunk. Linux gives its causes alone; their codes begin with 0 or 1, a chunk with its type."""
    if not data or data[0] == _ABORT:
        return data
    return _CHUNK.pack(_ABORT, 0, min(_CHUNK.size + len(data), 0xFFFF)) + data


def reason_of(abort_chunk: bytes) -> bytes:
    """What the peer said in a user-initiated abort; empty where it said nothing."""
    at = _TLV.size
    while at + _TLV.size <= len(abort_chunk):
        code, length = _TLV.unpack_from(abort_chunk, at)
        if length < _TLV.size:
            break
        if code == _USER_INITIATED:
            return abort_chunk[at + _TLV.size : at + length]
        at += (length + 3) & ~3
    return b""


def _association(id: AssociationId, r: Record, data: bytes) -> n.Notification:
    known = r.extensions & c.EXTENSION_KNOWN
    chunk = abort_chunk_of(data)
    return n.AssociationChange(
        association=id,
        state=n.CommState(r.state),
        cause=n.ErrorCause(r.cause),
        out_streams=r.out_streams,
        in_streams=r.in_streams,
        extensions=frozenset(e for e in n.Extension if r.extensions & e.value) if known else None,
        abort_chunk=chunk,
        reason=reason_of(chunk),
    )


def _path(id: AssociationId, r: Record, data: bytes) -> n.Notification:
    address = _codec.unpack(r.address) if r.address != _codec.NO_ADDRESS else Address("", 0)
    return n.PeerAddressChange(association=id, address=address, event=n.PathEvent(r.state), error=r.error)


def _remote_error(id: AssociationId, r: Record, data: bytes) -> n.Notification:
    return n.RemoteErrorReport(association=id, cause=n.ErrorCause(r.cause), data=data)


def _send_failed(id: AssociationId, r: Record, data: bytes) -> n.Notification:
    return n.SendFailed(
        association=id,
        data=data,
        sent=bool(r.state),
        cause=n.ErrorCause(r.cause),
        stream=r.stream,
        ppid=r.ppid,
        unordered=bool(r.flags & c.FAILED_UNORDERED),
        context=r.context,
        complete=bool(r.flags & c.FAILED_COMPLETE),
    )


def _partial_delivery(id: AssociationId, r: Record, data: bytes) -> n.Notification:
    return n.PartialDeliveryAborted(association=id, stream=r.stream, ssn=r.ssn)


def _authentication(id: AssociationId, r: Record, data: bytes) -> n.Notification:
    return n.AuthenticationEvent(association=id, event=n.AuthEvent(r.state), key=r.value)


def _stream_reset(id: AssociationId, r: Record, data: bytes) -> n.Notification:
    streams = struct.unpack(f"={len(data) // 2}H", data[: len(data) & ~1])
    return n.StreamReset(
        association=id, direction=n.Direction(r.direction), streams=streams, outcome=n.Outcome(r.state)
    )


def _association_reset(id: AssociationId, r: Record, data: bytes) -> n.Notification:
    return n.AssociationReset(association=id, local_tsn=r.value, remote_tsn=r.value2, outcome=n.Outcome(r.state))


def _stream_change(id: AssociationId, r: Record, data: bytes) -> n.Notification:
    return n.StreamChange(
        association=id, out_streams=r.out_streams, in_streams=r.in_streams, outcome=n.Outcome(r.state)
    )


def _plain(kind: Any) -> Callable[[AssociationId, Record, bytes], n.Notification]:
    return lambda id, r, data: kind(association=id)


_BUILDERS: dict[int, Callable[[AssociationId, Record, bytes], n.Notification]] = {
    c.EVENT_ASSOCIATION: _association,
    c.EVENT_PATH: _path,
    c.EVENT_REMOTE_ERROR: _remote_error,
    c.EVENT_SEND_FAILED: _send_failed,
    c.EVENT_PEER_SHUTDOWN: _plain(n.PeerShutdown),
    c.EVENT_ADAPTATION: lambda id, r, data: n.AdaptationIndication(association=id, indication=r.value),
    c.EVENT_PARTIAL_DELIVERY: _partial_delivery,
    c.EVENT_AUTHENTICATION: _authentication,
    c.EVENT_SENDER_DRY: _plain(n.SenderDry),
    c.EVENT_STOPPED: _plain(n.NotificationsStopped),
    c.EVENT_STREAM_RESET: _stream_reset,
    c.EVENT_ASSOCIATION_RESET: _association_reset,
    c.EVENT_STREAM_CHANGE: _stream_change,
}
# What one subscribes to is the class that will arrive.
EVENTS: dict[type[n.Event], int] = {
    n.AssociationChange: c.EVENT_ASSOCIATION,
    n.PeerAddressChange: c.EVENT_PATH,
    n.RemoteErrorReport: c.EVENT_REMOTE_ERROR,
    n.SendFailed: c.EVENT_SEND_FAILED,
    n.PeerShutdown: c.EVENT_PEER_SHUTDOWN,
    n.AdaptationIndication: c.EVENT_ADAPTATION,
    n.PartialDeliveryAborted: c.EVENT_PARTIAL_DELIVERY,
    n.AuthenticationEvent: c.EVENT_AUTHENTICATION,
    n.SenderDry: c.EVENT_SENDER_DRY,
    n.NotificationsStopped: c.EVENT_STOPPED,
    n.StreamReset: c.EVENT_STREAM_RESET,
    n.AssociationReset: c.EVENT_ASSOCIATION_RESET,
    n.StreamChange: c.EVENT_STREAM_CHANGE,
}
