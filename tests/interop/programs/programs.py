# SPDX-License-Identifier: MIT
"""How each program is started in each role, and by what it shows that it is ready."""

import contextlib
import errno
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from sctpx import Address

from .process import Process, Start

HOST = "127.0.0.1"
# What socat moves at once: more than any message here, so that each is one read and one write.
BLOCK = 1 << 17


def free_port(host: str = HOST, count: int = 1) -> int:
    """A port that nobody has, for programs that cannot be given 0; `count`: nor the ones that follow it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for _ in range(20):
        with contextlib.ExitStack() as taken:
            port = 0
            try:
                for number in range(count):
                    sock = taken.enter_context(socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_SCTP))
                    sock.bind((host, port + number if port else 0))
                    port = port or int(sock.getsockname()[1])
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
            else:
                return port
    raise AssertionError(f"no {count} free ports in a row")


@dataclass(frozen=True)
class Socat:
    """Copies between two of its many kinds of addresses; the other one is its standard input and output by default."""

    other: str = "STDIO"
    options: str = ""

    def listen(self, start: Start, host: str = HOST, *, inherit: Sequence[int] = ()) -> tuple[Process, Address]:
        kind, where = ("SCTP6", f"[{host}]") if ":" in host else ("SCTP4", host)
        ours = f"{kind}-LISTEN:0,bind={where}{self.options}"
        process = start("socat", "-d", "-d", "-b", BLOCK, ours, self.other, inherit=inherit)
        return process, Address(host, int(process.err.expect(r"listening on AF=\d+ \S+:(\d+)\n")[1]))

    def connect(self, start: Start, to: Address, *, inherit: Sequence[int] = ()) -> Process:
        kind, where = ("SCTP6", f"[{to.host}]") if ":" in to.host else ("SCTP4", to.host)
        theirs = f"{kind}-CONNECT:{where}:{to.port}{self.options}"
        process = start("socat", "-d", "-d", "-b", BLOCK, theirs, self.other, inherit=inherit)
        process.err.expect("starting data transfer loop")
        return process


@dataclass(frozen=True)
class Ncat:
    """Copies between its association and its standard input and output, in pieces as it likes."""

    options: tuple[str, ...] = ()

    def listen(self, start: Start, host: str = HOST) -> tuple[Process, Address]:
        port = free_port(host)
        process = start("ncat", "-n", "-v", "--sctp", *self.options, "-l", host, port)
        process.err.expect(rf"Listening on \S+:{port}\n")
        return process, Address(host, port)

    def connect(self, start: Start, to: Address) -> Process:
        # It reads all certificates that the machine trusts before, which takes it two seconds in emulation.
        process = start("ncat", "-n", "-v", "--sctp", *self.options, to.host, to.port)
        process.err.expect("Connected to")
        return process


@dataclass(frozen=True)
class SctpTest:
    """lksctp-tools' sctp_test: a server prints what it receives and how it was sent, a client what it sends."""

    options: tuple[object, ...] = ()

    def listen(self, start: Start, *options: object, host: str = HOST) -> tuple[Process, Address]:
        port = free_port(host)
        process = start("sctp_test", "-H", host, "-P", port, "-l", *self.options, *options)
        process.out.expect(r"Server: Receiving packets\.\n")
        return process, Address(host, port)

    def send(self, start: Start, to: Address, *options: object, host: str = HOST, port: int = 0) -> Process:
        """`options` say what; `to` may be one of the addresses of an option -C; other addresses want a port told."""
        peer = [] if "-C" in (*self.options, *options) else ["-h", to.host]
        role = [] if "-S" in options else ["-s"]
        return start("sctp_test", "-H", host, "-P", port, *peer, "-p", to.port, *role, *self.options, *options)


@dataclass(frozen=True)
class SctpDarn:
    """lksctp-tools' sctp_darn: a server prints what it receives, a client sends lines or obeys commands (-I)."""

    options: tuple[object, ...] = ()

    def listen(self, start: Start, *options: object, host: str = HOST) -> tuple[Process, Address]:
        port = free_port(host)
        # It flushes nothing of what it prints.
        process = start("stdbuf", "-oL", "sctp_darn", "-H", host, "-P", port, "-l", *self.options, *options)
        process.out.expect(r"sctp_darn listening\.\.\.\n")
        return process, Address(host, port)

    def send(self, start: Start, to: Address, *options: object, host: str = HOST, port: int = 0) -> Process:
        """`to` may be one of the addresses of an option -c; other addresses want a port told."""
        peer = [] if "-c" in (*self.options, *options) else ["-h", to.host]
        process = start("sctp_darn", "-H", host, "-P", port, *peer, "-p", to.port, "-s", *self.options, *options)
        process.out.expect("> ")
        return process
