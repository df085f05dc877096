# SPDX-License-Identifier: MIT
"""Arguments judged at run time, for callers without a checker."""


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


def positive(value: object, name: str) -> None:
    """Raise TypeError unless `value` is an int, ValueError unless it is above zero."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, not {value}")
