# SPDX-License-Identifier: MIT
"""Arguments judged at run time, for callers without a checker: each error names what was given wrong."""

from collections.abc import Iterable
from typing import Any

INT_MAX = 0x7FFFFFFF
ID_MAX = 0x7FFFFFFFFFFFFFFF


def instance(value: object, kind: type, name: str) -> None:
    """Raise TypeError unless `value` is a `kind`."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}, not {value!r}")


def whole(value: object, name: str, most: int) -> int:
    """An int of 0..most; TypeError or ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"a {name} is an int, not {value!r}")
    if not 0 <= value <= most:
        raise ValueError(f"a {name} is 0..{most}, not {value}")
    return int(value)


def number(value: Any, name: str, most: int, least: int = 0) -> int:
    """The same for what counts as one, by `__index__`."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be an int, not {value!r}")
    found: int = value.__index__()
    if not least <= found <= most:
        raise ValueError(f"{name} must be {least}..{most}, not {found}")
    return found


def positive(value: object, name: str) -> None:
    """Raise TypeError unless `value` is an int, ValueError unless it is above zero."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, not {value}")


def flag(value: object, name: str) -> bool:
    """True or False; TypeError for anything else."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {value!r}")
    return value


def seconds(value: object, name: str, most: float = 1e9) -> float:
    """A duration; TypeError or ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be seconds, not {value!r}")
    if not 0 <= value <= most:
        raise ValueError(f"{name} must be 0..{most:g} seconds, not {value!r}")
    return value


def several(value: object, name: str) -> Iterable[Any]:
    """An iterable, which may be endless: to be judged one by one. TypeError for what is none."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise TypeError(f"{name} must be several, such as a list, not {value!r}")
    return value  # pyright: ignore[reportUnknownVariableType]


def each(value: object, kind: type, name: str) -> list[Any]:
    """What an iterable gives, each a `kind`; TypeError at the first that is none."""
    found: list[Any] = []
    for one in several(value, name):
        instance(one, kind, f"each of {name}")
        found.append(one)
    return found


def function(value: object, name: str) -> None:
    """Raise TypeError unless `value` is None or can be called."""
    if value is not None and not callable(value):
        raise TypeError(f"{name} must be a function or None, not {value!r}")


def buffer(value: Any, name: str) -> memoryview:
    """The bytes of a buffer, without a copy where they lie in order; TypeError for what is none."""
    try:
        view = memoryview(value)
    except TypeError:
        raise TypeError(f"{name} must be bytes or another buffer, not {value!r}") from None
    if view.c_contiguous and len(view.format) == 1 and view.nbytes:
        return view.cast("B")
    return memoryview(view.tobytes())  # of a format that cast() does not know, as those of ctypes
