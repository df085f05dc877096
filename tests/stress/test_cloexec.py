# SPDX-License-Identifier: MIT
"""No descriptor is inherited by a program that is started, those of the C library included, at whatever moment."""

import contextlib
import os
import subprocess
import sys
import threading
from socket import AF_INET

import pytest

import sctpx
from sctpx import Socket
from tests.support.common import LIMIT, Background, Loopback
from tests.support.effort import rounds
from tests.support.shapes import EndpointPair, InBackground, Pair

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="descriptors are listed from /proc")
# The program's own listing of its descriptors is one of them.
LIST = "for fd in /proc/self/fd/*; do readlink $fd; done"


def inherited() -> set[str]:
    """What a program started by plain fork and exec finds open, beyond standard input, output and error."""
    done = subprocess.run(
        ["/bin/sh", "-c", LIST], close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, timeout=LIMIT, check=False,
    )  # fmt: skip
    return {name for name in done.stdout.split() if name.startswith(("socket:", "anon_inode:"))}


def stdio() -> set[str]:
    """Sockets that were given to this process itself, such as a runner's."""
    return {os.readlink(f"/proc/self/fd/{fd}") for fd in (0, 1, 2)}


def test_none_is_inherited(pair: Pair, endpoints: EndpointPair, background: InBackground) -> None:
    a, b = pair(paths=2)
    ends = endpoints()
    own = ends.b.associations[ends.to_a].peeloff()
    waiting = background(b.recv)
    waiting.until_blocked()
    assert all(sock.fileno() >= 0 for sock in (a, b, own, ends.a, ends.b))
    assert inherited() - stdio() == set()
    a.send(b"done")
    waiting.result()
    own.close()


def open_to_children() -> set[str]:
    found = set()
    for name in os.listdir("/proc/self/fd"):
        # One is that of the listing itself.
        with contextlib.suppress(OSError):
            if os.get_inheritable(int(name)):
                found.add(os.readlink(f"/proc/self/fd/{name}"))
    return found


def test_none_is_inheritable_by_its_flags(pair: Pair, endpoints: EndpointPair, background: InBackground) -> None:
    """Nor does a thread's first wait make one; sockets that were there before are the stack's."""
    before = {name for name in open_to_children() if not name.startswith("socket:")}
    a, b = pair()
    _ = endpoints()
    waiting = background(b.recv)
    waiting.until_blocked()
    assert open_to_children() - before - stdio() == set()
    a.send(b"done")
    waiting.result()


def test_none_is_inherited_while_others_open(addresses: Loopback) -> None:
    """Threads open, wait and close while programs are started: no descriptor is open to them even for a moment."""
    stop = threading.Event()
    where = addresses(1, AF_INET)

    def open_and_close() -> None:
        while not stop.is_set():
            with Socket() as sock:
                sock.bind(where)
                sock.listen()
                sock.settimeout(0)
                sock.fileno()

    def wait_once() -> None:
        with Socket() as sock:
            sock.bind(where)
            sock.listen()
            sock.settimeout(0.001)
            with pytest.raises(TimeoutError):
                sock.accept()

    busy = [Background(open_and_close) for _ in range(2)]
    try:
        for _ in range(rounds(10, 100, emulated=30)):
            # A thread of its own: what wakes it is made at its first wait.
            waiting = Background(wait_once)
            assert inherited() - stdio() == set()
            waiting.result()
    finally:
        stop.set()
        for one in busy:
            one.result()


def test_the_stack_itself_leaves_none_open() -> None:
    """In a process that has just started it; while libusrsctp opens its sockets there is a moment."""
    source = f"""
import os, subprocess, sctpx
before = {{os.readlink(f"/proc/self/fd/{{fd}}") for fd in (0, 1, 2)}}
with sctpx.Socket() as sock:
    done = subprocess.run(["/bin/sh", "-c", {LIST!r}], close_fds=False, stdout=subprocess.PIPE, text=True)
assert not [name for name in done.stdout.split() if name.startswith("socket:") and name not in before]
"""
    environment = {**os.environ, "SCTPX_BACKEND": str(sctpx.backend.name)}
    environment.pop("SCTPX_UDP_PORT", None)
    subprocess.run([sys.executable, "-c", source], env=environment, timeout=6 * LIMIT, check=True)
