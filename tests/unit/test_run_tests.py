# SPDX-License-Identifier: MIT
"""The sum of the runs, and what makes them fail."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import pytest

from tests.support.common import LIMIT
from tools import run_tests, suite_run
from tools.suite_run import Count, Run

XML = """<testsuites><testsuite>
<testcase name="a"/>
<testcase name="b"><failure/><error/></testcase>
<testcase name="c"><error/></testcase>
<testcase name="d"><skipped/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def summary(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[Count], tuple[int, str]]:
    def run(count: Count) -> tuple[int, str]:
        monkeypatch.setattr(run_tests, "RESULTS", tmp_path / "results")
        monkeypatch.setattr(run_tests, "plan", lambda full: [Run("unit")])
        monkeypatch.setattr(run_tests, "perform", lambda *_: count)
        monkeypatch.setattr("sys.argv", ["run_tests.py"])
        status = run_tests.main()
        last = capsys.readouterr().out.splitlines()[-1]
        assert (tmp_path / "results/summary.txt").read_text() == last + "\n"
        return status, last

    return run


def test_the_last_line_is_the_sum(summary: Callable[[Count], tuple[int, str]]) -> None:
    assert summary(Count(3, 0, 1)) == (0, "3 passed, 0 failed, 1 skipped")


def test_a_failure_fails(summary: Callable[[Count], tuple[int, str]]) -> None:
    assert summary(Count(3, 1, 0)) == (1, "3 passed, 1 failed, 0 skipped")


def test_a_run_without_tests_fails(summary: Callable[[Count], tuple[int, str]]) -> None:
    assert summary(Count()) == (1, "0 passed, 1 failed, 0 skipped")


def test_what_needs_the_guest_runs_beside_the_rest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    both = threading.Barrier(2)

    def perform(run: Run, _: object, out: TextIO) -> Count:
        both.wait(LIMIT)
        print(f"output of {run.name}", file=out)
        return Count(passed=len(run.name))

    monkeypatch.setattr(run_tests, "perform", perform)
    monkeypatch.setattr(run_tests, "COMPILED_BY", ())
    runs = [Run("unit"), Run("contract", "linux", guest=True)]
    assert run_tests.perform_all(runs, []) == {run: Count(len(run.name)) for run in runs}
    said = capsys.readouterr().out.splitlines()
    assert sorted(said) == [
        "output of contract-linux", "output of unit", "started: contract on linux in the guest", "started: unit",
    ]  # fmt: skip


def test_what_is_left_for_the_guest_is_taken_from_both_ends() -> None:
    runs = [Run("unit"), *(Run(name, "linux", guest=True) for name in "abc"), Run("typing")]
    guest, native = run_tests.lanes(runs)
    took = [next(lane).suite for lane in (guest, native, native, native, guest)]
    assert (took, [*guest, *native]) == (["a", "unit", "typing", "c", "b"], [])


def test_each_test_counts_once(tmp_path: Path) -> None:
    (tmp_path / "run.xml").write_text(XML)
    assert suite_run.read(tmp_path / "run.xml") == Count(1, 2, 1)


@pytest.mark.parametrize(
    ("growth", "holds"),
    [({}, False), ({"SctpInSCTPPacks": 4}, False), ({"SctpInSCTPPacks": 4, "SctpOutSCTPPacks": 4}, True)],
)
def test_the_guest_must_have_moved_packets(tmp_path: Path, growth: dict[str, int], holds: bool) -> None:
    proof = tmp_path / "proof.json"
    said: list[str] = []
    assert not suite_run.counted(proof, said.append)
    proof.write_text(json.dumps({"kernel": "6.1", "growth": growth}))
    assert suite_run.counted(proof, said.append) is holds
    received = growth.get("SctpInSCTPPacks", 0)
    assert [text for text in said if f"SctpInSCTPPacks +{received}" in text] == said
