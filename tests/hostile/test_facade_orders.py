# SPDX-License-Identifier: MIT
"""Calls in every order, on sockets and endpoints that talk with each other.

What must hold: an error is one of those that the call documents, and of a closed socket that it is closed; no call
takes longer than its time-out; what was sent arrives once, unchanged and in the order of its stream, all of it unless
somebody closed or aborted; and whatever happened, new sockets of the same process work.
"""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

import sctpx
from sctpx import Endpoint, Socket
from sctpx.options import DelayedSack, EndpointSettable, MaxSegment, NoDelay, PathParameters, RtoInfo
from tests.support.common import LIMIT
from tests.support.effort import SEED

from .accounts import Accounts, Lane
from .actors import ANY, SENDS, SHORT, Actor, Many, One, exchange, where
from .optional import CLASSES
from .stage import HERE, fresh_pair_works
from .tries import COMMON, examples

SOCKETS, ENDPOINTS = 4, 2
slots = st.integers(0, SOCKETS - 1)
places = st.integers(0, ENDPOINTS - 1)
everyone = st.integers(0, SOCKETS + ENDPOINTS - 1)
picks = st.integers(0, 5)
lanes = st.tuples(st.sampled_from([0, 1, 9, 10, 65_535]), st.booleans())
sizes = st.sampled_from([1, 100, 1000, 5000, 20_000])
counts = st.integers(1, 6)
pauses = st.sampled_from([0.0, SHORT])
ways = st.integers(0, 6)
OPTIONS: list[EndpointSettable] = [
    NoDelay(True), DelayedSack(frequency=1), MaxSegment(500), MaxSegment(None), RtoInfo(min=0.1, max=1.0),
    PathParameters(heartbeat_interval=1.0),
]  # fmt: skip
EVENTS = [sctpx.Event, sctpx.AssociationChange, sctpx.SendFailed, sctpx.PeerShutdown, sctpx.PeerAddressChange]


