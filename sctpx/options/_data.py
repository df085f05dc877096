# SPDX-License-Identifier: MIT
"""How messages are sent, cut and delivered."""

from typing import Literal

from sctpx._native import _contract as c
from sctpx.options._base import AssociationOption
from sctpx.options._codec import SWITCH, Whole
from sctpx.options._fields import NOT_GIVEN, Fields, fields_option
from sctpx.options._values import AssociationValue, EndpointValue


class NoDelay(EndpointValue[bool]):
    """Send small messages at once rather than gather them (Nagle; RFC 6458 §8.1.5)."""

    __slots__ = ()
    _symbol = c.OPT_NO_DELAY


class DisableFragments(EndpointValue[bool]):
    """Refuse messages that do not fit into a packet (RFC 6458 §8.1.11)."""

    __slots__ = ()
    _symbol = c.OPT_DISABLE_FRAGMENTS


class MaxSegment(AssociationValue[int | None]):
    """The most bytes of a message in one DATA chunk (RFC 6458 §8.1.16); None: the path's limit."""

    __slots__ = ()
    _symbol = c.OPT_MAX_SEGMENT
    _codec = Whole(1, 0xFFFF)
    _none = 0


class FragmentInterleave(EndpointValue[Literal[0, 1, 2]]):
    """How far parts of different messages may mix on delivery (RFC 6458 §8.1.20)."""

    __slots__ = ()
    _symbol = c.OPT_FRAGMENT_INTERLEAVE
    _codec = Whole(0, 2)


class PartialDeliveryPoint(EndpointValue[int]):
    """From so many bytes on, a message's parts are delivered before its rest is there (RFC 6458 §8.1.21)."""

    __slots__ = ()
    _symbol = c.OPT_PARTIAL_DELIVERY_POINT
    _codec = Whole()


@fields_option
class DefaultSend(AssociationOption["DefaultSend"], Fields):
    """For what `send` is not told (RFC 6458 §8.1.31)."""

    _symbol = c.OPT_DEFAULT_SEND
    _codecs = (("stream", Whole(0, 0xFFFF)), ("ppid", Whole()), ("unordered", SWITCH), ("context", Whole()))
    stream: int = NOT_GIVEN
    ppid: int = NOT_GIVEN
    """Host order."""
    unordered: bool = NOT_GIVEN
    context: int = NOT_GIVEN
