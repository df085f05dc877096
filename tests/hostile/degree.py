# SPDX-License-Identifier: MIT
"""What an emulated kernel has time for."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

import sctpx

KERNEL = sctpx.backend.name != "userland"
T = TypeVar("T", bound=Callable[..., Any])


def heavy(test: T) -> T:
    """A test that is left to the full run on kernels."""
    return pytest.mark.slow(test) if KERNEL else test
