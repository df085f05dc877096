# SPDX-License-Identifier: MIT
"""Receiving on a channel: one item, a batch, or straight into the caller's buffer.

A signal's handler that raises, and so Ctrl-C, ends a call anywhere, and loses nothing that the stack gave out: see
Receiver. `[result] = starmap(call, [arguments])` is how a call's result is kept whatever its handlers do: CPython runs
them after a call that is written as one, and would throw the result away.
"""

from collections.abc import Callable
from itertools import starmap
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


def _read(channel: Channel, deadline: int, most: int, operation: str, arena_of: Callable[[], Arena]) -> list[Item]:
    receiver = channel.receiver
    while True:
        result = 0
        items: list[Item] = []
        error: e.SctpError | None = None
        _enter(channel, deadline, operation)
        try:
            try:
                _check_open(channel, operation)
                if not receiver.ready and not receiver.ended:
                    arena = arena_of()
                    wait = _patience(channel, deadline)
                    result = _receive(channel, arena, min(most, arena.count), wait, operation)
                    channel.module.give_back(arena)
                    if receiver.unwatched:
                        _watch(channel)
                    elif result == -c.EAGAIN:
                        receiver.bury_orphans()
                items, error = _collect(receiver, most)
            finally:
                receiver.lock.release()
        except BaseException:
            receiver.ready[:0] = items if error is None else [error]
            raise
        if error is not None:
            raise error
        if items or receiver.ended:
            return items
        if result == -c.EAGAIN:
            _wait(channel, deadline, operation)


def recv_into(channel: Channel, buffer: "Buffer", deadline: int) -> MessageInfo | Notification | None:
    """A message or a piece of one into `buffer`; a notification whole."""
    room = _room(channel, buffer)
    receiver = channel.receiver
    while True:
        result = 0
        found: MessageInfo | Notification | e.SctpError | None = None
        _enter(channel, deadline, "recv_into")
        try:
            try:
                _check_open(channel, "recv_into")
                receiver.reassembly.unpack(receiver.ready)
                if not receiver.ready and not receiver.ended:
                    arena = channel.module.single()
                    result, found = _receive_into(channel, arena, room, _patience(channel, deadline))
                    channel.module.give_back(arena)
                if found is None and receiver.ready:
                    found = _pour(receiver, room)
                failed = isinstance(found, e.SctpError)
            finally:
                receiver.lock.release()
        except BaseException:
            _put_back(receiver, found, room)
            raise
        if failed:
            raise found  # type: ignore[misc]
        if found is not None or receiver.ended:
            return found  # type: ignore[return-value]
        if result == -c.EAGAIN:
            _wait(channel, deadline, "recv_into")


def _room(channel: Channel, buffer: "Buffer") -> Any:
    """The bytes of a writable buffer of any format, not all of which a memoryview could be cast from."""
    try:
        with memoryview(buffer) as given:
            usable, size = not given.readonly and given.c_contiguous, given.nbytes
    except TypeError:
        raise TypeError(f"recv_into needs a buffer, not {buffer!r}") from None
    if not usable:
        raise TypeError(f"recv_into needs a writable buffer in one piece, not {buffer!r}")
    if not size:
        raise ValueError("recv_into needs a buffer of at least one byte")
    return channel.ffi.buffer(channel.ffi.from_buffer("char[]", buffer))


def reason_for(channel: Channel, association: int) -> AssociationChange | None:
    """Why a new association of a one-to-many socket is not: read on, without waiting, until its notification."""
    receiver = channel.receiver
    while receiver.connecting.get(association) is None:
        with receiver.lock:
            if receiver.connecting.get(association) is not None:
                break
            arena = channel.module.single()
            result = _receive(channel, arena, 1, 0, "connect")
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
    acquire = channel.receiver.lock.acquire
    [entered] = starmap(acquire, [(False,)])
    if not entered:
        # Its holder is not in a fork, which would wait for ever.
        channel.check(channel.lib.sctpx_family_of(channel.handle), operation)
        left = channel.left(deadline)
        if left:
            [entered] = starmap(acquire, [(True, left / 1e9 if left > 0 else -1)])
    if not entered:
        raise channel.gave_up(operation)


