# SPDX-License-Identifier: MIT
"""Options of several fields. One that is not given is left alone by `set`, and reading it is an AttributeError."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

from sctpx._option_record import OptionRecord
from sctpx.options._codec import Codec

_T = TypeVar("_T", bound="Fields")
# The default of every field that can be left alone. Never stored.
NOT_GIVEN: Any = ...


class Fields:
    """The machinery: `_codecs` has, in the border's order, each field's name and codec."""

    __slots__ = ()
    _codecs: ClassVar[tuple[tuple[str, Codec], ...]]

    def __init__(self, **given: object) -> None:
        unknown = set(given) - self._settable()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))} that can be set")
        for name, codec in self._codecs:
            if name in given:
                codec.check(f"{type(self).__name__}.{name}", given[name])
                object.__setattr__(self, name, given[name])
        self._judge()

    def _judge(self) -> None:
        """Raise ValueError for values that are each in range and together are not."""

    @classmethod
    def _settable(cls) -> set[str]:
        return {one.name for one in fields(cls) if one.init}  # type: ignore[arg-type]

    def _given(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name, _ in self._codecs if hasattr(self, name)}

    def _encode(self) -> dict[int, int]:
        given, settable = self._given(), self._settable()
        return {
            at: codec.encode(given[name])
            for at, (name, codec) in enumerate(self._codecs)
            if name in given and name in settable
        }

    @classmethod
    def _decode(cls, record: OptionRecord) -> Self:
        return cls._read(record.fields, record.given)

    @classmethod
    def _read(cls, values: tuple[int, ...], given: int) -> Self:
        made = cls.__new__(cls)
        for at, (name, codec) in enumerate(cls._codecs):
            if given >> at & 1:
                object.__setattr__(made, name, codec.decode(values[at]))
        return made

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._given().items())})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._given() == other._given()

    def __hash__(self) -> int:
        return hash((type(self), *self._given().items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self._given())


def _rebuild(cls: type[_T], given: Mapping[str, object]) -> _T:
    made = cls.__new__(cls)
    for name, value in given.items():
        object.__setattr__(made, name, value)
    return made


@dataclass_transform(frozen_default=True, kw_only_default=True, eq_default=True, field_specifiers=(field,))
def fields_option(cls: type[_T]) -> type[_T]:
    """A frozen, slotted dataclass with the machinery of `Fields` in place of dataclass' own."""
    made = dataclass(frozen=True, slots=True, kw_only=True, init=False, repr=False, eq=False)(cls)
    parameters = [
        inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=NOT_GIVEN, annotation=one.type)
        for one in fields(made)  # type: ignore[arg-type]
        if one.init
    ]
    made.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return made
