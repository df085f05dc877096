# SPDX-License-Identifier: MIT
"""What the adapter asks of a stack around `sctpx_peeloff`."""

from typing import Any

from sctpx._native import _contract as c
from tests.unit.fake import FakeLib, channel


def test_the_end_is_asked_for_before_the_association_moves() -> None:
    """One that ends while it is moved is told of only to those who asked before."""
    asked: list[tuple[int, int]] = []
    before: list[tuple[int, int]] = []

    def set_option(handle: int, option: Any, *_: Any) -> int:
        if option.option == c.OPT_EVENT and option.fields[0] == c.EVENT_ASSOCIATION and option.fields[1]:
            asked.append((handle, option.association))
        return 0

    def peeloff(handle: int, association: int) -> int:
        before.extend(asked)
        return 9

    lib = FakeLib(c.ONE_TO_MANY)
    lib.results |= {"sctpx_set_option": set_option, "sctpx_peeloff": peeloff}
    endpoint = channel(lib)
    child = endpoint.peeloff(7)
    assert child.handle == 9
    assert before == [(endpoint.handle, 7)]
    assert asked[len(before) :] == [(9, c.ASSOC_NONE)]