def _check_open(channel: Channel, operation: str) -> None:
    if channel.closed:
        raise failure(channel.module, -c.ECLOSED, operation)


def _patience(channel: Channel, deadline: int) -> int:
    """How long a receive call waits. On one-to-many sockets not at all, so that peeloff never waits for a reader."""
    receiver = channel.receiver
    if receiver.one_to_one and not channel.watched:  # connected without waiting, and never finished by name
        channel.watch()
    return channel.left(deadline) if receiver.one_to_one and receiver.lost is None else 0


def _wait(channel: Channel, deadline: int, operation: str) -> None:
    """After a receive call that gave nothing: on one-to-one sockets that was the wait."""
    if channel.receiver.one_to_one:
        raise channel.gave_up(operation)
    channel.wait(c.READABLE, deadline, operation)


def _receive(channel: Channel, arena: Arena, count: int, wait: int, operation: str) -> int:
    """One call of the stack; what it gave is in `ready` then, also when a signal's handler raises."""
    receiver = channel.receiver
    result = -c.EINTR
    receiver.fed = 0
    try:
        [result] = starmap(
            channel.lib.sctpx_receive, [(channel.handle, arena.records, count, arena.block, arena.size, wait)]
        )
        receiver.take(arena.view, arena.data, result, operation)
    except BaseException:
        receiver.take(arena.view, arena.data, result, operation)
        raise
    return result


def _receive_into(channel: Channel, arena: Arena, room: Any, wait: int) -> tuple[int, MessageInfo | None]:
    """The same with the caller's buffer: what a piece was that is there now; all else is in `ready`."""
    receiver = channel.receiver
    block = channel.ffi.from_buffer("char[]", room)
    result = -c.EINTR
    found = None
    receiver.fed = 0
    try:
        [result] = starmap(channel.lib.sctpx_receive, [(channel.handle, arena.records, 1, block, len(room), wait)])
        record = c.RECEIVED.unpack(arena.view[: c.RECEIVED.size])
        if result > 0 and not record[4] & c.RECEIVE_NOTIFICATION:
            piece = message_of(record, b"")
            if piece.complete:
                receiver.reassembly.passed(piece)
            found = info_of(piece, record[3], complete=piece.complete)
        else:
            receiver.take(arena.view, room, result, "recv_into")
    except BaseException:
        receiver.take(arena.view, room, result, "recv_into")
        raise
    return result, found


def _collect(receiver: Receiver, most: int) -> tuple[list[Item], e.SctpError | None]:
    """What is ready, or the error to raise; one that came behind messages is left to the next call.

    Nothing makes the descriptor readable for what is left here, so that must not be a message.
    """
    items: list[Item] = []
    errors: list[e.SctpError] = []
    error: e.SctpError | None = None
    used = 0
    for item in receiver.ready:
        if isinstance(item, e.SctpError):
            errors.append(item)
        else:
            items.append(item)
        used += 1
        if len(items) == most:
            break
    if errors and not items:
        error, *errors = errors
    receiver.ready[:used] = errors  # and nothing after it that a handler could come between
    return items, error


def _pour(receiver: Receiver, room: Any) -> MessageInfo | Notification | e.SctpError:
    """What was read before, into the caller's buffer; what does not fit stays in front."""
    item = receiver.ready[0]
    if not isinstance(item, Message):
        del receiver.ready[0]
        return item
    size = min(len(room), len(item.data))
    room[:size] = item.data[:size]
    whole = size == len(item.data)
    info = info_of(item, size, complete=whole and item.complete)
    rest = [] if whole else [message_with(item, item.data[size:])]
    receiver.ready[:1] = rest
    return info


def _put_back(receiver: Receiver, found: MessageInfo | Notification | e.SctpError | None, room: Any) -> None:
    """What never reached the caller of recv_into is the next to be received."""
    if isinstance(found, MessageInfo):
        receiver.put_back(message_with(found, room[: found.size]))
    elif found is not None:
        receiver.ready[:0] = [found]


def message_with(info: MessageInfo, data: bytes) -> Message:
    fields: dict[str, Any] = {name: getattr(info, name) for name in _INFO}
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
