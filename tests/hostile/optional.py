# SPDX-License-Identifier: MIT
"""Every option there is, found by looking, with right values of it made from what it says of itself."""

import inspect
from typing import Any

from hypothesis import strategies as st

from sctpx import options
from sctpx.options import _codec
from sctpx.options._fields import Fields
from sctpx.options._values import Value

CLASSES: list[Any] = [
    cls
    for name, cls in vars(options).items()
    if inspect.isclass(cls)
    and cls.__module__.startswith("sctpx.options.")
    and (hasattr(cls, "_symbol") or cls is options.PathInfo)
]
SETTABLE: list[Any] = [cls for cls in CLASSES if issubclass(cls, options.Settable)]


def right(codec: object) -> st.SearchStrategy[Any]:
    """What a codec takes; a kind of codec that is new must be added here."""
    if isinstance(codec, _codec.Switch):
        return st.booleans()
    if isinstance(codec, _codec.Whole):
        bounds = st.sampled_from([codec.least, codec.least + 1, codec.most // 2, codec.most])
        return bounds.filter(lambda value: codec.least <= value <= codec.most) | st.integers(codec.least, codec.most)
    if isinstance(codec, _codec.WholeSeconds):
        return st.integers(int(codec.least), int(codec.most)).map(float) | st.sampled_from([codec.least, codec.most])
    assert isinstance(codec, _codec.Seconds), f"no values are known for {codec}"
    return st.sampled_from([codec.least, 0.001, 0.5, codec.most]) | st.floats(codec.least, codec.most)


def least(codec: Any) -> object:
    """The least value that a codec takes."""
    return False if isinstance(codec, _codec.Switch) else codec.least


def fields_of(cls: Any) -> dict[str, Any]:
    """The fields that its constructor takes, with their codecs; "" is the value of an option that is one."""
    if issubclass(cls, Value):
        return {"": cls._codec}
    assert issubclass(cls, Fields), f"{cls.__name__} is of a kind that is not known here"
    given = inspect.signature(cls).parameters
    return {name: codec for name, codec in cls._codecs if name in given}


@st.composite
def right_values(draw: st.DrawFn, cls: Any) -> dict[str, Any]:
    """Values in range for some of the fields."""
    fields = fields_of(cls)
    if "" in fields:
        return {"": draw(st.none() | right(fields[""]) if cls._none is not None else right(fields[""]))}
    names = draw(st.lists(st.sampled_from(sorted(fields)), unique=True))
    return {name: draw(right(fields[name])) for name in names}


def build(cls: Any, values: dict[str, Any]) -> Any:
    """The option; None where values that are each in range are together none."""
    if "" in values:
        return cls(values[""])
    try:
        return cls(**values)
    except ValueError:
        return None
