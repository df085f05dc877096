# SPDX-License-Identifier: MIT
"""The associations of a one-to-many socket: light handles, made from an id whenever one is needed."""

import errno
from collections.abc import Iterator, Mapping

from sctpx._association import Association
from sctpx._errors import NotConnectedError
from sctpx._ids import AssociationId
from sctpx._native._channel import Channel
from sctpx._socket import Socket


class EndpointAssociation(Association):
    """One association of an endpoint. A light handle: hold it or make it anew from the id, it is the same."""

    __slots__ = ("_association", "_channel")

    @classmethod
    def _of(cls, channel: Channel, association: int) -> "EndpointAssociation":
        made = cls.__new__(cls)
        made._channel = channel
        made._association = association
        return made

    @property
    def id(self) -> AssociationId:
        """The association's id, which only its endpoint understands."""
        return AssociationId(self._association)

    def peeloff(self) -> Socket:
        """Move it to a socket of its own (RFC 6458 §9.2), with what is queued, its subscriptions and no time-out.

        Raises:
            NotConnectedError: it has ended, or is not up yet.
        """
        sock = Socket.__new__(Socket)
        sock._channel = self._channel.peeloff(self._association)  # and no call behind it: see Channel.peeloff
        return sock

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EndpointAssociation):
            return NotImplemented
        return self._channel is other._channel and self._association == other._association

    def __hash__(self) -> int:
        return hash((id(self._channel), self._association))

    def __repr__(self) -> str:
        return f"<EndpointAssociation {self._association}>"


class UnknownAssociationError(NotConnectedError, KeyError):
    """The id is that of no association: a missing key, and as everywhere NotConnectedError."""


class Associations(Mapping[AssociationId, EndpointAssociation]):
    """The live view behind `Endpoint.associations`."""

    __slots__ = ("_channel",)

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def __getitem__(self, id: AssociationId) -> EndpointAssociation:
        if id not in self:
            self._channel.check_open("associations")
            raise UnknownAssociationError(errno.ENOTCONN, f"no association has the id {id!r}", operation="associations")
        return EndpointAssociation._of(self._channel, id)

    def __iter__(self) -> Iterator[AssociationId]:
        return iter([AssociationId(id) for id in self._channel.associations()])

    def __contains__(self, id: object) -> bool:
        return isinstance(id, int) and not isinstance(id, bool) and self._channel.exists(id)

    def __len__(self) -> int:
        return len(self._channel.associations())

    def __repr__(self) -> str:
        return f"<associations {self._channel.associations()}>"
