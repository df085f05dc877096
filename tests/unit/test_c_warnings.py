# SPDX-License-Identifier: MIT
"""The C sources compile without a warning."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools/check_c.sh"


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_no_warnings(compiler: str) -> None:
    done = subprocess.run(["sh", SCRIPT, compiler], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
