# SPDX-License-Identifier: MIT
"""Receiving on a channel: one item, a batch, or straight into the caller's buffer."""

from typing import TYPE_CHECKING, Any

from sctpx import _errors as e
from sctpx._message import Message, MessageInfo
from sctpx._native import _contract as c
from sctpx._native._channel import Channel
from sctpx._native._failures import failure
from sctpx._native._module import Arena
from sctpx._native._receiver import Item, Receiver, message_of
from sctpx._notifications import AssociationChange, Notification

if TYPE_CHECKING:
    from typing_extensions import Buffer


def recv(channel: Channel, deadline: int) -> Item | None:
    """The next message or notification; None when a one-to-one association has ended in good order."""
    items = _read(channel, deadline, 1, "recv", channel.module.single)
    return items[0] if items else None


def recv_many(channel: Channel, most: int, deadline: int) -> list[Item]:
    """At least one item, up to `most`; none when a one-to-one association has ended in good order."""
    return _read(channel, deadline, most, "recv_many", channel.module.batch)


def _read(channel: Channel, deadline: int, most: int, operation: str, arena_of: Any) -> list[Item]:
    receiver = channel.receiver
    result = 0
    while True:
        _enter(channel, deadline, operation)
        try:
            if not receiver.ready and not receiver.ended:
                arena = arena_of()
                try:
                    result = _receive(channel, deadline, arena.records, min(most, arena.count), arena.block, arena.size)
                    if result > 0:
                        receiver.feed(arena, result)
                finally:
                    channel.module.give_back(arena)
                if receiver.unwatched:
                    _watch(channel)
                elif result == -c.EAGAIN:
                    receiver.bury_orphans()
                _judge(channel, result, operation)
            if receiver.ready:
                return _collect(receiver, most)
            if receiver.ended:
                return []
        finally:
            receiver.lock.release()
        if not receiver.one_to_one and result == -c.EAGAIN:
            channel.wait(c.READABLE, deadline, operation)


def recv_into(channel: Channel, buffer: "Buffer", deadline: int) -> MessageInfo | Notification | None:
    """A message or a piece of one into `buffer`; a notification whole."""
    view = memoryview(buffer).cast("B")
    if view.readonly:
        raise TypeError("recv_into needs a writable buffer")
    if not len(view):
        raise ValueError("recv_into needs a buffer of at least one byte")
    receiver = channel.receiver
    block = channel.ffi.from_buffer("char[]", view)
    while True:
        _enter(channel, deadline, "recv_into")
        try:
            if (kept := receiver.reassembly.take()) is not None:
                receiver.ready.appendleft(kept)
            if receiver.ready:
                return _pour(receiver, view)
            if receiver.ended:
                return None
            arena = channel.module.single()
            try:
                result = _receive(channel, deadline, arena.records, 1, block, len(view))
                found = _piece(receiver, arena, view) if result > 0 else None
            finally:
                channel.module.give_back(arena)
            _judge(channel, result, "recv_into")
            if found is not None or receiver.ended:
                return found
        finally:
            receiver.lock.release()
        if not receiver.one_to_one and result == -c.EAGAIN:
            channel.wait(c.READABLE, deadline, "recv_into")


def reason_for(channel: Channel, association: int) -> AssociationChange | None:
    """Why a new association of a one-to-many socket is not: read on, without waiting, until its notification."""
    receiver = channel.receiver
    while receiver.connecting.get(association) is None:
        with receiver.lock:
            if receiver.connecting.get(association) is not None:
                break
            arena = channel.module.single()
            try:
                result = channel.lib.sctpx_receive(channel.handle, arena.records, 1, arena.block, arena.size, 0)
                if result > 0:
                    receiver.feed(arena, result)
            finally:
                channel.module.give_back(arena)
            if result <= 0 and result != -c.EINTR:
                return None
    return receiver.connecting[association]


def _watch(channel: Channel) -> None:
    """Ask to hear of the end of those associations that have left a message unfinished."""
    receiver = channel.receiver
    if not receiver.one_to_one:
        for association in receiver.unwatched:
            channel.watch(association)
            if not channel.exists(association):  # it ended before: no notification will tell
                receiver.orphaned.add(association)
    receiver.watched |= receiver.unwatched
    receiver.unwatched.clear()


