# SPDX-License-Identifier: MIT
"""The one list of skips and expected failures, tests/expected.toml, as a pytest plugin: what is not in it fails."""

import os
import tomllib
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, TypeVar, get_args

import pytest

from sctpx import BackendName

LIST = Path(__file__).with_name("expected.toml")
Report = TypeVar("Report", pytest.CollectReport, pytest.TestReport)


@dataclass(frozen=True, kw_only=True)
class Entry:
    backend: BackendName | Literal["any"]
    tests: str
    outcome: Literal["skip", "fail"]
    reason: str
    when: Literal["always", "unprivileged"] = "always"

    def __post_init__(self) -> None:
        backends = {*get_args(BackendName), "any"}
        allowed = (self.backend in backends and self.outcome in {"skip", "fail"}
                   and self.when in {"always", "unprivileged"})
        if not allowed or not self.reason or "\n" in self.reason:
            raise ValueError(f"{LIST.name}: not an entry: {self}")

    def holds(self, backend: str | None, privileged: bool) -> bool:
        return self.backend in {backend, "any"} and (self.when == "always" or not privileged)

    def mark(self) -> pytest.MarkDecorator:
        return pytest.mark.skip(reason=self.reason) if self.outcome == "skip" else pytest.mark.xfail(
            reason=self.reason, strict=True
        )


class Expected:
    """Marks the tests of the list, and turns every other skip and expected failure into a failure."""

    def __init__(self, entries: Iterable[Entry], backend: str | None) -> None:
        privileged = os.geteuid() == 0
        self._entries = [entry for entry in entries if entry.holds(backend, privileged)]
        self._listed: set[str] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        files = {item.nodeid.partition("::")[0] for item in items}
        whole = not any("::" in argument for argument in config.args)
        for entry in self._entries:
            matched = [item for item in items if fnmatchcase(item.nodeid, entry.tests)]
            for item in matched:
                item.add_marker(entry.mark())
                self._listed.add(item.nodeid)
            file = entry.tests.partition("::")[0]
            if whole and not matched and any(fnmatchcase(name, file) for name in files):
                raise pytest.UsageError(f"{LIST.name} names tests that there are not: {entry.tests}")

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        return self._judged((yield))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        return self._judged((yield))

    def _judged(self, report: Report) -> Report:
        marked = report.skipped or hasattr(report, "wasxfail")
        if not marked or report.nodeid in self._listed:
            return report
        said = report.longrepr[2] if isinstance(report.longrepr, tuple) else getattr(report, "wasxfail", "")
        report.outcome = "failed"
        report.longrepr = f"skipped or expected to fail, but not in {LIST.name}: {said}"
        if hasattr(report, "wasxfail"):
            del report.wasxfail
        return report


def read() -> list[Entry]:
    """The list, and one more for a backend that stands on something else than its own stack."""
    more = os.environ.get("SCTPX_TEST_EXPECTED")
    return [*read_one(LIST), *(read_one(Path(more)) if more else [])]


def read_one(path: Path) -> list[Entry]:
    with path.open("rb") as file:
        return [Entry(**entry) for entry in tomllib.load(file).get("expected", [])]
