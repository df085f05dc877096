# SPDX-License-Identifier: MIT
"""mypy --strict accepts the examples, by their own settings and as they find sctpx once it is installed."""

from pathlib import Path

import pytest

from tests.typing.checkers import ROOT, listed, mypy

EXAMPLES = sorted(project.parent for project in ROOT.glob("examples/*/pyproject.toml"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_mypy_accepts_an_example(example: Path) -> None:
    cache = str(ROOT / ".mypy_cache/examples")
    assert listed(mypy(example, ["--strict", "--cache-dir", cache], MYPYPATH=f"{ROOT}:{ROOT}/typings")) == ""
