# SPDX-License-Identifier: MIT
"""That close() itself wakes who waits: waits also look up by themselves now and then, which would come to the same."""

import statistics
import time

import pytest

from sctpx import ClosedError
from tests.support.shapes import InBackground, Pair

# Half of the time after which a wait looks up by itself.
AT_ONCE = 0.125


def test_close_wakes_a_waiting_recv_at_once(pair: Pair, background: InBackground) -> None:
    taken = []
    for _ in range(15):
        active, passive = pair()
        waiting = background(active.recv)
        waiting.until_blocked()
        begun = time.monotonic()
        active.close()
        with pytest.raises(ClosedError):
            waiting.result()
        taken.append(time.monotonic() - begun)
        passive.close()
    assert statistics.median(taken) < AT_ONCE
