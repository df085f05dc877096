# SPDX-License-Identifier: MIT
"""What the adapter asks of a stack around `sctpx_peeloff`."""

from typing import Any

import pytest

from sctpx._native import _contract as c
from sctpx._native import _reading
from tests.unit.fake import FakeLib, channel, piece


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


class Raised(Exception):
    """A signal's handler did."""


@pytest.mark.parametrize("when", range(1, 4))
def test_a_handler_that_raises_loses_no_association(when: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does so in the calls after the one that moves the association; the next peeloff of it goes on."""
    lib = FakeLib(c.ONE_TO_MANY)
    lib.results["sctpx_peeloff"] = 9
    endpoint = channel(lib)
    lib.incoming.append([piece(b"whole", association=7), piece(b"other"), piece(b"half", end=False, association=7)])
    kept = _reading.recv_many(endpoint, 3, 0)
    endpoint.receiver.ready = list(kept)
    calls = 0

    def interrupted(*_: Any) -> int:
        nonlocal calls
        if "sctpx_peeloff" in lib.names():
            calls += 1
            if calls == when:
                raise Raised
        return 0

    lib.results["sctpx_set_option"] = interrupted
    monkeypatch.setattr(lib, "sctpx_family_of", interrupted)
    monkeypatch.setattr(lib, "sctpx_style_of", interrupted)
    try:
        child = endpoint.peeloff(7)
    except Raised:
        child = endpoint.peeloff(7)
    assert calls >= when
    assert lib.names().count("sctpx_peeloff") == 1
    assert child.handle == 9
    assert (child.receiver.ready, endpoint.receiver.ready) == (kept[:1], kept[1:])
    assert [key[0] for key in child.receiver.reassembly.partials] == [7]
    assert not endpoint.receiver.reassembly.partials
    assert not endpoint.peeled


def test_closing_closes_what_was_peeled_off_for_nobody() -> None:
    lib = FakeLib(c.ONE_TO_MANY)
    endpoint = channel(lib)
    endpoint.peeled[7] = 9
    endpoint.close()
    assert [arguments for name, arguments in lib.calls if name == "sctpx_close"] == [(1,), (9,)]
