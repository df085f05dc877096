# SPDX-License-Identifier: MIT
"""Natively on userland: whatever the network does to packets, no message is lost, doubled or out of order."""

from collections.abc import Callable

import pytest

from tests.paths.relayed import Relayed
from tests.support.common import LIMIT
from tests.support.effort import rounds
from tests.support.impairment import Impairment

slow = pytest.mark.slow
IMPAIRMENTS = [
    pytest.param(Impairment(loss=0.01), id="loss 1 %", marks=slow),
    pytest.param(Impairment(loss=0.1), id="loss 10 %"),
    pytest.param(Impairment(loss=0.3), id="loss 30 %", marks=slow),
    pytest.param(Impairment(delay=0.03), id="delay", marks=slow),
    pytest.param(Impairment(reorder=0.2), id="reordering", marks=slow),
    pytest.param(Impairment(duplicate=0.3), id="duplication", marks=slow),
    pytest.param(Impairment(loss=0.05, delay=0.005, reorder=0.1, duplicate=0.1), id="all"),
]


@pytest.mark.parametrize("impairment", IMPAIRMENTS)
def test_nothing_is_lost_doubled_or_out_of_order(relayed: Callable[..., Relayed], impairment: Impairment) -> None:
    both = relayed()
    count = rounds(100, 1000)
    with both.net.impaired(impairment):
        both.client.send(count=count)
        both.server.send(count=count)
        both.server.wait_received(count, limit=6 * LIMIT)
        both.client.wait_received(count, limit=6 * LIMIT)
    # What they offered has been told too.
    both.client.wait_sent()
    both.server.wait_sent()
    both.reconcile_alive()
    assert both.net.touched.total() > 0


def test_spoilt_packets_are_thrown_away(relayed: Callable[..., Relayed]) -> None:
    both = relayed(checksums=True)
    count = rounds(200, 1000)
    with both.net.impaired(Impairment(corrupt=0.05)):
        both.client.send(count=count)
        both.server.wait_received(count, limit=6 * LIMIT)
    both.client.wait_sent()
    both.reconcile_alive()
    assert both.net.touched.total() > 0
