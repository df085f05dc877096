# SPDX-License-Identifier: MIT
"""The tests of the examples pass as a user runs them: with pytest in their folder, nothing set and no privilege."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.common import LIMIT

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(project.parent for project in ROOT.glob("examples/*/pyproject.toml"))


def unprivileged() -> list[str]:
    """What to put before a command so that it runs without any privilege."""
    if os.geteuid() != 0:
        return []
    may = "-all,+dac_read_search"  # this tree, wherever it lies
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", f"--inh-caps={may}",
            f"--ambient-caps={may}", f"--bounding-set={may}"]


def test_there_are_examples() -> None:
    listed = re.findall(r"\]\((\w+)\)", (ROOT / "examples/README.md").read_text(encoding="utf-8"))
    assert listed == [example.name for example in EXAMPLES] != []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_passes_its_own_tests(example: Path) -> None:
    done = subprocess.run(
        [*unprivileged(), sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"],
        cwd=example,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=5 * LIMIT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^=+ \d+ passed", done.stdout, re.MULTILINE), done.stdout
