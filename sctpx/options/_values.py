# SPDX-License-Identifier: MIT
"""Options of one value: `get` returns the value itself."""

from typing import Any, ClassVar, Generic, TypeVar

from sctpx._option_record import OptionRecord
from sctpx.options._base import AssociationOption, EndpointOption, NegotiatedOption, PathOption
from sctpx.options._codec import SWITCH, Codec

_T_co = TypeVar("_T_co", covariant=True)


class Value(Generic[_T_co]):
    """The machinery: `_codec` judges and translates the value, `_none` is the border's number for None."""

    __slots__ = ("_value",)
    _codec: ClassVar[Codec] = SWITCH
    _none: ClassVar[int | None] = None

    def __init__(self, value: _T_co, /) -> None:
        if value is not None or self._none is None:
            self._codec.check(type(self).__name__, value)
        self._value = value

    @property
    def value(self) -> _T_co:
        """What was given."""
        return self._value

    def _encode(self) -> dict[int, int]:
        if self._value is None and self._none is not None:
            return {0: self._none}
        return {0: self._codec.encode(self._value)}

    @classmethod
    def _decode(cls, record: OptionRecord) -> Any:
        number = record.fields[0]
        return None if cls._none is not None and number == cls._none else cls._codec.decode(number)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._value!r})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(self._value == other._value)

    def __hash__(self) -> int:
        return hash((type(self), self._value))


class EndpointValue(EndpointOption[_T_co], Value[_T_co]):
    """One value, of a socket."""

    __slots__ = ()


class AssociationValue(AssociationOption[_T_co], Value[_T_co]):
    """One value, of an association, with a default on the socket."""

    __slots__ = ()


class NegotiatedValue(NegotiatedOption[_T_co], Value[_T_co]):
    """One value, settled with the peer: set before the association, read after."""

    __slots__ = ()


class PathValue(PathOption[_T_co], Value[_T_co]):
    """One value, of a path, of all paths of an association, or the socket's default."""

    __slots__ = ()
