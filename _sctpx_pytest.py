# SPDX-License-Identifier: MIT
"""The pytest plug-in. Outside the package, so that pytest's start does not import sctpx before a conftest.py could set
SCTPX_BACKEND, nor for those who do not use it."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sctpx import Socket

MARK = "sctp_pair(**arguments): what the fixture sctp_pair passes on to sctpx.testing.socket_pair"
_of_workers: set[str] = set()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARK)


@pytest.fixture
def sctp_pair(request: pytest.FixtureRequest) -> "Iterator[tuple[Socket, Socket]]":
    """Two connected sockets, the connecting one first; `@pytest.mark.sctp_pair(paths=2)` says more of them."""
    from sctpx.testing import socket_pair

    mark = request.node.get_closest_marker("sctp_pair")
    with socket_pair() if mark is None else socket_pair(*mark.args, **mark.kwargs) as pair:
        yield pair


def _said() -> list[str]:
    """What sctpx.testing has to say of the backend, if it was used at all."""
    chosen = sys.modules.get("sctpx.testing._backend")
    return list(chosen.fallen_back) if chosen is not None else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In a worker of pytest-xdist, which has no terminal: hand it to the process that has one."""
    output: dict[str, object] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[__name__] = _said()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """What a worker handed over; a worker that crashed has nothing."""
    output: dict[str, list[str]] = getattr(node, "workeroutput", {})
    _of_workers.update(output.get(__name__, ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in sorted({*_said(), *_of_workers}):
        terminalreporter.write_line(f"sctpx: {line}")
