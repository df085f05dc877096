# SPDX-License-Identifier: MIT
"""One-to-one sockets (RFC 6458 §4)."""

from collections.abc import Iterable, Iterator
from socket import AF_INET, AddressFamily
from typing import TYPE_CHECKING, Any, TypeVar, overload

from sctpx import _connecting, _receiving
from sctpx import _options_access as access
from sctpx._address import Address, Addresses, AddressLike, PathLike, check_peers
from sctpx._association import Association, AssociationControl
from sctpx._check import buffer, several
from sctpx._descriptor import Blocking, Descriptor
from sctpx._errors import UnsupportedError
from sctpx._ids import AssociationId
from sctpx._message import Message, MessageInfo
from sctpx._native import _codec, _reading
from sctpx._native import _contract as c
from sctpx._notifications import Notification, OnNotification

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from sctpx.options import Gettable, PathGettable, PathSettable, Query, Settable

_T = TypeVar("_T")


class SocketControl(Descriptor, AssociationControl):
    """A one-to-one socket without its waiting calls: every option, with no association to name."""

    __slots__ = ()
    _style = c.ONE_TO_ONE
    _association = c.ASSOC_NONE
    _kinds = access.SOCKET

    @overload
    def get(self, option: "type[Gettable[_T]] | Query[_T]", /) -> _T: ...
    @overload
    def get(self, option: "type[PathGettable[_T]]", /, *, path: PathLike) -> _T: ...
    def get(self, option: Any, /, *, path: PathLike | None = None) -> Any:
        """The value of an option (RFC 6458 §8); see `AssociationControl.get`."""
        return access.get(self._channel, 0, self._kinds, option, path)

    @overload
    def set(self, option: "Settable", /) -> None: ...
    @overload
    def set(self, option: "PathSettable", /, *, path: PathLike) -> None: ...
    def set(self, option: Any, /, *, path: PathLike | None = None) -> None:
        """Set an option (RFC 6458 §8); before there is an association, for the one to come."""
        access.set(self._channel, 0, self._kinds, option, path)

    def local_addresses(self) -> list[Address]:
        """The addresses bound to, a wildcard expanded; empty while not bound (RFC 6458 §9.5)."""
        return self._channel.local_addresses(0)

    def abort(self, reason: "Buffer" = b"") -> None:
        """End at once by ABORT with a user-initiated cause (RFC 9260 §9.1), and close. Again: nothing.

        The reason is dropped where the stack cannot carry it (`Feature.ABORT_REASON`).
        """
        raw = bytes(buffer(reason, "reason"))
        if not self._channel.closed:
            try:
                self._channel.abort(0, raw)
            except UnsupportedError:  # in a forked child: nothing was done, and the parent goes on with it
                raise
            except BaseException:
                self._channel.close()
                raise
            self._channel.close()


class Socket(SocketControl, Association, Blocking):
    """A one-to-one SCTP socket: at most one association, or a listener.

    Waiting calls never hold the GIL, honour the time-out and Ctrl-C, and end with ClosedError when another thread
    closes the socket. When its association has ended or could not be made, use a new socket: some stacks refuse a
    second attempt.

    Args:
        family: AF_INET, or AF_INET6, which takes IPv4 addresses too.
        fileno: a descriptor of a one-to-one SCTP socket to take over (kernel backends).

    Raises:
        BackendUnavailableError: no SCTP here, with causes and remedies.
    """

    __slots__ = ()

    def __init__(self, family: AddressFamily = AF_INET, *, fileno: int | None = None) -> None:
        self._open(family, fileno)

    def connect(self, addresses: Addresses, /) -> None:
        """Associate with a peer known by one or several addresses (sctp_connectx, RFC 6458 §9.9).

        Raises:
            RefusedError: the peer answered, and has no listener there.
            SctpTimeoutError: the time-out passed, or the stack gave up; a peer without SCTP stays silent.
            AlreadyConnectedError, InvalidArgumentError (a wildcard, multicast or broadcast peer, port 0, no address).
            WouldBlockError: non-blocking; EINPROGRESS, and EALREADY when it is under way. See `finish_connect`.
        """
        _connecting.connect(self._channel, check_peers(addresses))

    def connectx(self, addresses: Iterable[AddressLike], /) -> AssociationId:
        """`connect` by the RFC's name; the association's id, which a one-to-one socket never needs."""
        return AssociationId(_connecting.connect(self._channel, check_peers(iter(several(addresses, "addresses")))))

    def finish_connect(self) -> None:
        """When writable after a non-blocking `connect`: returns, or raises what went wrong, once."""
        _connecting.finish(self._channel)

    def accept(self) -> "tuple[Socket, Address]":
        """The next association as a socket of its own, without time-out as in `socket`, and the peer's address."""
        accepted = self._channel.accept()
        try:
            handle, raw = accepted
            sock, peer = Socket.__new__(Socket), _codec.unpack(raw)
            channel = self._channel.accepting(handle)
        except BaseException:  # a signal's handler raised: the association is for the next accept
            self._channel.accepted.append(accepted)
            raise
        sock._channel = channel
        return sock, peer

    def recv(self) -> Message | Notification | None:
        """The next message, whole, or notification subscribed to; None: the association has ended in good order.

        Raises:
            AbortedError: the peer aborted; with `cause` and `reason`.
            AssociationLostError: the peer no longer answers.
            MessageTooLargeError: a message above `max_message_size` was thrown away; go on receiving.
            SctpTimeoutError, WouldBlockError, NotConnectedError, ClosedError.
        """
        return _reading.recv(self._channel, self._channel.deadline())

    def recv_message(self, on_notification: OnNotification | None = None) -> Message | None:
        """The next message; notifications are skipped, or handed to `on_notification`. None: the end."""
        return _receiving.message(self._channel, on_notification)

    def recv_into(self, buffer: "Buffer", /) -> MessageInfo | Notification | None:
        """A message or a piece of one into `buffer`: mind `complete`. Notifications come whole. None: the end."""
        return _reading.recv_into(self._channel, buffer, self._channel.deadline())

    def recv_many(self, max_messages: int = 64) -> list[Message | Notification]:
        """What is there, at most `max_messages`; waits for the first. An empty list: the end."""
        return _receiving.many(self._channel, max_messages)

    def __iter__(self) -> Iterator[Message | Notification]:
        """Messages and notifications until the end."""
        return _receiving.until_none(self.recv)

    def messages(self, on_notification: OnNotification | None = None) -> Iterator[Message]:
        """Messages until the end; notifications as in `recv_message`."""
        return _receiving.messages(self._channel, on_notification)
