# SPDX-License-Identifier: MIT
"""How a value of an option is judged, and how it crosses the border: whole numbers, seconds, switches."""

from dataclasses import dataclass
from typing import Protocol


class Codec(Protocol):
    """Judges a value in Python's terms (TypeError, ValueError) and translates it."""

    def encode(self, name: str, value: object) -> int: ...
    def decode(self, value: int) -> object: ...


@dataclass(frozen=True, slots=True)
class Whole:
    """An int within bounds."""

    least: int = 0
    most: int = 0xFFFFFFFF

    def encode(self, name: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{name} must be an int, not {value!r}")
        if not self.least <= value <= self.most:
            raise ValueError(f"{name} must be {self.least}..{self.most}, not {value}")
        return int(value)

    def decode(self, value: int) -> int:
        return value


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off."""

    def encode(self, name: str, value: object) -> int:
        if not isinstance(value, bool):
            raise TypeError(f"{name} must be True or False, not {value!r}")
        return int(value)

    def decode(self, value: int) -> bool:
        return bool(value)


@dataclass(frozen=True, slots=True)
class Seconds:
    """A duration, to the millisecond that the stacks count in: one above zero never becomes none."""

    least: float = 0.001
    most: float = 0xFFFFFFFF / 1000

    def encode(self, name: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"{name} must be seconds, not {value!r}")
        if not self.least <= value <= self.most:
            raise ValueError(f"{name} must be {self.least:g}..{self.most:g} seconds, not {value!r}")
        return round(value * 1000) * 1000

    def decode(self, value: int) -> float:
        return value / 1_000_000


SWITCH = Switch()
COUNT16 = Whole(1, 0xFFFF)
