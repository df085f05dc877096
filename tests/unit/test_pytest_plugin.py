# SPDX-License-Identifier: MIT
"""What the plug-in says at the end, also where workers of pytest-xdist ran the tests."""

import sys
from types import SimpleNamespace

import pytest

import _sctpx_pytest as plugin


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    made = SimpleNamespace(fallen_back=["on userland"])
    monkeypatch.setitem(sys.modules, "sctpx.testing._backend", made)
    monkeypatch.setattr(plugin, "_of_workers", set())
    return made


def summary() -> list[str]:
    lines: list[str] = []
    plugin.pytest_terminal_summary(SimpleNamespace(write_line=lines.append))  # type: ignore[arg-type]
    return lines


def test_one_line_says_where_the_tests_ran(chosen: SimpleNamespace) -> None:
    assert summary() == ["sctpx: on userland"]


def test_workers_hand_over_what_is_said_once(chosen: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs: list[dict[str, object]] = [{}, {}]
    for output in outputs:
        plugin.pytest_sessionfinish(SimpleNamespace(config=SimpleNamespace(workeroutput=output)))  # type: ignore[arg-type]
    monkeypatch.delitem(sys.modules, "sctpx.testing._backend")
    assert summary() == []
    for node in (*(SimpleNamespace(workeroutput=output) for output in outputs), SimpleNamespace()):
        plugin.pytest_testnodedown(node)
    assert summary() == ["sctpx: on userland"]


def test_nothing_is_said_without_a_fall_back(chosen: SimpleNamespace) -> None:
    chosen.fallen_back.clear()
    plugin.pytest_sessionfinish(SimpleNamespace(config=SimpleNamespace()))  # type: ignore[arg-type]
    assert summary() == []
