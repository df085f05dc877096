# SPDX-License-Identifier: MIT
"""The types of the fixtures in conftest.py."""

import socket
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from sctpx import Address, AssociationId, Endpoint, EventType, Socket
from sctpx.options import EndpointSettable

from .common import LIMIT, Background

T = TypeVar("T")


class Opener:
    """Things to close when the test ends."""

    def __init__(self) -> None:
        self._open: list[Socket | Endpoint] = []

    def __call__(self, opened: T) -> T:
        assert isinstance(opened, Socket | Endpoint)
        if opened.gettimeout() is None:
            opened.settimeout(LIMIT)
        self._open.append(opened)
        return opened

    def close(self) -> None:
        for one in reversed(self._open):
            one.close()


class Server(Protocol):
    def __call__(
        self,
        *,
        paths: int = 1,
        family: socket.AddressFamily | None = None,
        backlog: int = 128,
        options: Iterable[EndpointSettable] = (),
        events: Iterable[EventType] = (),
    ) -> Socket: ...


class Client(Protocol):
    def __call__(
        self, to: Socket | Endpoint, *, options: Iterable[EndpointSettable] = (), events: Iterable[EventType] = ()
    ) -> Socket: ...


class Pair(Protocol):
    def __call__(
        self,
        *,
        paths: int = 1,
        family: socket.AddressFamily | None = None,
        options: Iterable[EndpointSettable] = (),
        events: Iterable[EventType] = (),
    ) -> tuple[Socket, Socket]: ...


class Endpoints(NamedTuple):
    """Two one-to-many sockets with an association; `to_b` is it as `a` names it."""

    a: Endpoint
    b: Endpoint
    to_b: AssociationId
    to_a: AssociationId


class EndpointPair(Protocol):
    def __call__(
        self,
        *,
        paths: int = 1,
        family: socket.AddressFamily | None = None,
        options: Iterable[EndpointSettable] = (),
        events: Iterable[EventType] = (),
    ) -> Endpoints: ...


class OneEndpoint(Protocol):
    def __call__(
        self,
        *,
        paths: int = 1,
        family: socket.AddressFamily | None = None,
        listen: bool = True,
        options: Iterable[EndpointSettable] = (),
        events: Iterable[EventType] = (),
    ) -> Endpoint: ...


@dataclass(frozen=True)
class Silent:
    """A peer that never answers: connect to `address` with `options`."""

    address: Address
    options: list[EndpointSettable]


class InBackground(Protocol):
    def __call__(self, call: Callable[[], T]) -> Background[T]: ...


class Program(Protocol):
    def __call__(self, source: str, *arguments: object) -> "subprocess.Popen[str]": ...
