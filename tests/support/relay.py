# SPDX-License-Identifier: MIT
"""A UDP relay between two encapsulation ports: it sees the bytes on the wire, and loses those it is told to."""

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

import sctpx
from sctpx import EventType, Socket
from sctpx.options import EndpointSettable, NoDelay, RtoInfo, UdpEncapsulation

from .checksum import summed
from .common import LIMIT, SCALE, STACK, eventually
from .shapes import Client, Opener, Server

_SYSCTL = Path("/proc/sys/net/sctp/udp_port")
QUICK = RtoInfo(initial=0.1 * SCALE, min=0.05 * SCALE, max=0.2 * SCALE)


class Relay:
    """Both ends are here and send to the relay's port; it passes everything on to the stack's own."""

    def __init__(self, stack_port: int, server: Server, client: Client, keep: Opener) -> None:
        self._server, self._client, self._keep = server, client, keep
        self._stack = ("127.0.0.1", stack_port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self._ended = threading.Event()
        self._loses: Callable[[bytes], bool] = lambda packet: False
        self._lost = threading.Event()
        self._alters: Callable[[bytes], bytes] = lambda packet: packet
        self.packets: list[bytes] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def options(self) -> list[EndpointSettable]:
        """What makes a socket's packets pass here, each message in its own, and quick to retransmit."""
        return [QUICK, NoDelay(True), UdpEncapsulation(int(self._socket.getsockname()[1]))]

    def pair(
        self, *, options: Iterable[EndpointSettable] = (), events: Iterable[EventType] = ()
    ) -> tuple[Socket, Socket]:
        """Two connected sockets whose packets all pass here."""
        options = [*self.options, *options]
        events = list(events)
        listener = self._server(options=options, events=events)
        active = self._client(listener, options=options, events=events)
        passive = self._keep(listener.accept()[0])
        return active, passive

    @contextlib.contextmanager
    def losing(self, content: bytes = b"") -> Iterator[None]:
        """Lose the packets with this in them, all of them by default."""
        self._lost.clear()
        self._loses = lambda packet: content in packet
        try:
            yield
        finally:
            self._loses = lambda packet: False

    @contextlib.contextmanager
    def cut_after(self, size: int) -> Iterator[None]:
        """Let so many bytes pass, then lose everything."""
        passed = 0

        def beyond(packet: bytes) -> bool:
            nonlocal passed
            passed += len(packet)
            return passed > size

        self._lost.clear()
        self._loses = beyond
        try:
            yield
        finally:
            self._loses = lambda packet: False

    @contextlib.contextmanager
    def misdirecting(self, content: bytes, stream: int) -> Iterator[None]:
        """Pass the DATA chunk with this in it as one of another stream."""

        def alter(packet: bytes) -> bytes:
            at = packet.find(content)
            if at < 0:
                return packet
            # The stream lies eight bytes before the data (RFC 9260 §3.3.1).
            return summed(packet[: at - 8] + stream.to_bytes(2, "big") + packet[at - 6 :])

        self._alters = alter
        try:
            yield
        finally:
            self._alters = lambda packet: packet

    @property
    def has_lost(self) -> bool:
        return self._lost.is_set()

    def wait_lost(self) -> None:
        assert self._lost.wait(LIMIT), "no packet was lost"

    def wait_packet(self, content: bytes) -> bytes:
        """A packet with this in it."""
        found: list[bytes] = []

        def seen() -> bool:
            found[:] = [packet for packet in self.packets if content in packet]
            return bool(found)

        eventually(seen, "the packet")
        return found[0]

    def _run(self) -> None:
        while not self._ended.is_set():
            with contextlib.suppress(TimeoutError, ConnectionRefusedError):
                packet = self._socket.recv(65_536)
                if not packet:
                    continue
                self.packets.append(packet)
                if self._loses(packet):
                    self._lost.set()
                else:
                    self._socket.sendto(self._alters(packet), self._stack)

    def end(self) -> None:
        self._ended.set()
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join(LIMIT)
        self._socket.close()


@contextlib.contextmanager
def stack_port() -> Iterator[int]:
    """The UDP port that the stack itself listens on."""
    if STACK == "userland":
        yield sctpx.backend.udp_port or int(os.environ["SCTPX_UDP_PORT"])
        return
    if not (os.access(_SYSCTL, os.W_OK) and os.geteuid() == 0):
        pytest.skip("the kernel's UDP port is set by root only")
    before, port = _SYSCTL.read_text().strip(), os.environ["SCTPX_UDP_PORT"]
    if before == port:  # to write it again would close and open the port
        yield int(port)
        return
    _SYSCTL.write_text(port)
    try:
        yield int(port)
    finally:
        _SYSCTL.write_text(before)
