# SPDX-License-Identifier: MIT
"""What users write: the programs must pass both checkers, each misuse must be refused by both."""

import json
from functools import cache
from pathlib import Path

import pytest

from tests.typing import later
from tests.typing.checkers import CHECKERS, ROOT, Refusal, listed

SOURCES = [*sorted((later.HERE / "programs").glob("*.py")), later.HERE / "misuse.py"]
MYPY = f"""[mypy]
strict = true
mypy_path = {ROOT}:{ROOT}/typings
enable_error_code = exhaustive-match
cache_dir = {ROOT}/.mypy_cache/programs
"""
# What a program imports for the statements that are left out of it is no mistake in it.
PYRIGHT = {
    "typeCheckingMode": "strict",
    "extraPaths": [str(ROOT)],
    "stubPath": str(ROOT / "typings"),
    "reportMissingModuleSource": False,
    "reportUnusedImport": False,
    "reportUnusedVariable": False,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs and the misuses, without what comes later."""
    made = tmp_path_factory.mktemp("programs")
    (made / "mypy.ini").write_text(MYPY)
    (made / "pyrightconfig.json").write_text(json.dumps(PYRIGHT))
    for source in SOURCES:
        if source.name not in later.PROGRAMS:
            (made / source.name).write_text(later.without_later(source.read_text(encoding="utf-8")), encoding="utf-8")
    return made


@cache
def refused(checker: str, folder: Path) -> list[Refusal]:
    found = CHECKERS[checker](folder, sorted(path.name for path in folder.glob("*.py")))
    return [one for one in found if (folder / one.file).parent == folder]


@pytest.mark.parametrize("checker", CHECKERS)
def test_every_program_is_accepted(checker: str, folder: Path) -> None:
    assert listed(one for one in refused(checker, folder) if one.file != "misuse.py") == ""


@pytest.mark.parametrize("checker", CHECKERS)
def test_every_misuse_is_refused_and_nothing_else(checker: str, folder: Path) -> None:
    lines = (folder / "misuse.py").read_text(encoding="utf-8").splitlines()
    wanted = {number for number, line in enumerate(lines, 1) if "  # E" in line}
    got = {one.line: one.text for one in refused(checker, folder) if one.file == "misuse.py"}
    passed = [lines[number - 1].strip() for number in sorted(wanted - set(got))]
    innocent = {lines[number - 1].strip(): got[number] for number in sorted(set(got) - wanted)}
    assert (passed, innocent) == ([], {})


def test_most_of_the_programs_is_checked() -> None:
    """The list leaves out what it names, not the programs."""
    def statements(source: str) -> int:
        return sum(bool(line.strip()) and line.strip() != "pass" for line in source.splitlines())

    for source in SOURCES:
        whole = source.read_text(encoding="utf-8")
        if "aio" not in whole and "testing" not in whole and "AuthKey" not in whole:
            assert statements(later.without_later(whole)) > 0.6 * statements(whole), source.name
