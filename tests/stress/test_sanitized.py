# SPDX-License-Identifier: MIT
"""The shim's own functions: from several threads at once under ThreadSanitizer, and out of resources under
AddressSanitizer. On userland alone, natively: in emulation neither gets anywhere."""

import os
import re
import subprocess
from pathlib import Path

import pytest

import sctpx
from tests.support.common import LIMIT
from tests.support.effort import SEED, rounds

from .native.build import SUPPRESSIONS, racing, starved

pytestmark = pytest.mark.timeout(40 * LIMIT)


def run(program: Path, *arguments: object, **environment: str) -> str:
    """What a program says, which must be all in order."""
    done = subprocess.run(
        [str(program), *map(str, arguments)], env={**os.environ, **environment}, capture_output=True, text=True,
        timeout=30 * LIMIT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_two_threads_race_in_the_shim() -> None:
    turns = rounds(4, 100)
    said = run(racing(str(sctpx.backend.name)), turns, SEED, TSAN_OPTIONS=f"suppressions={SUPPRESSIONS}")
    assert said.startswith(f"raced {turns} rounds")


def test_every_allocation_fails_once() -> None:
    """Memory, threads, pipes and socket pairs: each failure is told as such, and right after it everything works."""
    said = run(starved(str(sctpx.backend.name)), ASAN_OPTIONS="detect_leaks=1")
    told = re.fullmatch(r"starved (\d+) starts and (\d+) performances\n", said)
    assert told, said
    starts, performances = map(int, told.groups())
    # How many there are in use varies a little: a thread may find what another one has made.
    assert starts >= 1 and performances >= 14, said
