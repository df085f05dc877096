# SPDX-License-Identifier: MIT
"""The shims' parsers on truncated, oversized and random bytes, as if a stack had sent them.

Both backends' are compiled and run wherever their headers are: the stack below is the fuzzer's own. What ASan or UBSan
finds, and what does not hold of a result, ends the fuzzer; so does one attempt that takes longer than five seconds.
"""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import build_ffi
from tests.support.effort import SEED, rounds

from .fuzz.build import fuzzer, has_libfuzzer
from .fuzz.seeds import write

STACKS = Path(__file__).parent / "fuzz"
BACKENDS = [
    name for name in build_ffi.names() if (STACKS / f"stack_{name}.c").exists() and not build_ffi.missing(name)
]
ENGINE = "libFuzzer" if has_libfuzzer() else "blind"
RUNS = rounds(60_000, 1_000_000)
LIMIT = rounds(60, 600)


@pytest.fixture(scope="module")
def programs() -> dict[str, Path]:
    with ThreadPoolExecutor() as pool:
        return dict(zip(BACKENDS, pool.map(fuzzer, BACKENDS), strict=True))


@pytest.mark.timeout(2 * LIMIT)
@pytest.mark.parametrize("backend", BACKENDS, ids=lambda name: f"{name}-{ENGINE}")
def test_parsers_of_the_shim(programs: dict[str, Path], backend: str, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    assert write(backend, seeds) > 100
    command = [str(programs[backend]), f"-seed={SEED}", f"-runs={RUNS}", "-max_len=1024", "-timeout=5",
               f"-artifact_prefix={tmp_path}/", str(seeds)]  # fmt: skip
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=1", "UBSAN_OPTIONS": "print_stacktrace=1"}
    environment.pop("LD_PRELOAD", None)
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert run.returncode == 0, run.stderr[-8000:]
    assert f"Done {RUNS} runs" in run.stderr
