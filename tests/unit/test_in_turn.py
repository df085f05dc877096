# SPDX-License-Identifier: MIT
"""Several addresses without sctp_connectx: the order, the shares of the time, and what the error says."""

from collections.abc import Callable, Sequence
from time import monotonic_ns
from typing import Any

import pytest

from sctpx import _connecting, _in_turn
from sctpx._address import Address
from sctpx._errors import InvalidArgumentError, RefusedError, SctpTimeoutError
from sctpx._native import _contract as c
from sctpx._native._channel import Channel
from tests.unit import fake

PEERS = [Address(f"192.0.2.{number}", 3868) for number in (1, 2, 3)]
SECOND = 1_000_000_000


def without_connectx(timeout: float | None, style: int = c.ONE_TO_ONE) -> tuple[fake.FakeLib, Channel]:
    lib = fake.FakeLib(style)
    lib.results["sctpx_support_of"] = 0  # of which the record says: not present
    return lib, fake.channel(lib, timeout)


def answers(*results: int) -> tuple[Callable[..., int], list[int]]:
    counts: list[int] = []

    def connectx(handle: int, listed: Any, size: int, count: int, init: Any, id: Any) -> int:
        counts.append(count)
        id[0] = 5
        return results[len(counts) - 1]

    return connectx, counts


def test_the_next_address_follows_one_that_refuses() -> None:
    lib, channel = without_connectx(None)
    lib.results["sctpx_connectx"], counts = answers(-c.ECONNREFUSED, 0)
    assert _connecting.connect(channel, PEERS) == 5
    assert counts == [1, 1]
    assert lib.names().count("sctpx_abort") == 1


def test_the_error_says_what_was_tried() -> None:
    lib, channel = without_connectx(None)
    lib.results["sctpx_connectx"], counts = answers(-c.ECONNREFUSED, -c.EHOSTUNREACH, -c.ECONNREFUSED)
    with pytest.raises(RefusedError, match=r"tried in turn: 192\.0\.2\.1.*192\.0\.2\.2.*192\.0\.2\.3"):
        _connecting.connect(channel, PEERS)
    assert counts == [1, 1, 1]


def test_what_no_other_address_would_mend_is_told_at_once() -> None:
    lib, channel = without_connectx(None)
    lib.results["sctpx_connectx"], counts = answers(-c.EINVAL)
    with pytest.raises(InvalidArgumentError):
        _connecting.connect(channel, PEERS)
    assert counts == [1]


def test_each_address_has_its_share_of_the_time() -> None:
    _, channel = without_connectx(9.0)
    began, shares = monotonic_ns(), list[float]()

    def one(channel: Channel, addresses: Sequence[Address], deadline: int) -> int:
        shares.append((deadline - began) / SECOND)
        raise SctpTimeoutError(110, "timed out", operation="connect")

    with pytest.raises(SctpTimeoutError, match="each address was tried in turn"):
        _in_turn.connect(channel, PEERS, one)
    assert shares == [pytest.approx(share, abs=0.5) for share in (3.0, 4.5, 9.0)]


def test_with_connectx_the_list_is_given_as_it_is() -> None:
    lib, channel = without_connectx(None)

    def present(feature: int, record: Any) -> int:
        record.present = 1
        return 0

    lib.results["sctpx_support_of"] = present
    lib.results["sctpx_connectx"], counts = answers(0)
    assert _connecting.connect(channel, PEERS) == 5
    assert counts == [3]


def test_without_waiting_the_list_is_the_shim_s() -> None:
    lib, channel = without_connectx(0.0)
    lib.results["sctpx_connectx"], counts = answers(0)
    assert _connecting.connect(channel, PEERS) == 5
    assert counts == [3]


def test_an_association_that_is_given_up_is_aborted() -> None:
    lib, channel = without_connectx(None, c.ONE_TO_MANY)
    lib.results["sctpx_connectx"], _ = answers(-c.ECONNREFUSED, 0)
    lib.results["sctpx_find"] = 7
    assert _connecting.connect_one_of_many(channel, PEERS) == 5
    assert [arguments[1] for name, arguments in lib.calls if name == "sctpx_abort"] == [7]


def test_a_stack_that_is_ready_and_never_done_does_not_keep_anybody_for_ever() -> None:
    lib = fake.FakeLib()
    lib.results |= {"sctpx_wait": c.WRITABLE, "sctpx_connectx": -c.EINPROGRESS, "sctpx_connect_result": -c.EINPROGRESS}
    with pytest.raises(SctpTimeoutError):
        _connecting.connect(fake.channel(lib, 0.05), PEERS[:1])
