# SPDX-License-Identifier: MIT
"""PLATFORMS.md: known tiers, backends that there are, and commands that run what they name."""

import re
from pathlib import Path

import pytest

import build_ffi
from tools import run_tests

TOP = Path(__file__).resolve().parents[2]
PAGE = (TOP / "PLATFORMS.md").read_text(encoding="utf-8")
TIERS = re.findall(r"^- \*\*([^*]+)\*\*", PAGE, re.MULTILINE)
HEAD, *ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and line.count("|") == 6
]


def test_the_table_is_found() -> None:
    assert HEAD == ["system", "processor", "backend", "tier", "shown by"]
    assert {"macOS", "Windows", "Linux with musl"} <= {row[0] for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_a_line_says_what_is(row: list[str]) -> None:
    _, _, backends, tier, shown = row
    assert tier in TIERS
    for name in re.findall(r"`(\w+)`", backends):
        assert name in build_ffi.BACKENDS
    assert tier == "untested" or "make test" in shown


@pytest.mark.parametrize("name", re.findall(r'--only ([\w-]+)"', PAGE))
def test_a_command_names_a_run(name: str) -> None:
    suite, _, backend = name.partition("-")
    runs = {(run.suite, run.backend or "") for run in run_tests.plan()}
    listed = {(suite, backend) for backend, suites in run_tests.SUITES.items() for suite in suites}
    assert (suite, backend) in runs | listed | {("foreign", ""), ("contract", "freebsd")}


def test_every_backend_has_a_line() -> None:
    assert {name for row in ROWS for name in re.findall(r"`(\w+)`", row[2])} == set(build_ffi.BACKENDS)
