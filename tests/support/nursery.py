# SPDX-License-Identifier: MIT
"""Traffic programs by fork, from a process that has imported all they need: in emulation, imports take them seconds.

No stack is started before the fork, so that each program chooses and has its own.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self, TextIO

import sctpx
from tests.support import pidfd, traffic_end
from tests.support.common import LIMIT
from tests.support.namespace import visit

ROOT = Path(__file__).parents[2]


class Forked:
    """A program that the nursery started; used as a Popen is."""

    def __init__(self, pid: int, stdin: TextIO, stdout: TextIO) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout
        self._ended = pidfd.opened(pid)

    def poll(self) -> int | None:
        """0 once it has ended, however it did."""
        return 0 if select.select([self._ended], [], [], 0)[0] else None

    def wait(self, timeout: float) -> None:
        if not select.select([self._ended], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(["traffic_end"], timeout)

    def send_signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            pidfd.send(self._ended, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        os.close(self._ended)


class Nursery:
    """One for a session; a context manager."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.nursery", str(theirs.fileno())],
                cwd=ROOT, pass_fds=[theirs.fileno()],
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._process.wait(LIMIT)

    def start(self, setup: str, environment: Mapping[str, str], network: int) -> Forked:
        """Start one in the network namespace of a process."""
        stdin, to_stdin = os.pipe()
        from_stdout, stdout = os.pipe()
        request = json.dumps({"setup": setup, "environment": dict(environment), "network": network})
        socket.send_fds(self._socket, [request.encode()], [stdin, stdout])
        os.close(stdin)
        os.close(stdout)
        pid = int(self._socket.recv(100))
        return Forked(pid, os.fdopen(to_stdin, "w"), os.fdopen(from_stdout))


def main() -> None:
    # Children are nobody's to wait for: their end shows in their descriptor.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=int(sys.argv[1])) as sock:
        while True:
            request, given, *_ = socket.recv_fds(sock, 100_000, 2)
            if not request:
                return
            child = os.fork()
            if not child:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                sock.close()
                run(given, **json.loads(request))
            for one in given:
                os.close(one)
            sock.send(str(child).encode())


def run(given: list[int], setup: str, environment: dict[str, str], network: int) -> None:
    for number, one in enumerate(given):
        os.dup2(one, number)
        os.close(one)
    os.environ.update(environment)
    sctpx.use_backend("userland" if environment["SCTPX_BACKEND"] == "userland" else "linux")
    with visit(network):
        traffic_end.main(setup)


if __name__ == "__main__":
    main()
