# SPDX-License-Identifier: MIT
"""What one can do with a single association, wherever it lives: on a socket of its own, or on an endpoint."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from sctpx import _options_access as access
from sctpx._address import Address, PathLike
from sctpx._check import buffer
from sctpx._message import Message, Outgoing, Payload, PrPolicy
from sctpx._native import _contract as c
from sctpx._native import _sender
from sctpx._native._channel import Channel
from sctpx._native._decode import EVENTS
from sctpx._native._how import PLAIN, How
from sctpx._native._subscriptions import expand
from sctpx._notifications import AssociationChange, EventType

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from sctpx.options import AssociationGettable, AssociationSettable, PathGettable, PathInfo, PathSettable, Query

_T = TypeVar("_T")


class AssociationControl:
    """What waits for nothing: options, addresses, paths, subscriptions, abort. Nothing here names an association.

    On an association that is gone, or never was, every call raises NotConnectedError (send: AssociationClosedError).
    """

    __slots__ = ()
    _channel: Channel
    # 0: the only one of a one-to-one socket.
    _association: int

    @overload
    def get(self, option: "type[AssociationGettable[_T]] | Query[_T]", /) -> _T: ...
    @overload
    def get(self, option: "type[PathGettable[_T]]", /, *, path: PathLike) -> _T: ...
    def get(self, option: Any, /, *, path: PathLike | None = None) -> Any:
        """The value of an option (RFC 6458 §8), of the association or of one of its paths.

        Raises:
            NotConnectedError: only an association has it, and there is none.
            UnsupportedError: this backend or style of socket has no such option.
            InvalidArgumentError: `path` is none of the association's.
        """
        return access.get(self._channel, self._association, self._kinds, option, path)

    @overload
    def set(self, option: "AssociationSettable", /) -> None: ...
    @overload
    def set(self, option: "PathSettable", /, *, path: PathLike) -> None: ...
    def set(self, option: Any, /, *, path: PathLike | None = None) -> None:
        """Set an option (RFC 6458 §8); fields that were not given stay as they are.

        Raises:
            ValueError: a value outside the RFC's range, before the call.
            InvalidArgumentError: the stack refused the value, or `path` is none of the association's.
            UnsupportedError: this backend or style of socket has no such option.
        """
        access.set(self._channel, self._association, self._kinds, option, path)

    _kinds = access.ASSOCIATION

    def subscribe(self, *events: EventType) -> None:
        """Receive notifications of these classes too (RFC 6458 §8.1.28); `Event`: all that the backend has."""
        subscribe(self._channel, [self._association], events, on=True)

    def unsubscribe(self, *events: EventType) -> None:
        """Receive notifications of these classes no more."""
        subscribe(self._channel, [self._association], events, on=False)

    @property
    def subscriptions(self) -> frozenset[EventType]:
        """The classes of notifications that arrive."""
        return self._channel.receiver.subscriptions.of(self._association)

    def peer_addresses(self) -> list[Address]:
        """The peer's addresses (sctp_getpaddrs, RFC 6458 §9.3). NotConnectedError when there is no association."""
        return self._channel.peer_addresses(self._association)

    def local_addresses(self) -> list[Address]:
        """Our addresses in this association (RFC 6458 §9.5)."""
        return self._channel.local_addresses(self._association)

    def paths(self) -> "list[PathInfo]":
        """Each address of the peer with its state, cwnd (bytes), srtt and rto (seconds) and mtu (RFC 6458 §8.2.2)."""
        return access.paths(self._channel, self._association)

    def set_primary(self, path: PathLike) -> None:
        """Send to this address of the peer from now on (RFC 6458 §8.1.9); `options.Status` tells the current one."""
        address = access.path_address(self._channel, self._association, path)
        self._channel.set_option(c.OPT_PRIMARY, self._association, address, {}, "set_primary")

    def heartbeat(self, path: PathLike | None = None) -> None:
        """Send a HEARTBEAT now, on one path or on all (RFC 6458 §8.1.12, SPP_HB_DEMAND)."""
        addresses = self.peer_addresses()
        if path is not None:
            addresses = [access.path_address(self._channel, self._association, path)]
        for address in addresses:
            fields = {access.HEARTBEAT_NOW: 1}
            self._channel.set_option(c.OPT_PATH_PARAMETERS, self._association, address, fields, "heartbeat")

    def abort(self, reason: "Buffer" = b"") -> None:
        """End at once by ABORT with a user-initiated cause (RFC 9260 §9.1). A Socket is closed too. Again: nothing.

        The reason is dropped where the stack cannot carry it (`Feature.ABORT_REASON`).
        """
        self._channel.abort(self._association, bytes(buffer(reason, "reason")))


