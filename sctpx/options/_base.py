# SPDX-License-Identifier: MIT
"""What an option can do, and where: its bases say so, to the checkers and at run time.

Gettable / Settable, each for an Endpoint (its value for future associations), an Association, or one path.
`_symbol` is the option's number at the border; `Value` and `Fields` say how it crosses.
"""

from typing import ClassVar, Generic, TypeVar

_T_co = TypeVar("_T_co", covariant=True)


class Gettable(Generic[_T_co]):
    """Can be read of a one-to-one Socket."""

    __slots__ = ()
    _symbol: ClassVar[int]


class EndpointGettable(Gettable[_T_co]):
    """Can be read of an Endpoint too: its value for future associations."""

    __slots__ = ()


class AssociationGettable(Gettable[_T_co]):
    """Can be read of an Association too."""

    __slots__ = ()


class PathGettable(Generic[_T_co]):
    """Can be read of one path, with path=."""

    __slots__ = ()


class Query(Generic[_T_co]):
    """A question with a key, made by some options' `.of(...)`."""

    __slots__ = ()


class Settable:
    """Can be set on a one-to-one Socket."""

    __slots__ = ()
    _symbol: ClassVar[int]
    # Whether `_complete(fields, current)` says what else must be set with them.
    _completes: ClassVar[bool] = False


class EndpointSettable(Settable):
    """Can be set on an Endpoint too, and before there is an association."""

    __slots__ = ()


class AssociationSettable(Settable):
    """Can be set on an Association too."""

    __slots__ = ()


class DefaultSettable(EndpointSettable, AssociationSettable):
    """Can be set with scope= too: on future associations, the current ones, or all."""

    __slots__ = ()


class PathSettable:
    """Can be set on one path, with path=."""

    __slots__ = ()


# Settable first: mypy then infers a settable list for `TUNING = [NoDelay(True), RtoInfo(min=0.1)]`.
class EndpointOption(EndpointSettable, EndpointGettable[_T_co]):
    """Of a socket: set and got on a Socket or an Endpoint."""

    __slots__ = ()


class AssociationOption(DefaultSettable, EndpointGettable[_T_co], AssociationGettable[_T_co]):
    """Of an association, with a default on the socket."""

    __slots__ = ()


class PathOption(AssociationOption[_T_co], PathSettable, PathGettable[_T_co]):
    """Of a path, of all paths of an association, or the socket's default."""

    __slots__ = ()


class NegotiatedOption(EndpointSettable, EndpointGettable[_T_co], AssociationGettable[_T_co]):
    """Settled with the peer: set before the association, read after."""

    __slots__ = ()
