# SPDX-License-Identifier: MIT
"""Peeling off, aborting, shutting down and closing one-to-many sockets while other threads send and receive on them."""

import contextlib
import random
import threading

import pytest

import sctpx
from sctpx import (
    AbortedError,
    AssociationClosedError,
    AssociationId,
    ClosedError,
    Endpoint,
    Message,
    NotConnectedError,
    Socket,
)
from tests.support.common import LIMIT, Background, eventually
from tests.support.effort import chance
from tests.support.shapes import OneEndpoint, Opener

from .ring import PATIENCE, connected, number_of, receiver, sender, turns, wait_seen

pytestmark = pytest.mark.timeout(60 * LIMIT)
ENDED = (AbortedError, AssociationClosedError, ClosedError, NotConnectedError)


class Hub:
    """An endpoint that one thread receives from and one sends from, and clients that do both."""

    def __init__(self, endpoint: Endpoint, clients: int, luck: random.Random) -> None:
        self.endpoint = endpoint
        self.seen = threading.Semaphore(0)
        self.clients = [connected(endpoint) for _ in range(clients)]
        eventually(lambda: len(endpoint.associations) == clients, "the associations")
        # By the port of the client, which both ends know.
        self.ids = {one.peer_addresses()[0].port: one.id for one in endpoint.associations.values()}
        self.received: dict[AssociationId, list[int]] = {id: [] for id in self.ids.values()}
        # When all are peeled off nothing comes: closing ends the wait.
        endpoint.settimeout(12 * LIMIT)
        self._size = luck.choice([100, 1400, 5000])
        self.serving = [Background(self._receive), Background(self._send)]
        self.receiving = [Background(receiver(sock, self.seen)) for sock in self.clients]
        self.sending = [Background(sender(sock.send, self._size)) for sock in self.clients]

    def id_of(self, client: Socket) -> AssociationId:
        return self.ids[client.local_addresses()[0].port]

    def _receive(self) -> None:
        with contextlib.suppress(ClosedError):
            for message in self.endpoint.messages():
                self.received[message.association].append(number_of(message))
                self.seen.release()

    def _send(self) -> None:
        """To each in turn, as long as there is one; those that are peeled off or have ended are left out."""
        targets = dict.fromkeys(self.ids.values(), 0)
        with contextlib.suppress(ClosedError):
            while targets:
                for id, number in list(targets.items()):
                    try:
                        self.endpoint.send(number.to_bytes(4, "big") + bytes(self._size), to=id)
                        targets[id] += 1
                    except (AssociationClosedError, NotConnectedError):
                        del targets[id]

    def close(self) -> None:
        self.endpoint.close()
        for one in self.serving:
            one.result(12 * LIMIT)
        for sock in self.clients:
            sock.close()
        for course in self.receiving + self.sending:
            error = course.result(PATIENCE).error
            assert error is None or isinstance(error, ENDED), error


def test_peeling_off_under_traffic(endpoint: OneEndpoint) -> None:
    """Every message of a client arrives once and in order: first at the endpoint, then at the socket peeled off."""
    luck = chance("peeling off")
    for _ in range(turns(5, 250)):
        hub = Hub(endpoint(), 3, luck)
        moved: list[tuple[int, Socket, Background[list[int]]]] = []
        for which in luck.sample(range(3), 3):
            wait_seen(hub.seen, luck.randrange(20))
            own = hub.endpoint.associations[hub.id_of(hub.clients[which])].peeloff()
            own.settimeout(PATIENCE)
            moved.append((which, own, Background(lambda own=own: [*map(number_of, own.messages())])))  # type: ignore[misc]
        for which, own, rest in moved:
            own.send(bytes(4))
            hub.clients[which].shutdown()
            sent = hub.sending[which].result(PATIENCE).numbers
            first, last = hub.received[hub.id_of(hub.clients[which])], rest.result(PATIENCE)
            if sctpx.backend.name == "userland":
                # libusrsctp may queue what arrives during the move before what it moves.
                last = sorted(last)
            eventually(lambda first=first, last=last, sent=sent: first + last == sent, "every message")  # type: ignore[misc]
            own.close()
        hub.close()


def test_ending_associations_under_traffic(endpoint: OneEndpoint) -> None:
    """Those that are not ended take no notice."""
    luck = chance("ending associations")
    for _ in range(turns(5, 250)):
        hub = Hub(endpoint(), 3, luck)
        for which in luck.sample(range(3), 2):
            wait_seen(hub.seen, luck.randrange(20))
            one = hub.endpoint.associations[hub.id_of(hub.clients[which])]
            aborts = luck.random() < 0.5
            if aborts:
                one.abort(b"enough")
            else:
                one.shutdown()
            for course in (hub.receiving[which], hub.sending[which]):
                error = course.result(PATIENCE).error
                assert error is None or isinstance(error, ENDED), error
            end = hub.receiving[which].result().error
            assert isinstance(end, AbortedError) if aborts else end is None, end
        wait_seen(hub.seen, 20)
        hub.close()


def test_closing_an_endpoint_in_use(endpoint: OneEndpoint) -> None:
    luck = chance("closing endpoints")
    for _ in range(turns(5, 250)):
        hub = Hub(endpoint(), 3, luck)
        wait_seen(hub.seen, luck.randrange(40))
        hub.close()


def test_many_threads_end_one_association(endpoint: OneEndpoint, keep: Opener) -> None:
    """Peeloff, abort and shutdown of the same one at once: one peels it off or none does, and nobody else is harmed."""
    luck = chance("one association")
    hub = endpoint()
    peer = keep(connected(hub))
    eventually(lambda: len(hub.associations) == 1, "the association")
    stays = next(iter(hub.associations))

    def end(id: AssociationId, way: str) -> Socket | None:
        try:
            made: Socket | None = getattr(hub.associations[id], way)()
        except (NotConnectedError, AssociationClosedError):
            return None
        return made

    for number in range(turns(15, 300)):
        client = connected(hub)
        eventually(lambda: len(hub.associations) == 2, "the association")
        id = next(id for id in hub.associations if id != stays)
        ways = luck.choices(["peeloff", "abort", "shutdown"], k=3)
        ending = [Background(lambda id=id, way=way: end(id, way)) for way in ways]  # type: ignore[misc]
        made = [sock for one in ending if (sock := one.result()) is not None]
        assert len(made) <= ways.count("peeloff") and len(made) <= 1
        for sock in [*made, client]:
            sock.close()
        eventually(lambda: len(hub.associations) == 1, "the end")
        peer.send(number.to_bytes(4, "big"))
        message = hub.recv()
        assert isinstance(message, Message) and number_of(message) == number