class Association(AssociationControl):
    """One association: a `Socket` is one, and `Endpoint.associations[id]` is one."""

    __slots__ = ()

    def send(
        self,
        data: Payload,
        /,
        *,
        stream: int | None = None,
        ppid: int | None = None,
        unordered: bool | None = None,
        context: int | None = None,
        policy: PrPolicy | None = None,
        path: PathLike | None = None,
        sack_immediately: bool = False,
        eof: bool = False,
        more: bool = False,
    ) -> None:
        """Send one message: whole, or an error.

        Args:
            data: a buffer, or a list of buffers to gather into one message.
            stream: the outgoing stream; None here and below: `options.DefaultSend`, at first 0, 0, ordered, 0.
            ppid: the payload protocol identifier, host order.
            unordered: deliver it without regard to the stream's order.
            context: comes back in SendFailed, when the message could not be delivered.
            policy: how long it is worth sending (RFC 3758, RFC 7496); None: for ever.
            path: the peer's address to send it to, in place of the primary.
            sack_immediately: ask for a SACK at once (RFC 7053).
            eof: begin the shutdown after it.
            more: part of a message, more to follow (Feature.EXPLICIT_EOR).

        Raises:
            MessageTooLargeError, InvalidStreamError, AssociationClosedError, SctpTimeoutError, WouldBlockError.
        """
        how = PLAIN
        if (
            stream is not None
            or ppid is not None
            or unordered is not None
            or context is not None
            or policy is not None
            or path is not None
            or sack_immediately is not False
            or eof is not False
            or more is not False
        ):
            how = How(stream, ppid, unordered, context, policy, path, sack_immediately, eof, more)
        _sender.send(self._channel, data, how, self._association, self._resolve)

    def send_many(
        self,
        messages: "Iterable[Outgoing | Message | Buffer]",
        /,
        *,
        stream: int | None = None,
        ppid: int | None = None,
        unordered: bool | None = None,
    ) -> int:
        """Send a batch in one go; plain buffers with common arguments are the fast way.

        Returns:
            How many went; fewer than given only when non-blocking.

        Raises:
            PartialBatchError: some went (`sent`), and then its `__cause__` happened.
            SctpError: none went; as `send`.
        """
        common = PLAIN
        if stream is not None or ppid is not None or unordered is not None:
            common = How(stream, ppid, unordered)
        data, records, hows = _sender.batch(messages, common, self._association, self._resolve)
        each = hows is not None
        return _sender.send_many(self._channel, data, records, each, hows.__getitem__ if hows else lambda _: common)

    def shutdown(self) -> None:
        """End gracefully: SHUTDOWN after all that is queued; go on receiving until the end (RFC 9260 §9.2)."""
        self._channel.shutdown(self._association)

    def _resolve(self, association: int, path: PathLike) -> bytes:
        return access.packed_path(self._channel, association, path)


def subscribe(channel: Channel, targets: Iterable[int], events: Iterable[EventType], *, on: bool) -> None:
    """Tell the stack and note it, for associations by id and for the default (0).

    What the adapter itself needs stays on in the stack. Of `Event`, what the backend lacks is left out.
    """
    wanted, everything = expand(events)
    operation = "subscribe" if on else "unsubscribe"
    channel.check_open(operation)
    # Of a fork's errors, which are Unsupported too, nothing may be taken for an event that the backend lacks.
    channel.check(channel.lib.sctpx_family_of(channel.handle), operation)
    refused: set[EventType] = set()
    for target in targets:
        for event in wanted - refused:
            if not on and channel.watched and event is AssociationChange:
                continue
            record = {0: EVENTS[event], 1: int(on)}
            try:
                channel.set_option(c.OPT_EVENT, target, None, record, event.__name__)
            except NotImplementedError:
                if not everything and on:
                    raise
                refused.add(event)
        channel.receiver.subscriptions.change(target, wanted - refused, on)

