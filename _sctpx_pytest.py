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


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARK)


@pytest.fixture
def sctp_pair(request: pytest.FixtureRequest) -> "Iterator[tuple[Socket, Socket]]":
    """Two connected sockets, the connecting one first; `@pytest.mark.sctp_pair(paths=2)` says more of them."""
    from sctpx.testing import socket_pair

    mark = request.node.get_closest_marker("sctp_pair")
    with socket_pair(**(mark.kwargs if mark is not None else {})) as pair:
        yield pair


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    chosen = sys.modules.get("sctpx.testing._backend")
    for line in chosen.fallen_back if chosen is not None else ():
        terminalreporter.write_line(f"sctpx: {line}")
