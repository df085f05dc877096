# SPDX-License-Identifier: MIT
"""How a value of an option is judged, and how it crosses the border: whole numbers, seconds, switches."""

from dataclasses import dataclass
from typing import Any, Protocol


class Codec(Protocol):
    """`check` judges what a user gives (TypeError, ValueError); what a stack gave is only translated, both ways."""

    def check(self, name: str, value: object) -> None: ...
    def encode(self, value: Any) -> int: ...
    def decode(self, value: int) -> object: ...


@dataclass(frozen=True, slots=True)
class Whole:
    """An int within bounds."""

    least: int = 0
    most: int = 0xFFFFFFFF

    def check(self, name: str, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{name} must be an int, not {value!r}")
        if not self.least <= value <= self.most:
            raise ValueError(f"{name} must be {self.least}..{self.most}, not {value}")

    def encode(self, value: int) -> int:
        return int(value)

    def decode(self, value: int) -> int:
        return value


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off."""

    def check(self, name: str, value: object) -> None:
        if not isinstance(value, bool):
            raise TypeError(f"{name} must be True or False, not {value!r}")

    def encode(self, value: bool) -> int:
        return int(value)

    def decode(self, value: int) -> bool:
        return bool(value)


@dataclass(frozen=True, slots=True)
class Seconds:
    """A duration, to the millisecond that the stacks count in: one above zero never becomes none."""

    least: float = 0.001
    most: float = 0xFFFFFFFF / 1000

    def check(self, name: str, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"{name} must be seconds, not {value!r}")
        if not self.least <= value <= self.most:
            raise ValueError(f"{name} must be {self.least:g}..{self.most:g} seconds, not {value!r}")

    def encode(self, value: float) -> int:
        milliseconds = round(value * 1000)
        return 1000 * (milliseconds if milliseconds or not value else 1)

    def decode(self, value: int) -> float:
        return value / 1_000_000


@dataclass(frozen=True, slots=True)
class WholeSeconds(Seconds):
    """A duration that the stacks count in seconds."""

    def check(self, name: str, value: object) -> None:
        Seconds.check(self, name, value)
        if isinstance(value, float) and not value.is_integer():
            raise ValueError(f"{name} counts whole seconds, not {value!r}")


SWITCH = Switch()
COUNT16 = Whole(1, 0xFFFF)
