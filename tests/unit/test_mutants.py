# SPDX-License-Identifier: MIT
"""The listed mutations still fit the sources that they are to change."""

from pathlib import Path

from tests.mutants.build import load

ROOT = Path(__file__).resolve().parents[2]


def test_each_mutation_finds_its_place_and_its_test() -> None:
    for mutation in load(ROOT):
        path, _, name = mutation.test.partition("::")
        assert not name or f"def {name.partition('[')[0]}(" in (ROOT / path).read_text(encoding="utf-8"), mutation.name