@seed(SEED)
class Orders(RuleBasedStateMachine):
    """Places for sockets, each used for whatever is drawn: what is drawn never depends on what happened."""

    @initialize()
    def begin(self) -> None:
        self.accounts = Accounts()
        self.ones = [One(Socket(), self.accounts) for _ in range(SOCKETS)]
        self.manys = [Many(Endpoint(), self.accounts) for _ in range(ENDPOINTS)]

    def actor(self, number: int) -> Actor:
        return [*self.ones, *self.manys][number]

    def place(self, slot: int, one: One) -> None:
        self.ones[slot].close()
        self.ones[slot] = one

    # ---- life -----------------------------------------------------------------------------------------------------
    @rule(slot=slots)
    def renew(self, slot: int) -> None:
        self.place(slot, One(Socket(), self.accounts))

    @rule(place=places)
    def renew_endpoint(self, place: int) -> None:
        self.manys[place].close()
        self.manys[place] = Many(Endpoint(), self.accounts)

    @rule(who=everyone)
    def bind(self, who: int) -> None:
        actor = self.actor(who)
        actor.call(lambda: actor.sock.bind(HERE))

    @rule(who=everyone)
    def listen(self, who: int) -> None:
        actor = self.actor(who)

        def listen() -> bool:
            actor.sock.listen()
            return True

        if actor.call(listen):
            actor.listening = True

    @rule(slot=slots, who=everyone)
    def connect(self, slot: int, who: int) -> None:
        one, target = self.ones[slot], self.actor(who)
        sure = not one.used and not one.closed and not one.listening and target.listening and not target.closed
        alone = target is one  # which is allowed, and works on some stacks
        one.wait(LIMIT if sure else SHORT)
        fresh = not one.used
        one.used = True

        def connect() -> bool:
            one.sock.connect(where(target))
            return True

        if not one.call(connect, limit=LIMIT):
            assert not sure, "a listener was not to be reached"
        elif fresh:
            one.connected, one.target, one.ended = True, target, alone
            if not alone and isinstance(target, One):
                target.waiting.append(one)

    @rule(slot=slots, into=slots)
    def accept(self, slot: int, into: int) -> None:
        one = self.ones[slot]
        sure = any(not client.ended for client in one.waiting) and not one.closed
        one.wait(LIMIT if sure else SHORT)
        found = one.call(one.sock.accept, limit=LIMIT)
        assert found or not sure, "nobody was accepted, and somebody waits"
        if not found:
            return
        accepted, peer = One(found[0], self.accounts, connected=True), found[1]
        for client in one.waiting:
            if not client.closed and client.port == peer.port:
                client.peer, accepted.peer = accepted, client
                if client.link is not None:
                    client.link.target = accepted
                one.waiting.remove(client)
                break
        self.place(into, accepted)

    @rule(who=everyone)
    def close(self, who: int) -> None:
        self.actor(who).close()

    @rule(slot=slots)
    def shutdown(self, slot: int) -> None:
        one = self.ones[slot]
        one.call(one.sock.shutdown)
        one.ended = True

    @rule(slot=slots)
    def abort(self, slot: int) -> None:
        one = self.ones[slot]
        one.call_even_if_closed(lambda: one.sock.abort(b"by chance"))
        one.close()

    @rule(place=places, pick=picks, graceful=st.booleans())
    def end_one_of_many(self, place: int, pick: int, graceful: bool) -> None:
        many = self.manys[place]
        id = many.id(pick)

        def end() -> None:
            association = many.sock.associations[id]
            association.shutdown() if graceful else association.abort(b"by chance")

        many.call(end)
        self.cut(many)

    def cut(self, many: Many) -> None:
        """Who is at the other end is not known."""
        self.accounts.cut(many)
        for other in self.manys:
            self.accounts.cut(other)
        for one in self.ones:
            if one.target is many or one.origin is not None:
                self.accounts.cut(one)
                one.ended = True

    @rule(place=places, pick=picks, into=slots)
    def peel_off(self, place: int, pick: int, into: int) -> None:
        many = self.manys[place]
        id = many.id(pick)
        sock = many.call(lambda: many.sock.associations[id].peeloff())
        if sock is not None:
            own = One(sock, self.accounts, connected=True)
            own.origin, own.link = many, many.links.pop(id, None)
            self.place(into, own)

    # ---- messages -------------------------------------------------------------------------------------------------
    @rule(slot=slots, lane=lanes, size=sizes, pause=pauses)
    def send(self, slot: int, lane: Lane, size: int, pause: float) -> None:
        one = self.ones[slot]
        one.wait(pause)
        link = one.out()
        data = link.make(lane, size)

        def send() -> bool:
            one.sock.send(data, stream=lane[0], unordered=lane[1], ppid=size)
            return True

        if one.call(send, SENDS):
            assert one.connected, "sent to nobody"
            link.went(lane)

    @rule(slot=slots, lane=lanes, size=sizes, count=counts, pause=pauses)
    def send_many(self, slot: int, lane: Lane, size: int, count: int, pause: float) -> None:
        one = self.ones[slot]
        one.wait(pause)
        link = one.out()
        batch = [link.make(lane, size, later) for later in range(count)]

        def send() -> int:
            try:
                return one.sock.send_many(batch, stream=lane[0], unordered=lane[1])
            except sctpx.PartialBatchError as error:
                return error.sent

        link.went(lane, one.call(send, SENDS) or 0)

    @rule(who=everyone, way=ways, pause=pauses)
    def receive(self, who: int, way: int, pause: float) -> None:
        actor = self.actor(who)
        actor.wait(pause)
        actor.receive(way)

    @rule(slot=slots)
    def receive_to_the_end(self, slot: int) -> None:
        """Of an association that its peer has shut down or closed, and that nobody aborted."""
        one = self.ones[slot]
        if one.closed or one.ended or one.peer is None or not one.peer.ended or one.pieces:
            return
        one.wait(LIMIT)
        try:
            while (item := one.sock.recv()) is not None:
                one.take(item)
        except (sctpx.AbortedError, sctpx.AssociationLostError):
            one.accounts.cut(one)  # it was closed with messages unread
        else:
            link = one.peer.link
            assert link is None or link.all_got, f"ended in good order without {link.missing}"
        one.ended = True

    @rule(place=places, who=everyone)
    def connect_one_of_many(self, place: int, who: int) -> None:
        many, target = self.manys[place], self.actor(who)
        many.wait(SHORT)
        association = many.call(lambda: many.sock.connect(where(target)))
        if association is not None:
            many.met(association.id)
            many.out(association.id, target)

    @rule(place=places, pick=picks, lane=lanes, size=sizes, who=everyone, by_id=st.booleans(), pause=pauses)
    def send_one_of_many(
        self, place: int, pick: int, lane: Lane, size: int, who: int, by_id: bool, pause: float
    ) -> None:
        many, target = self.manys[place], self.actor(who)
        many.wait(pause)
        if by_id:
            id = many.id(pick)
            link = many.out(id)
            data = link.make(lane, size)
            if many.call(lambda: many.sock.send(data, to=id, stream=lane[0], unordered=lane[1]), SENDS):
                link.went(lane)
            return
        # The id of an association that this begins is known afterwards alone, and so is what may be written.
        begun = many.call(lambda: many.sock.connect(where(target)), ANY)
        if begun is not None:
            many.met(begun.id)
            many.out(begun.id, target)

    # ---- the rest -------------------------------------------------------------------------------------------------
    @rule(who=everyone, option=st.sampled_from(OPTIONS))
    def set(self, who: int, option: EndpointSettable) -> None:
        actor = self.actor(who)
        actor.call(lambda: actor.sock.set(option))

    @rule(who=everyone, option=st.sampled_from(CLASSES))
    def get(self, who: int, option: type) -> None:
        actor = self.actor(who)
        with contextlib.suppress(TypeError):  # of what a socket of this kind has not
            actor.call(lambda: actor.sock.get(option))

    @rule(who=everyone, event=st.sampled_from(EVENTS), on=st.booleans())
    def subscribe(self, who: int, event: sctpx.EventType, on: bool) -> None:
        actor = self.actor(who)
        actor.call(lambda: actor.sock.subscribe(event) if on else actor.sock.unsubscribe(event))

    @rule(who=everyone)
    def look(self, who: int) -> None:
        actor = self.actor(who)
        sock = actor.sock
        assert sock.closed is actor.closed
        assert repr(sock) and sock.family
        assert isinstance(sock.subscriptions, frozenset)
        assert (sock.fileno() == -1) is actor.closed
        actor.call(sock.local_addresses)
        looks: list[Callable[[], object]] = []
        if isinstance(sock, Socket):
            looks = [sock.peer_addresses, sock.paths, sock.heartbeat]
        else:
            looks = [lambda: list(sock.associations), lambda: [one.paths() for one in sock.associations.values()]]
        for one in looks:
            actor.call(one)

    def teardown(self) -> None:
        if not hasattr(self, "ones"):
            return
        try:
            for one in self.ones:
                if one.peer is not None and not one.ended and not one.peer.ended and not one.pieces:
                    exchange(one, one.peer)
        finally:
            for actor in (*self.ones, *self.manys):
                actor.close()
        fresh_pair_works()


@pytest.mark.timeout(600)
def test_calls_in_any_order() -> None:
    some = settings(max_examples=examples(15, 600), stateful_step_count=40, **COMMON)
    run_state_machine_as_test(Orders, settings=some)
