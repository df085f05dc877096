# SPDX-License-Identifier: MIT
"""A UDP relay between two stacks' encapsulation ports, which keeps, changes and adds packets."""

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sctpx.options import EndpointSettable, NoDelay, UdpEncapsulation
from tests.support.common import LIMIT, eventually
from tests.support.relay import QUICK

from .packets import Packet, parse


class Tap:
    """What is for one of the server's SCTP ports goes to its UDP port, all else to this process's own."""

    def __init__(self, own_udp_port: int, server_udp_port: int | None = None, *ports: int) -> None:
        self._own, self._server, self._ports = own_udp_port, server_udp_port or own_udp_port, ports
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.udp_port = int(self._socket.getsockname()[1])
        self.packets: list[Packet] = []
        self.alters: Callable[[Packet, bytes], bytes | None] = lambda packet, raw: raw
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def options(self) -> list[EndpointSettable]:
        """What makes a socket's packets pass here."""
        return [QUICK, NoDelay(True), UdpEncapsulation(self.udp_port)]

    def to_server(self, packet: Packet) -> bool:
        return packet.destination in self._ports

    def inject(self, raw: bytes, *, to_server: bool = True) -> None:
        """Send as if it came from the other end: nothing but its content tells the difference."""
        self._socket.sendto(raw, ("127.0.0.1", self._server if to_server else self._own))

    def wait(self, kind: int, count: int = 1) -> None:
        """Until so many packets with a chunk of this kind have come by."""
        eventually(lambda: sum(kind in packet.kinds for packet in list(self.packets)) >= count, f"a chunk {kind}")

    def _run(self) -> None:
        while not self._ended.is_set():
            raw = self._socket.recv(65_536)
            if len(raw) < 12:
                continue
            packet = parse(raw)
            self.packets.append(packet)
            altered = self.alters(packet, raw)
            if altered is not None:
                with contextlib.suppress(OSError):
                    self.inject(altered, to_server=self.to_server(packet))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join(LIMIT)
        self._socket.close()