def _enter(channel: Channel, deadline: int, operation: str) -> None:
    """Take the receive lock, within the time-out: one thread at a time reads from a socket and joins pieces."""
    lock = channel.receiver.lock
    if not lock.acquire(blocking=False):
        left = channel.left(deadline)
        if left == 0 or not lock.acquire(timeout=left / 1e9 if left > 0 else -1):
            raise channel.gave_up(operation)
    if channel.closed:
        lock.release()
        raise failure(channel.module, -c.ECLOSED, operation)


def _receive(channel: Channel, deadline: int, records: Any, count: int, block: Any, size: int) -> int:
    """One call of the stack. On one-to-many sockets it does not wait, so that peeloff never waits for a reader."""
    receiver = channel.receiver
    if receiver.one_to_one and not channel.watched:  # connected without waiting, and never finished by name
        channel.watch()
    wait = channel.left(deadline) if receiver.one_to_one and receiver.lost is None else 0
    return channel.lib.sctpx_receive(channel.handle, records, count, block, size, wait)


def _judge(channel: Channel, result: int, operation: str) -> None:
    """Raise what a receive call says; note the end of a one-to-one association."""
    receiver = channel.receiver
    if result > 0 or result == -c.EINTR:
        return
    if result == 0:
        receiver.ended = True
        if receiver.lost is not None:
            raise receiver.lost_error(operation)
    elif result != -c.EAGAIN:
        raise receiver.ending(failure(channel.module, result, operation))
    elif receiver.one_to_one:
        raise receiver.lost_error(operation) if receiver.lost is not None else channel.gave_up(operation)


def _collect(receiver: Receiver, most: int) -> list[Item]:
    """What is ready; an error that came with it is raised by the next call.

    Nothing makes the descriptor readable for what is left here, so that must not be a message.
    """
    items: list[Item] = []
    errors: list[e.SctpError] = []
    ready = receiver.ready
    while ready and len(items) < most:
        item = ready.popleft()
        if isinstance(item, e.SctpError):
            errors.append(item)
        else:
            items.append(item)
    if not items:
        first, *errors = errors
        ready.extendleft(reversed(errors))
        raise first
    ready.extendleft(reversed(errors))
    return items


def _piece(receiver: Receiver, arena: Arena, view: memoryview) -> MessageInfo | Notification | None:
    record = c.RECEIVED.unpack(arena.view[: c.RECEIVED.size])
    if record[4] & c.RECEIVE_NOTIFICATION:
        return receiver.notification(bytes(view[record[2] : record[2] + record[3]]), record[4])
    piece = message_of(record, b"")
    if piece.complete:
        receiver.reassembly.passed(piece)
    return info_of(piece, record[3], complete=piece.complete)


def _pour(receiver: Receiver, view: memoryview) -> MessageInfo | Notification:
    """What was read before, into the caller's buffer; what does not fit stays in front."""
    item = receiver.ready.popleft()
    if isinstance(item, e.SctpError):
        raise item
    if not isinstance(item, Message):
        return item
    size = min(len(view), len(item.data))
    view[:size] = item.data[:size]
    if size == len(item.data):
        return info_of(item, size, complete=item.complete)
    receiver.ready.appendleft(rest_of(item, size))
    return info_of(item, size, complete=False)


def rest_of(message: Message, start: int) -> Message:
    fields: dict[str, Any] = {name: getattr(message, name) for name in _INFO}
    data = message.data[start:]
    fields.update(data=data, size=len(data))
    return Message(**fields)


def info_of(message: MessageInfo, size: int, *, complete: bool) -> MessageInfo:
    fields: dict[str, Any] = {name: getattr(message, name) for name in _INFO}
    fields.update(size=size, complete=complete)
    return MessageInfo(**fields)


_INFO = (
    "size",
    "complete",
    "stream",
    "ppid",
    "unordered",
    "ssn",
    "tsn",
    "cumulative_tsn",
    "context",
    "association",
    "source",
    "next",
)
