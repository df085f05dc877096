# SPDX-License-Identifier: MIT
"""Arguments judged at run time, for callers without a checker."""


def instance(value: object, kind: type, name: str) -> None:
    """Raise TypeError unless `value` is a `kind`."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}, not {value!r}")


def positive(value: object, name: str) -> None:
    """Raise TypeError unless `value` is an int, ValueError unless it is above zero."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, not {value}")
