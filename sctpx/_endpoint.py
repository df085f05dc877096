# SPDX-License-Identifier: MIT
"""One-to-many sockets (RFC 6458 §3): many associations behind one descriptor."""

from collections.abc import Iterable, Iterator, Mapping
from socket import AF_INET, AddressFamily
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from sctpx import _connecting, _receiving
from sctpx import _options_access as access
from sctpx._address import Address, Addresses, PathLike, check_peers
from sctpx._association import subscribe
from sctpx._associations import Associations, EndpointAssociation
from sctpx._check import ID_MAX, instance, number, several
from sctpx._descriptor import Blocking, Descriptor
from sctpx._errors import AlreadyConnectedError, AssociationClosedError, NotConnectedError
from sctpx._ids import AssociationId, Destination, Scope
from sctpx._message import Message, MessageInfo, Outgoing, Payload, PrPolicy
from sctpx._native import _contract as c
from sctpx._native import _reading, _sender
from sctpx._native._how import How
from sctpx._notifications import EventType, Notification, OnNotification

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from sctpx.options import DefaultSettable, EndpointGettable, EndpointSettable, InitMessage

_T = TypeVar("_T")


class EndpointControl(Descriptor):
    """A one-to-many socket without its waiting calls. What concerns one association is done on `associations[id]`."""

    __slots__ = ()
    _style = c.ONE_TO_MANY

    def get(self, option: "type[EndpointGettable[_T]]", /) -> _T:
        """An option's default for future associations (RFC 6458 §8)."""
        return cast("_T", access.get(self._channel, 0, access.ENDPOINT, option, None))

    @overload
    def set(self, option: "EndpointSettable", /) -> None: ...
    @overload
    def set(self, option: "DefaultSettable", /, *, scope: Scope) -> None: ...
    def set(self, option: Any, /, *, scope: Scope = Scope.FUTURE) -> None:
        """Set an option for future associations, for the current ones, or for all (RFC 6458 §7.2)."""
        kinds = access.ENDPOINT if scope is Scope.FUTURE else access.DEFAULT
        for association in self._targets(scope):
            try:
                access.set(self._channel, association, kinds, option, None)
            except NotConnectedError:
                if not association:
                    raise  # any other has ended meanwhile, and needs no option

    def subscribe(self, *events: EventType, scope: Scope = Scope.ALL) -> None:
        """Receive notifications of these classes too (RFC 6458 §8.1.28)."""
        self._subscribe(events, scope, on=True)

    def unsubscribe(self, *events: EventType, scope: Scope = Scope.ALL) -> None:
        """Receive notifications of these classes no more."""
        self._subscribe(events, scope, on=False)

    def _subscribe(self, events: tuple[EventType, ...], scope: Scope, *, on: bool) -> None:
        if scope is Scope.FUTURE:
            self._channel.receiver.subscriptions.keep(self._channel.associations())
        subscribe(self._channel, self._targets(scope), events, on=on)

    def _targets(self, scope: Scope) -> list[int]:
        """Association ids, with 0 for the default; the default first, so that none is missed in between."""
        instance(scope, Scope, "scope")
        future = [] if scope is Scope.CURRENT else [0]
        return future + ([] if scope is Scope.FUTURE else self._channel.associations())

    @property
    def subscriptions(self) -> frozenset[EventType]:
        """The classes of notifications that arrive from future associations."""
        return self._channel.receiver.subscriptions.default


