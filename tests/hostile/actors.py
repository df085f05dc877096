# SPDX-License-Identifier: MIT
"""Sockets with what a test knows of them, and calls that are judged: by their error, and by how long they took."""

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

import sctpx
from sctpx import Address, AssociationId, Endpoint, Message, MessageInfo, Notification, SctpError, Socket
from tests.support.common import LIMIT, SCALE

from .accounts import Accounts, Link

T = TypeVar("T")
SHORT = 0.01 * SCALE
PATIENCE = 3.0 * SCALE
ROOM = 70_000

WAITS = (sctpx.SctpTimeoutError, sctpx.WouldBlockError)
SENDS = (*WAITS, sctpx.AssociationClosedError, sctpx.InvalidStreamError, sctpx.PartialBatchError)
RECEIVES = (*WAITS, sctpx.NotConnectedError, sctpx.AbortedError, sctpx.AssociationLostError)
ANY = (SctpError,)


class Actor:
    """One socket of either kind."""

    def __init__(self, sock: Socket | Endpoint, accounts: Accounts) -> None:
        self.sock = sock
        self.accounts = accounts
        self.closed = False
        self.listening = False
        self.ended = False  # closed, aborted or shut down here, or found to have ended
        self.pieces: dict[tuple[int, int], bytes] = {}

    def call(self, call: Callable[[], T], allowed: Iterable[type[SctpError]] = ANY, limit: float = SHORT) -> T | None:
        """What it gives; None for one of the allowed errors. A closed socket says that it is closed."""
        began = time.monotonic()
        result: T | None = None
        try:
            result = call()
            assert not self.closed, "a closed socket still works"
        except sctpx.ClosedError:
            assert self.closed, "said to be closed, and is not"
        except SctpError as error:
            self.judge(error, tuple(allowed))
        took = time.monotonic() - began
        assert took < limit + PATIENCE, f"took {took:.1f} s"
        return result

    def judge(self, error: SctpError, allowed: tuple[type[SctpError], ...]) -> None:
        assert not self.closed, f"a closed socket says {error!r}"
        assert isinstance(error, allowed), f"{error!r} is not among {allowed}"
        self.learn(error)

    def learn(self, error: SctpError) -> None:
        """What an error tells of the association."""

    def wait(self, seconds: float) -> None:
        if not self.closed:
            self.sock.settimeout(seconds)

    def take(self, received: object) -> None:
        """Account for whatever a receiving call gave."""
        if isinstance(received, list):
            for one in received:
                self.take(one)
        elif isinstance(received, Message):
            self.accounts.received(received)

    def receive(self, way: int) -> object:
        """By one of the calls that receive; what came is accounted for."""
        calls: list[Callable[[], object]] = [
            self.sock.recv, self.sock.recv_message, self.sock.recv_many, self._into,
            lambda: self.sock.recv_many(2), lambda: next(self.sock.messages(), None),
            lambda: next(iter(self.sock), None),
        ]  # fmt: skip
        received = self.call(calls[way % len(calls)], RECEIVES, self.sock.gettimeout() or 0)
        self.take(received)
        return received

    def _into(self) -> Message | MessageInfo | Notification | None:
        room = bytearray(ROOM)
        while True:
            info = self.sock.recv_into(room)
            if not isinstance(info, MessageInfo):
                return info
            key = (info.association, info.stream)
            data = self.pieces.pop(key, b"") + room[: info.size]
            if info.complete:
                self.accounts.received_bytes(data, info.stream, info.unordered)
                return info
            self.pieces[key] = data

    def close(self) -> None:
        self.call_even_if_closed(self.sock.close)
        self.closed = self.ended = True
        self.accounts.cut(self)

    def call_even_if_closed(self, call: Callable[[], object]) -> None:
        began = time.monotonic()
        call()
        assert time.monotonic() - began < PATIENCE


class One(Actor):
    """A one-to-one socket; `peer` where that is one too, `link` once it has sent."""

    sock: Socket

    def __init__(self, sock: Socket, accounts: Accounts, *, connected: bool = False) -> None:
        super().__init__(sock, accounts)
        self.connected = connected
        self.used = connected
        self.peer: One | None = None
        self.target: object = None
        self.link: Link | None = None
        self.waiting: list[One] = []  # connected to this listener, and not accepted yet
        self.origin: Many | None = None  # whom it was peeled off

    @property
    def port(self) -> int:
        return self.sock.local_addresses()[0].port

    def out(self) -> Link:
        if self.link is None:
            self.link = self.accounts.link(self, self.peer or self.target)
        return self.link

    def judge(self, error: SctpError, allowed: tuple[type[SctpError], ...]) -> None:
        assert not self.closed, f"a closed socket says {error!r}"
        assert isinstance(error, allowed), f"{error!r} is not among {allowed}"
        self.learn(error)

    def learn(self, error: SctpError) -> None:
        if isinstance(error, (sctpx.AbortedError, sctpx.AssociationLostError)):
            if self.peer is not None:
                assert self.peer.ended, f"{error!r}, and the peer never ended it"
            self.ended = True
            self.accounts.cut(self)

    def close(self) -> None:
        super().close()
        if self.origin is not None:
            self.accounts.cut(self.origin)


class Many(Actor):
    """A one-to-many socket, and the ids that it has had."""

    sock: Endpoint

    def __init__(self, sock: Endpoint, accounts: Accounts) -> None:
        super().__init__(sock, accounts)
        self.ids: list[AssociationId] = []
        self.links: dict[AssociationId, Link] = {}

    def out(self, id: AssociationId, target: object = None) -> Link:
        if id not in self.links:
            self.links[id] = self.accounts.link(self, target)
        return self.links[id]

    def id(self, pick: int) -> AssociationId:
        """One that it has or had, or one that never was."""
        return self.ids[pick % len(self.ids)] if self.ids else AssociationId(77_777)

    def take(self, received: object) -> None:
        super().take(received)
        if isinstance(received, Message):
            self.met(received.association)

    def met(self, id: AssociationId) -> None:
        if id not in self.ids:
            self.ids.append(id)


def where(actor: Actor) -> list[Address]:
    """Where it can be reached, or a port where nobody listens."""
    found = [] if actor.closed else actor.sock.local_addresses()
    return found or [Address("127.0.0.1", 9)]


def exchange(first: One, second: One) -> None:
    """All that was sent arrives, and one more message each way."""
    for sender, receiver in ((first, second), (second, first)):
        for last in (False, True):
            link = sender.out()
            if last:
                sender.wait(LIMIT)
                message = link.make((0, False), 100)
                sender.sock.send(message)
                link.went((0, False))
            deadline = time.monotonic() + LIMIT
            while not link.all_got:
                assert time.monotonic() < deadline, f"lost: {link.missing}"
                receiver.wait(LIMIT)
                receiver.take(receiver.sock.recv())
