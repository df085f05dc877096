# SPDX-License-Identifier: MIT
"""A process that forks a child for each program it is told, in emulation much faster than starting interpreters.

It has imported sctpx and started no stack. A child runs its program as `__main__` and ends as any interpreter does.
"""

import json
import os
import subprocess
import sys
import time
from types import TracebackType
from typing import NamedTuple, Self

import sctpx
from tests.support.common import LIMIT

_SOURCE = """
import atexit, builtins, gc, json, os, signal, sys, threading, time, warnings
import sctpx, sctpx.options
def serve():
    for line in sys.stdin:
        order = json.loads(line)
        reader, writer = os.pipe()
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            os.close(reader)
            os.dup2(writer, 1)
            os.dup2(writer, 2)
            os.close(writer)
            return order
        os.close(writer)
        status = None
        while status is None and time.monotonic() < began + order["limit"]:
            found, code = os.waitpid(child, os.WNOHANG)
            if found:
                status = os.waitstatus_to_exitcode(code)
            else:
                time.sleep(0.002)
        taken = time.monotonic() - began
        if status is None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        with os.fdopen(reader) as said:
            print(json.dumps([status, said.read(), taken]), flush=True)
    os._exit(0)
order = serve()
del serve
exec(compile(order["source"], "<program>", "exec"), globals())
"""


class Ended(NamedTuple):
    status: int | None  # None: it had to be killed
    said: str
    seconds: float


class Mother:
    """`with Mother() as mother: mother.run(source, name=value)`; the names are the program's globals."""

    def __enter__(self) -> Self:
        environment = {**os.environ, "SCTPX_BACKEND": str(sctpx.backend.name)}
        environment.pop("SCTPX_UDP_PORT", None)
        if sctpx.backend.udp_port:
            environment["SCTPX_PEER_UDP_PORT"] = str(sctpx.backend.udp_port)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SOURCE], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def start(self, source: str, **names: object) -> None:
        assert self._process.stdin is not None
        given = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        self._process.stdin.write(json.dumps({"source": given + source, "limit": 2 * LIMIT}) + "\n")
        self._process.stdin.flush()

    def ended(self) -> Ended:
        """How the program that was started last came to its end."""
        assert self._process.stdout is not None
        status, said, seconds = json.loads(self._process.stdout.readline())
        return Ended(status, said, seconds)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        deadline = time.monotonic() + 3 * LIMIT
        while self._process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
