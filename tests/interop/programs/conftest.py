# SPDX-License-Identifier: MIT
"""A program that is missing fails the tests of it: tools/setup.sh installs them all."""

from collections.abc import Iterator, Sequence

import pytest

from .process import Process, Start


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[Process] = []

    def begin(*command: object, inherit: Sequence[int] = ()) -> Process:
        running.append(Process(command, inherit=inherit))
        return running[-1]

    yield begin
    for process in running:
        process.close()
