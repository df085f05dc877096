# SPDX-License-Identifier: MIT
"""From received pieces to whole messages and notifications, in the order in which the stack gave them."""

import errno
from threading import RLock
from typing import Any, TypeAlias

from sctpx import _errors as e
from sctpx import _notifications as n
from sctpx._ids import AssociationId
from sctpx._message import Message, NextMessage, received
from sctpx._native import _codec, _decode
from sctpx._native import _contract as c
from sctpx._native._failures import LOST, failure
from sctpx._native._how import How
from sctpx._native._module import Module
from sctpx._native._reassembly import Partial, Reassembly
from sctpx._native._subscriptions import Subscriptions

Item: TypeAlias = Message | n.Notification
_GONE = frozenset({n.CommState.LOST, n.CommState.SHUTDOWN_COMPLETE, n.CommState.CANT_START})
DEFAULT_MAX_MESSAGE_SIZE = 16 * 1024 * 1024


class Receiver:
    """The receiving state of a socket; `lock` is held by whoever reads from the stack and feeds it.

    `ready` holds what was read but not yet returned: errors too, each in its place in the order.

    A signal's handler may raise anywhere in here, and must lose nothing. `take` can therefore be called again and goes
    on where it was: at record `fed`. CPython runs handlers only after a call and at a function's or loop's turn, so
    that stores and the call right behind them are one step: those steps are marked "at once".
    """

    __slots__ = (
        "connecting",
        "ended",
        "fed",
        "lock",
        "lost",
        "max_message_size",
        "module",
        "one_to_one",
        "orphaned",
        "raw",
        "ready",
        "reassembly",
        "subscriptions",
        "unwatched",
        "watched",
    )

    def __init__(self, module: Module, one_to_one: bool) -> None:
        self.module: Module = module
        self.one_to_one: bool = one_to_one
        self.lock: RLock = RLock()
        self.ready: list[Item | e.SctpError] = []
        self.fed: int = 0
        self.raw: list[bytes] = []
        self.reassembly: Reassembly = Reassembly()
        self.subscriptions: Subscriptions = Subscriptions()
        self.max_message_size: int = DEFAULT_MAX_MESSAGE_SIZE
        self.ended: bool = False
        self.lost: n.AssociationChange | None = None
        # One-to-many: associations with unfinished messages, whose end must be heard of; and those that will be.
        self.unwatched: set[int] = set()
        self.watched: set[int] = set()
        # Those that had ended by then; what is queued of them is still to be read.
        self.orphaned: set[int] = set()
        self.connecting: dict[int, n.AssociationChange | None] = {}

    def take(self, view: Any, data: Any, result: int, operation: str) -> None:
        """What a receive call gave: records and their bytes, the end, or an error; all of it is in `ready` then."""
        if result > 0:
            self._feed(view, data, result)
        elif result == 0 or (result == -c.EAGAIN and self.one_to_one and self.lost is not None):
            error = self.lost_error(operation) if self.lost is not None else None
            self.ended = True
            if error is not None:
                self.lost = None  # at once
                self.ready.append(error)
        elif result not in (-c.EAGAIN, -c.EINTR) and not self.fed:
            error = self._ending(failure(self.module, result, operation))
            self.fed = 1  # at once
            self.lost = None
            self.ready.append(error)

    def _feed(self, view: Any, data: Any, count: int) -> None:
        if self.fed:
            self._settle_all()
        for record in c.RECEIVED.iter_unpack(view[self.fed * c.RECEIVED.size : count * c.RECEIVED.size]):
            flags = record[4]
            raw = data[record[2] : record[2] + record[3]]
            if flags & c.RECEIVE_NOTIFICATION:
                self._notification(raw, flags, record[1])
                continue
            piece = message_of(record, raw)
            if flags & c.RECEIVE_END and not self.reassembly.partials and len(raw) <= self.max_message_size:
                self.fed += 1  # at once
                self.ready.append(piece)
            else:
                self._piece(piece)

    def _piece(self, piece: Message) -> None:
        partial = self.reassembly.partial(piece)
        self.fed += 1  # at once
        partial.size += piece.size
        partial.complete = piece.complete
        self.reassembly.held += 0 if partial.dropped else piece.size
        partial.pieces.append(piece.data)
        self._settle(partial)

    def _settle_all(self) -> None:
        for partial in [one for one in self.reassembly.partials.values() if one.complete]:
            self._settle(partial)

    def _settle(self, partial: Partial) -> None:
        done = self.reassembly.settle(partial, self.max_message_size)
        if done is not None:
            item = done if isinstance(done, Message) else self.too_large(done)
            self.reassembly.remove(partial.key)  # at once
            self.ready.append(item)
        elif partial.first.association not in self.watched:
            self.unwatched.add(partial.first.association)

    def put_back(self, piece: Message) -> None:
        """A piece that never reached the caller is the next one to be received."""
        if piece.complete and not self.reassembly.partials:
            self.ready.insert(0, piece)
        else:
            self._piece(piece)

    def bury_orphans(self) -> None:
        """Nothing is queued any more: what associations that are gone left unfinished stays so."""
        for association in self.orphaned:
            self.reassembly.forget(association)
            self.watched.discard(association)
        self.orphaned.clear()

    def too_large(self, size: int) -> e.MessageTooLargeError:
        text = f"a message of {size} bytes was thrown away: max_message_size is {self.max_message_size}"
        return e.MessageTooLargeError(
            errno.EMSGSIZE, text, operation="recv", size=size, limit=self.max_message_size
        )

    def never_sent(self, association: int, how: How, data: bytes) -> None:
        """Tell of a message that did not reach the stack before its association was refused."""
        failed = n.SendFailed(
            association=AssociationId(association),
            data=data,
            sent=False,
            cause=n.ErrorCause.NONE,
            stream=how.stream or 0,
            ppid=how.ppid or 0,
            unordered=bool(how.unordered),
            context=how.context or 0,
            complete=True,
        )
        if self.subscriptions.wants(failed):
            self.ready.append(failed)

    def _notification(self, data: bytes, flags: int, source: bytes) -> None:
        """Join a notification's pieces, note what it means here, and keep it when somebody asked for it."""
        if not flags & c.RECEIVE_END:
            self.fed += 1  # at once
            self.raw.append(data)
            return
        if self.raw:
            data = b"".join([*self.raw, data])
        notification = _decode.decode(self.module, data, source)
        wanted = self.subscriptions.wants(notification)
        if isinstance(notification, n.AssociationChange):
            self._association_changed(notification)
        elif isinstance(notification, n.PartialDeliveryAborted):
            self.reassembly.abort(notification.association, notification.stream)
        self.fed += 1  # at once
        self.raw = []
        if wanted:
            self.ready.append(notification)

    def _association_changed(self, change: n.AssociationChange) -> None:
        id = change.association
        if id in self.connecting:
            self.connecting[id] = change
        if change.state is n.CommState.UP:
            return
        self.reassembly.forget(id)
        if change.state in _GONE:
            self.subscriptions.forget(id)
            self.watched.discard(id)
        if self.one_to_one and change.state is n.CommState.SHUTDOWN_COMPLETE:
            self.ended = True
        elif change.state is n.CommState.LOST:
            self.lost = change

    def _ending(self, error: e.SctpError) -> e.SctpError:
        """The error that ends a one-to-one association, with what the peer said; from then on it has ended."""
        if isinstance(error, (e.AbortedError, e.AssociationLostError)):
            self.ended = True
            if isinstance(error, e.AbortedError) and self.lost is not None:
                return aborted(self.lost, error.operation)
        return error

    def lost_error(self, operation: str) -> e.SctpError:
        """The same where the stack itself reports nothing: known from the notification alone."""
        if self.lost is not None and (self.lost.cause or self.lost.abort_chunk):
            return aborted(self.lost, operation)
        return e.AssociationLostError(errno.ETIMEDOUT, LOST, operation=operation)


