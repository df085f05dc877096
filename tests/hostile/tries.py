# SPDX-License-Identifier: MIT
"""How often hypothesis tries: as SCTPX_TEST_SEED and the degree of effort say, with nothing kept between runs."""

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, seed, settings

from tests.support.effort import EMULATED, SEED, rounds

T = TypeVar("T", bound=Callable[..., Any])
COMMON: dict[str, Any] = {"database": None, "deadline": None, "suppress_health_check": list(HealthCheck)}


def examples(quick: int, full: int) -> int:
    """In emulation a quarter of the quick ones, and in full those: what they try is above the kernel."""
    return rounds(max(quick // 4, 1), quick) if EMULATED else rounds(quick, full)


def tries(quick: int, full: int) -> Callable[[T], T]:
    """`@tries(20, 2000)` above `@given`: so many examples, the same in every run with the same seed."""

    def decorate(test: T) -> T:
        return seed(SEED)(settings(max_examples=examples(quick, full), **COMMON)(test))

    return decorate
