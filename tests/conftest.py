# SPDX-License-Identifier: MIT
"""What holds for all suites: the list of skips and expected failures, and a line that says what is tested."""

import os
import platform

import pytest

import sctpx
from tests.expected import Expected, read
from tests.support.effort import FULL, SEED

pytest_plugins = ["pytester"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: left to `make test-full`")
    config.pluginmanager.register(Expected(read(), sctpx.backend.name))


def pytest_report_header() -> str:
    versions = {"kernel": platform.release(), **sctpx.backend.versions}
    scale = os.environ.get("SCTPX_TEST_TIME_SCALE", "1")
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    effort = ", full" if FULL else ""
    return f"backend: {sctpx.backend.name}, {named}; time-outs × {scale}; seed {SEED}{effort}"
