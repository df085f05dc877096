# SPDX-License-Identifier: MIT
"""The races, while libusrsctp's own threads are held up now and then, as by a machine with more to do.

Closing a socket too early shows only when the stack's thread stands still in the middle of a packet.
"""

import os
import re
import subprocess
import sys

import pytest

from tests.support.common import LIMIT
from tests.support.effort import SEED, rounds

from .native.build import HERE, held_up

# Both end before the run of the suite does, which would tell nothing.
PATIENCE = 35 * LIMIT
pytestmark = pytest.mark.timeout(PATIENCE + 2 * LIMIT)
ROOT = HERE.parents[2]
# Not the one in which a client shuts down beside others that go on: these keep the endpoint's buffer, which a stack
# that is held up empties too slowly, so full that the queue of the one may take minutes.
SLOWER = "test_ending_associations_under_traffic"
RACES = ["tests/stress/test_races.py", "tests/stress/test_races_endpoint.py", "-k", f"not {SLOWER}"]


def pass_held_up(tests: list[str], every: int, seed: int, **environment: str) -> None:
    """Run tests in a process whose stack is held up for up to 30 ms, about once in so many times that it lets go of a
    lock; freed memory is overwritten there."""
    ports = ("SCTPX_UDP_PORT", "SCTPX_PEER_UDP_PORT")
    running = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         "-o", f"faulthandler_timeout={20 * LIMIT:g}", *tests],
        env={
            **{name: value for name, value in os.environ.items() if name not in ports},
            "LD_PRELOAD": str(held_up()),
            "HELD_UP_EVERY": str(every),
            "HELD_UP_FOR": "30000",
            "HELD_UP_SEED": str(1000 * (SEED + seed)),
            "MALLOC_PERTURB_": "165",
            **environment,
        },
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        said, _ = running.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        running.kill()
        said, _ = running.communicate()
    assert running.returncode == 0, said[-8000:]
    held = re.search(r"held up (\d+) times", said)
    assert held and int(held[1]) > 0, said


@pytest.mark.parametrize("seed", range(rounds(1, 8)))
def test_closing_a_listener_while_the_stack_is_held_up(seed: int) -> None:
    pass_held_up([f"{RACES[0]}::test_closing_a_listener_in_use"], 100, seed, SCTPX_TEST_FULL="0")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(rounds(1, 2)))
def test_all_races_while_the_stack_is_held_up(seed: int) -> None:
    """With few rounds and much patience: each takes long."""
    pass_held_up(RACES, 200, seed, SCTPX_TEST_FULL="0", SCTPX_TEST_TIME_SCALE="4")
