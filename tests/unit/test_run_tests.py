# SPDX-License-Identifier: MIT
"""The sum of the runs, and what makes them fail."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import run_tests
from tools.run_tests import Count, Run

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


def test_each_test_counts_once(tmp_path: Path) -> None:
    (tmp_path / "run.xml").write_text(XML)
    assert run_tests.read(tmp_path / "run.xml") == Count(1, 2, 1)


@pytest.mark.parametrize(
    ("growth", "holds"),
    [({}, False), ({"SctpInSCTPPacks": 4}, False), ({"SctpInSCTPPacks": 4, "SctpOutSCTPPacks": 4}, True)],
)
def test_the_guest_must_have_moved_packets(tmp_path: Path, growth: dict[str, int], holds: bool) -> None:
    proof = tmp_path / "proof.json"
    assert not run_tests.counted(proof)
    proof.write_text(json.dumps({"kernel": "6.1", "growth": growth}))
    assert run_tests.counted(proof) is holds
