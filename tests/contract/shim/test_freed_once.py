# SPDX-License-Identifier: MIT
"""sctp_freepaddrs(3SOCKET): freed exactly once on every path, by AddressSanitizer and its leak detector."""

import os
import subprocess

from tests.support.common import LIMIT

from .conftest import Shim
from .native import freed_once


def test_freepaddrs_freed_exactly_once_on_every_path(shim: Shim) -> None:
    program = freed_once(shim.backend)
    options = "detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1"
    run = subprocess.run(
        [str(program)], env={**os.environ, "ASAN_OPTIONS": options}, capture_output=True, text=True,
        timeout=6 * LIMIT, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout == "walked\n"
