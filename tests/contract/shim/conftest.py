# SPDX-License-Identifier: MIT
"""The chosen backend's compiled module, without the adapter and the facade."""

import importlib
import socket
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

import sctpx
from sctpx import Address
from sctpx._native import _codec
from sctpx._native import _contract as c
from sctpx._native._protocol import Lib
from tests.support.common import LIMIT, Loopback, eventually

PATIENCE = int(LIMIT * 1e9)


class Shim:
    """`ffi` and `lib`, and handles that are closed at the end of the test."""

    def __init__(self, backend: str, addresses: Loopback) -> None:
        module = importlib.import_module(f"sctpx._native._{backend}")
        self.backend = backend
        self.ffi: Any = module.ffi
        self.lib: Lib = module.lib
        self.addresses = addresses
        self._open: list[int] = []

    def keep(self, handle: int) -> int:
        assert handle > 0, handle
        self._open.append(handle)
        return handle

    def open(self, style: int = c.ONE_TO_ONE, family: int = c.FAMILY_IPV4) -> int:
        return self.keep(self.lib.sctpx_open(family, style))

    def list_of(self, addresses: Sequence[Address]) -> tuple[Any, int, int]:
        """`list, size, count` as the border takes them."""
        packed = _codec.pack_list(addresses)
        return self.ffi.from_buffer("struct sctpx_address[]", packed), len(packed), len(addresses)

    def room(self, capacity: int) -> Any:
        return self.ffi.new("struct sctpx_address[]", capacity)

    def records(self, room: Any, count: int) -> list[tuple[bytes, int, int]]:
        """Bytes, port and family of each address, as they crossed the border."""
        raw = bytes(self.ffi.buffer(room))[: count * c.ADDRESS.size]
        return [(data, port, family) for data, _, port, family, _ in c.ADDRESS.iter_unpack(raw)]

    def local(self, handle: int) -> list[Address]:
        room = self.room(16)
        count = self.lib.sctpx_local_addresses(handle, 0, room, 16)
        return _codec.unpack_list(bytes(self.ffi.buffer(room))[: count * c.ADDRESS.size])

    def bound(self, hosts: Sequence[Address], style: int = c.ONE_TO_ONE) -> int:
        ipv6 = any(address.family == socket.AF_INET6 for address in hosts)
        handle = self.open(style, c.FAMILY_IPV6 if ipv6 else c.FAMILY_IPV4)
        assert self.lib.sctpx_bind(handle, *self.list_of(hosts)) == 0
        return handle

    def listener(self, hosts: Sequence[Address], style: int = c.ONE_TO_ONE) -> int:
        handle = self.bound(hosts, style)
        assert self.lib.sctpx_listen(handle, 16) == 0
        return handle

    def connected(self, listener: int, style: int = c.ONE_TO_ONE) -> tuple[int, int]:
        """A handle with an association to all of a listener's addresses, and the association's id."""
        targets = self.local(listener)
        handle = self.bound([Address(target.host, 0) for target in targets], style)
        id = self.ffi.new("int64_t *")
        assert self.lib.sctpx_connectx(handle, *self.list_of(targets), self.ffi.NULL, id) in (0, -c.EINPROGRESS)
        eventually(lambda: self.lib.sctpx_connect_result(handle, id[0]) == 0, "the association")
        return handle, id[0]

    def accepted(self, listener: int) -> int:
        return self.keep(self.lib.sctpx_accept(listener, self.room(1), PATIENCE))

    def close(self) -> None:
        for handle in reversed(self._open):
            self.lib.sctpx_close(handle)


@pytest.fixture
def shim(started: None, addresses: Loopback) -> Iterator[Shim]:
    assert sctpx.backend.name is not None
    made = Shim(sctpx.backend.name, addresses)
    yield made
    made.close()
