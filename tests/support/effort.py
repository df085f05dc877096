# SPDX-License-Identifier: MIT
"""How much the suites try, and from which seed; both are in the header of every run.

SCTPX_TEST_SEED   where every random choice of the tests starts, 1 by default
SCTPX_TEST_FULL   set by `make test-full`: as many rounds as docs/reliability.md says
"""

import os
import random
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

T = TypeVar("T", bound=Callable[..., Any])
SEED = int(os.environ.get("SCTPX_TEST_SEED", "1"))
EMULATED = float(os.environ.get("SCTPX_TEST_TIME_SCALE", "1")) > 1
FULL = os.environ.get("SCTPX_TEST_FULL", "0") != "0"


def rounds(quick: int, full: int, emulated: int | None = None) -> int:
    """How often to repeat: the quick part of `make test`, or all of `make test-full`, there on an emulated machine."""
    if not FULL:
        return quick
    return emulated if EMULATED and emulated is not None else full


def chance(name: str) -> random.Random:
    """A source of random numbers of one's own, the same in every run with the same seed."""
    return random.Random(f"{SEED} {name}")


def native(test: T) -> T:
    """A test of what no stack makes a difference to, and an emulated machine takes long for: there in the full run."""
    return pytest.mark.slow(test) if EMULATED else test
