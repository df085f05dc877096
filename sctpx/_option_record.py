# SPDX-License-Identifier: MIT
"""An option as it crosses the border, for those on both sides of it."""

from typing import NamedTuple

from sctpx._address import Address


class OptionRecord(NamedTuple):
    """`struct sctpx_option`: `fields` in the order that `backends/sctpx.h` lists, `given` a bit for each."""

    association: int
    address: Address | None
    given: int
    fields: tuple[int, ...]
