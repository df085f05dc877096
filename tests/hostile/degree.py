# SPDX-License-Identifier: MIT
"""What an emulated kernel has time for."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

import sctpx
from tests.support.common import SCALE
from tests.support.effort import rounds

KERNEL = sctpx.backend.name != "userland"
T = TypeVar("T", bound=Callable[..., Any])


def heavy(test: T) -> T:
    """A test that is left to the full run on kernels."""
    return pytest.mark.slow(test) if KERNEL else test


def times(quick: int, full: int) -> int:
    """How many: fewer where an emulated machine takes longer, and gets longer time-outs."""
    return int(rounds(quick, full) / (1 if SCALE == 1 else 2 * SCALE))