def aborted(change: n.AssociationChange, operation: str) -> e.AbortedError:
    said = f": {change.reason.decode(errors='replace')!r}" if change.reason else ""
    return e.AbortedError(
        errno.ECONNRESET,
        f"the peer aborted the association{said}",
        operation=operation,
        cause=change.cause,
        reason=change.reason,
    )


def message_of(record: tuple[int, ...], data: bytes) -> Message:
    """A received record and its bytes as a Message; `complete` tells whether more of it follows."""
    (association, source, _, size, flags, ppid, tsn, cumulative, context, stream, ssn, *after) = record
    return received(
        data,
        size,
        flags & c.RECEIVE_END != 0,
        stream,
        ppid,
        flags & c.RECEIVE_UNORDERED != 0,
        ssn,
        tsn,
        cumulative,
        context,
        AssociationId(association),
        _codec.unpack(source),  # type: ignore[arg-type]
        next_of(flags, after) if flags & c.RECEIVE_NEXT else None,
    )


def next_of(flags: int, fields: list[int]) -> NextMessage:
    ppid, size, stream, *_ = fields
    return NextMessage(
        stream=stream,
        ppid=ppid,
        unordered=flags & c.RECEIVE_NEXT_UNORDERED != 0,
        size=size,
        complete=flags & c.RECEIVE_NEXT_COMPLETE != 0,
        notification=flags & c.RECEIVE_NEXT_NOTIFICATION != 0,
    )
