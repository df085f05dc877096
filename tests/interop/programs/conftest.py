# SPDX-License-Identifier: MIT
"""A program that is missing fails the tests of it: tools/setup.sh installs them all."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import pytest

import sctpx
from sctpx import EventType, Socket
from tests.support.common import LIMIT
from tests.support.shapes import Opener

from .process import Process, Start
from .programs import HOST, Ncat, Socat


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[Process] = []

    def begin(*command: object, inherit: Sequence[int] = ()) -> Process:
        running.append(Process(command, inherit=inherit))
        return running[-1]

    yield begin
    for process in running:
        process.close()


class Meet(Protocol):
    """An association with a program that copies it from its standard input and to its standard output."""

    def __call__(self, host: str = HOST, *, events: Iterable[EventType] = ()) -> tuple[Socket, Process]: ...


PIPES: dict[str, Socat | Ncat] = {"socat": Socat(), "ncat": Ncat()}


@pytest.fixture(params=PIPES)
def pipe(request: pytest.FixtureRequest) -> Socat | Ncat:
    return PIPES[request.param]


@pytest.fixture(params=["they-listen", "we-listen"])
def meet(request: pytest.FixtureRequest, pipe: Socat | Ncat, start: Start, keep: Opener) -> Meet:
    def make(host: str = HOST, *, events: Iterable[EventType] = ()) -> tuple[Socket, Process]:
        if request.param == "they-listen":
            theirs, address = pipe.listen(start, host)
            return keep(sctpx.create_connection(address, LIMIT, events=events)), theirs
        listener = keep(sctpx.create_server((host, 0), events=events))
        theirs = pipe.connect(start, listener.local_addresses()[0])
        ours = keep(listener.accept()[0])
        listener.close()
        return ours, theirs

    return make