class Endpoint(EndpointControl, Blocking):
    """A one-to-many SCTP socket: many associations behind one descriptor; there is no end of stream.

    Args:
        family: AF_INET, or AF_INET6, which takes IPv4 addresses too.
        fileno: a descriptor of a one-to-many SCTP socket to take over (kernel backends).

    Raises:
        BackendUnavailableError: no SCTP here, with causes and remedies.
    """

    __slots__ = ()

    def __init__(self, family: AddressFamily = AF_INET, *, fileno: int | None = None) -> None:
        self._open(family, fileno)

    @property
    def associations(self) -> Mapping[AssociationId, EndpointAssociation]:
        """A live view of the associations by id (RFC 6458 §8.2.5, §8.2.6)."""
        return Associations(self._channel)

    def connect(self, addresses: Addresses, /) -> EndpointAssociation:
        """Associate with a peer known by one or several addresses (RFC 6458 §9.9); errors as `Socket.connect`."""
        return EndpointAssociation._of(
            self._channel, _connecting.connect_one_of_many(self._channel, check_peers(addresses))
        )

    def send(
        self,
        data: Payload,
        /,
        *,
        to: Destination,
        stream: int | None = None,
        ppid: int | None = None,
        unordered: bool | None = None,
        context: int | None = None,
        policy: PrPolicy | None = None,
        path: PathLike | None = None,
        sack_immediately: bool = False,
        eof: bool = False,
        more: bool = False,
        init: "InitMessage | None" = None,
    ) -> AssociationId:
        """Send one message to an association, by id or by address; an unknown address sets one up (with `init`).

        A peer that refuses is told by SendFailed and AssociationChange, not raised. Arguments as `Association.send`.

        Returns:
            The id of the association.

        Raises:
            AssociationClosedError: the id is that of no association.
            MessageTooLargeError, InvalidStreamError, SctpTimeoutError, WouldBlockError.
        """
        how = How(stream, ppid, unordered, context, policy, path, sack_immediately, eof, more)
        content = _sender.payload(data)
        peers = _judged(to)
        if not isinstance(peers, int):  # which may begin an association
            _sender.judge(how)
        association, begun = self._association_of(peers, access.fields_of(init) if init is not None else None)
        try:
            _sender.send(self._channel, content, how, association, self._resolve)
        except AssociationClosedError:
            if not begun:
                raise
            # Refused before the message was behind the INIT: a stack then tells of the association alone.
            self._channel.receiver.never_sent(association, how, bytes(content))
        return AssociationId(association)

    def send_many(self, messages: Iterable[tuple[Destination, Outgoing | Message]], /) -> int:
        """Send a batch, each message to its own destination; results and errors as `Association.send_many`."""
        data: list[Any] = []
        hows: list[How] = []
        destinations: list[int | list[Address]] = []
        for pair in several(messages, "messages"):
            match pair:
                case (to, Outgoing() | Message() as message):
                    pass
                case _:
                    raise TypeError(f"send_many takes pairs of a destination and an Outgoing or Message, not {pair!r}")
            data.append(_sender.payload(message.data))
            hows.append(_sender.how_of(message))
            destinations.append(_judged(to))
        if not all(isinstance(to, int) for to in destinations):  # the others may begin an association
            for how in hows:
                _sender.judge(how)
        targets = [self._association_of(to, None)[0] for to in destinations]
        records = b"".join(
            _sender.pack(how, target, 0, self._resolve) for how, target in zip(hows, targets, strict=True)
        )
        return _sender.send_many(self._channel, data, records, True, hows.__getitem__)

    def send_all(
        self,
        data: Payload,
        /,
        *,
        stream: int | None = None,
        ppid: int | None = None,
        unordered: bool | None = None,
    ) -> None:
        """Send a message to every association, once (SCTP_SENDALL).

        Raises:
            UnsupportedError: without Feature.SEND_ALL.
        """
        how = How(stream, ppid, unordered)
        _sender.send(self._channel, data, how, 0, self._resolve, c.SEND_ALL)

    def recv(self) -> Message | Notification:
        """The next message, whole, or notification subscribed to; of any association.

        Raises:
            MessageTooLargeError: a message above `max_message_size` was thrown away; go on receiving.
            SctpTimeoutError, WouldBlockError, ClosedError.
        """
        item = _reading.recv(self._channel, self._channel.deadline())
        assert item is not None
        return item

    def recv_message(self, on_notification: OnNotification | None = None) -> Message:
        """The next message; notifications are skipped, or handed to `on_notification`."""
        message = _receiving.message(self._channel, on_notification)
        assert message is not None
        return message

    def recv_into(self, buffer: "Buffer", /) -> MessageInfo | Notification:
        """A message or a piece of one into `buffer`: mind `complete`. Notifications come whole."""
        item = _reading.recv_into(self._channel, buffer, self._channel.deadline())
        assert item is not None
        return item

    def recv_many(self, max_messages: int = 64) -> list[Message | Notification]:
        """What is there, at most `max_messages`; waits for the first."""
        return _receiving.many(self._channel, max_messages)

    def __iter__(self) -> Iterator[Message | Notification]:
        """Messages and notifications, for ever."""
        return _receiving.until_none(self.recv)

    def messages(self, on_notification: OnNotification | None = None) -> Iterator[Message]:
        """Messages, for ever; notifications as in `recv_message`."""
        return _receiving.messages(self._channel, on_notification)

    def _association_of(self, peers: int | list[Address], init: Mapping[int, int] | None) -> tuple[int, bool]:
        """The id of a destination, and whether it was begun here: an address without an association begins one."""
        if isinstance(peers, int):
            return peers, False
        if (found := self._found(peers)) is not None:
            return found, False
        try:
            return _connecting.begin(self._channel, peers, init)[0], True
        except AlreadyConnectedError:
            # The peer was quicker, after the look above.
            if (found := self._found(peers)) is None:
                raise
            return found, False

    def _found(self, peers: Iterable[Address]) -> int | None:
        return next((found for peer in peers if (found := self._channel.find(peer)) is not None), None)

    def _resolve(self, association: int, path: PathLike) -> bytes:
        return access.packed_path(self._channel, association, path)


def _judged(to: Destination) -> int | list[Address]:
    """An association's id, or addresses that a peer can have."""
    return number(to, "an association's id", ID_MAX, 1) if isinstance(to, int) else check_peers(to)
