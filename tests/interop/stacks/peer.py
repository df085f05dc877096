# SPDX-License-Identifier: MIT
"""A process with a stack of its own at each host, which does what a test tells it to.

One process serves all tests: under emulation it takes seconds to start one. What it is told is a function of this
folder that takes a `Table` of open sockets first, pickled by its name with its arguments; so is what it returns.
"""

import os
import pickle
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Concatenate, Generic, ParamSpec, TypeVar

from tests.support.network import Host

from .process import Table, main

UDP_PORT = 9899
P = ParamSpec("P")
T = TypeVar("T")


class Pending(Generic[T]):
    """What a process is doing meanwhile."""

    def __init__(self, answers: IO[bytes], process: "subprocess.Popen[str]") -> None:
        self._answers, self._process = answers, process
        self._came: list[T | Exception] = []

    def settle(self) -> T | Exception:
        """Wait for its end; what it returned or raised."""
        if not self._came:
            try:
                self._came.append(pickle.load(self._answers))
            except EOFError:
                assert self._process.stderr
                raise AssertionError(f"the process died: {self._process.stderr.read()}") from None
        return self._came[0]

    def result(self) -> T:
        done = self.settle()
        if isinstance(done, Exception):
            raise done
        return done


class Peer:
    """The test's end of such a process: `kernel(actions.send, "a", b"…")`."""

    def __init__(self, host: Host, backend: str) -> None:
        self.host, self.backend = host, backend
        environment = {"SCTPX_BACKEND": backend, "PYTHONPATH": str(Path(__file__).parents[3])}
        if backend == "userland":
            environment |= {"SCTPX_UDP_PORT": str(UDP_PORT), "SCTPX_PEER_UDP_PORT": str(UDP_PORT)}
        else:
            host.sysctl("net.sctp.udp_port", UDP_PORT)
            host.sysctl("net.sctp.encap_port", UDP_PORT)
        self._process = host.run(f"from {main.__module__} import main; main()", env=environment)
        assert self._process.stdin and self._process.stdout
        self._begun: list[Pending[Any]] = []
        self._to: IO[bytes] = os.fdopen(self._process.stdin.fileno(), "wb", closefd=False)
        self._from: IO[bytes] = os.fdopen(self._process.stdout.fileno(), "rb", closefd=False)

    def start(self, action: Callable[Concatenate[Table, P], T], *args: P.args, **kwargs: P.kwargs) -> Pending[T]:
        """Let it begin; it does one thing at a time."""
        # A test that failed may not have waited for what it had started.
        for begun in self._begun:
            begun.settle()
        self._begun.clear()
        pickle.dump((action, args, kwargs), self._to)
        self._to.flush()
        begun = Pending[T](self._from, self._process)
        self._begun.append(begun)
        return begun

    def __call__(self, action: Callable[Concatenate[Table, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.start(action, *args, **kwargs).result()
