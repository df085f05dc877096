# SPDX-License-Identifier: MIT
"""Two hosts on one machine: network namespaces of the test's own (Linux, root), joined by as many links as it wants.

    with Network(paths=2) as net:
        a, b = net.hosts
        server = b.run(SOURCE, *b.addresses, env={"SCTPX_BACKEND": "userland"})
        net.netem(1, "delay 10ms loss 5%")
        net.down(0)

The namespaces have no names and nothing outside them is touched. Each lasts as long as a shell in it and what was run
there, and the shell as long as the test's process: there is nothing to clean up, not even after a crash.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from types import TracebackType
from typing import Self

from .common import LIMIT, eventually
from .namespace import visit
from .shell import Shell

# What a process in a namespace does not take over: UDP ports are each namespace's own.
_NOT_PASSED = ("SCTPX_BACKEND", "SCTPX_UDP_PORT", "SCTPX_PEER_UDP_PORT")


def interface(path: int) -> str:
    """The name of a path's link, the same at both ends."""
    return f"path{path}"


class Host:
    """One of the two namespaces: `addresses` (IPv4) and `addresses6`, one of each for each path."""

    def __init__(self, number: int, paths: int) -> None:
        self.number = number
        self.addresses = [f"10.0.{path}.{number + 1}" for path in range(paths)]
        self.addresses6 = [f"fd00:0:0:{path}::{number + 1}" for path in range(paths)]
        self._shell = Shell(["unshare", "--net", "sh"])
        self._enter = ("nsenter", f"--target={self.pid}", "--net")
        self._running: list[subprocess.Popen[str]] = []

    @property
    def pid(self) -> int:
        """A process that is in this namespace as long as it exists."""
        return self._shell.pid

    def run(
        self, program: str | Sequence[object], *arguments: object, env: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[str]":
        """Start Python source, or a command as a list, in this namespace; `env` is added to the environment."""
        command = [sys.executable, "-c", program] if isinstance(program, str) else program
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED}
        process = subprocess.Popen(
            [*self._enter, *map(str, [*command, *arguments])], env={**kept, **(env or {})}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        self._running.append(process)
        return process

    def inside(self) -> AbstractContextManager[None]:
        """Let this thread be in this namespace: the sockets that it makes meanwhile stay in it."""
        return visit(self.pid)

    def do(self, script: str) -> str:
        """Run shell commands in this namespace and return what they print; AssertionError when they fail."""
        return self._shell.do(script)

    def ip(self, *commands: str) -> None:
        """Run commands of ip(8): `host.ip("link set lo up", …)`."""
        self.do(f"ip -batch - <<'END'\n{chr(10).join(commands)}\nEND")

    def carries(self, path: int, up: bool = True) -> bool:
        """Whether a path's link is up, or down, at this end, as far as its kernel has looked."""
        return (" state UP " in self.do(f"ip -oneline link show {interface(path)}")) == up

    def sysctl(self, name: str, value: object) -> None:
        """Set one of this namespace's own."""
        self.do(f"echo {shlex.quote(str(value))} > /proc/sys/{name.replace('.', '/')}")

    def addressed(self, path: int, verb: str) -> list[str]:
        """The commands of ip(8) that add, replace or delete a path's addresses."""
        there = [f"address {verb} {self.addresses[path]}/24 dev {interface(path)}"]
        if verb == "delete":
            return [*there, f"address delete {self.addresses6[path]}/64 dev {interface(path)}"]
        # IPv6 would look for others with the same address first, for a second.
        return [*there, f"address {verb} {self.addresses6[path]}/64 dev {interface(path)} nodad"]

    def end(self) -> None:
        for process in self._running:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=LIMIT)
        self._shell.end()


class Network:
    """Two hosts and the links between them, numbered from 0; a context manager."""

    def __init__(self, paths: int = 2) -> None:
        self.paths = paths
        self.hosts: tuple[Host, Host]

    def __enter__(self) -> Self:
        first = Host(0, self.paths)
        try:
            self.hosts = first, Host(1, self.paths)
        except BaseException:
            first.end()
            raise
        try:
            self._join()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _join(self) -> None:
        paths = range(self.paths)
        ends = [f"link add {interface(n)} type veth peer name {interface(n)} netns {self.hosts[1].pid}" for n in paths]
        self.hosts[0].ip(*ends)
        for host in self.hosts:
            # As IPv4 addresses do, those of IPv6 stay while a link is down.
            host.sysctl("net.ipv6.conf.all.keep_addr_on_down", 1)
            host.ip(
                "link set lo up",
                *(command for path in paths for command in host.addressed(path, "add")),
                *(f"link set {interface(path)} up" for path in paths),
            )
        for path in paths:
            self._settle(path, up=True)

    def _end(self) -> None:
        for host in self.hosts:
            host.end()

    def down(self, path: int, *, host: int = 0) -> None:
        """Take a link down at one end: there it has no route any more, at the other end no carrier."""
        self.hosts[host].ip(f"link set {interface(path)} down")
        self._settle(path, up=False)

    def up(self, path: int) -> None:
        """Bring it up again at both ends; it carries packets, both ways, when this returns."""
        for host in self.hosts:
            host.ip(f"link set {interface(path)} up", *host.addressed(path, "replace"))
        self._settle(path, up=True)

    def _settle(self, path: int, *, up: bool) -> None:
        """Wait until both ends know: a kernel looks at carriers up to a second later, and sends nothing till then."""
        for host in self.hosts:
            eventually(partial(host.carries, path, up), f"{interface(path)} {'up' if up else 'down'}")

    def netem(self, path: int, how: str, *, host: int | None = None) -> None:
        """Treat what goes into a link as tc-netem(8) says, at one end or both: "loss 5% delay 10ms reorder 25%"."""
        for end in self._ends(host):
            end.do(f"tc qdisc replace dev {interface(path)} root netem {how}")

    def cut(self, path: int, *, host: int | None = None) -> None:
        """Lose everything on a link without a word, as when a router further on fails; from one end, or both."""
        for end in self._ends(host):
            end.do(f"tc qdisc replace dev {interface(path)} root blackhole")

    def clear(self, path: int, *, host: int | None = None) -> None:
        """End what `netem` and `cut` began."""
        for end in self._ends(host):
            end.do(f"tc qdisc delete dev {interface(path)} root 2>/dev/null || :")

    def remove_address(self, host: int, path: int) -> None:
        """Take a host's addresses off a link."""
        self.hosts[host].ip(*self.hosts[host].addressed(path, "delete"))

    def add_address(self, host: int, path: int) -> None:
        self.hosts[host].ip(*self.hosts[host].addressed(path, "replace"))

    def sysctl(self, name: str, value: object) -> None:
        """Set it in both namespaces."""
        for host in self.hosts:
            host.sysctl(name, value)

    def _ends(self, host: int | None) -> Sequence[Host]:
        return self.hosts if host is None else (self.hosts[host],)
