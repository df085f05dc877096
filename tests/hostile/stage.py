# SPDX-License-Identifier: MIT
"""A live pair of each kind of socket to make wrong calls on, which must do no harm; made anew when a right one did."""

import contextlib

import sctpx
from sctpx import AssociationId, Endpoint, EndpointAssociation, Socket
from tests.support.common import LIMIT, SCALE, eventually, wait_message

SHORT = 0.01 * SCALE
HERE = ("127.0.0.1", 0)


class Stage:
    """`a` and `b` are connected; so are `c`, whose association is `to`, and `d`."""

    def __init__(self) -> None:
        self._things = contextlib.ExitStack()
        self.sent = 0
        self.a, self.b = self._pair()
        self.c, self.d, self.to, self.back = self._endpoints()
        for one in (self.a, self.b, self.c, self.d):
            one.fileno()  # made when first asked for, and no leak of the test that happens to

    def _pair(self) -> tuple[Socket, Socket]:
        with sctpx.create_server(HERE) as listener:
            listener.settimeout(LIMIT)
            a = self._things.enter_context(sctpx.create_connection(listener.local_addresses(), LIMIT))
            b = self._things.enter_context(listener.accept()[0])
        return a, b

    def _endpoints(self) -> tuple[Endpoint, Endpoint, AssociationId, AssociationId]:
        c = self._things.enter_context(sctpx.create_endpoint(HERE))
        d = self._things.enter_context(sctpx.create_endpoint(HERE))
        c.settimeout(LIMIT)
        to = c.connect(d.local_addresses()).id
        eventually(lambda: bool(d.associations), "the association at the other end")
        return c, d, to, next(iter(d.associations))

    def of(self, cls: type) -> Socket | Endpoint | EndpointAssociation:
        """What a method of this class is called on, with a short time-out."""
        self.a.settimeout(SHORT)
        self.c.settimeout(SHORT)
        if cls is Socket:
            return self.a
        return self.c if cls is Endpoint else self.c.associations[self.to]

    def works(self) -> bool:
        """Whether all of them send, and nothing else arrives than what is sent here."""
        try:
            for one in (self.a, self.b, self.c, self.d):
                one.settimeout(LIMIT)
            self._exchange()
        except sctpx.SctpError:
            return False
        return True

    def _exchange(self) -> None:
        self.sent += 1
        text = b"%d" % self.sent
        for sender, receiver in ((self.a, self.b), (self.b, self.a)):
            sender.send(text)
            _until(receiver, text)
        for first, second, to in ((self.c, self.d, self.to), (self.d, self.c, self.back)):
            first.send(text, to=to)
            _until(second, text)

    def close(self) -> None:
        self._things.close()


def _until(receiver: Socket | Endpoint, text: bytes) -> None:
    """Good messages of calls that were right after all may come before."""
    while (message := wait_message(receiver)).data != text:
        assert message.data, message


def fresh_works() -> None:
    """New sockets in this process still exchange messages."""
    stage = Stage()
    assert stage.works()
    stage.close()




def fresh_pair_works() -> None:
    """The same, of one pair."""
    with sctpx.create_server(HERE) as listener:
        listener.settimeout(LIMIT)
        with sctpx.create_connection(listener.local_addresses(), LIMIT) as a, listener.accept()[0] as b:
            a.send(b"still here")
            assert wait_message(b).data == b"still here"
