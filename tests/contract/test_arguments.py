# SPDX-License-Identifier: MIT
"""Wrong arguments of every kind: TypeError or ValueError before the call, and nothing has happened."""

import ctypes
import itertools
import socket
from collections.abc import Callable
from typing import Any

import pytest

import sctpx
from sctpx import Endpoint, Outgoing, Rtx, Socket, Timed, options
from sctpx.options import InitMessage, NoDelay
from tests.support.common import wait_message
from tests.support.shapes import EndpointPair, OneEndpoint, Opener, Pair, Server

# A checker would refuse most of what follows; so may callers be without one.
Call = Callable[[Any], object]

TYPES: dict[str, Call] = {
    "text": lambda s: s.send("text"),
    "a number": lambda s: s.send(5),
    "nothing at all": lambda s: s.send(None),
    "a list of numbers": lambda s: s.send([1, 2]),
    "a list of text": lambda s: s.send(["a"]),
    "a dictionary": lambda s: s.send({b"a": 1}),
    "stream as text": lambda s: s.send(b"x", stream="1"),
    "stream as a fraction": lambda s: s.send(b"x", stream=1.5),
    "ppid as bytes": lambda s: s.send(b"x", ppid=b"\0\0\0\1"),
    "context as text": lambda s: s.send(b"x", context="1"),
    "policy as a number": lambda s: s.send(b"x", policy=5),
    "policy as a class": lambda s: s.send(b"x", policy=Timed),
    "a path that is none": lambda s: s.send(b"x", path=5),
    "no data": lambda s: s.send(),
    "data by name": lambda s: s.send(data=b"x"),
    "too many": lambda s: s.send(b"x", 1),
    "a batch of numbers": lambda s: s.send_many([1]),
    "a batch that is none": lambda s: s.send_many(5),
    "an endless batch of numbers": lambda s: s.send_many(itertools.count()),
    "an endless list of addresses": lambda s: s.connectx(itertools.count()),
    "a batch of text": lambda s: s.send_many(["text"]),
    "recv_many of text": lambda s: s.recv_many("4"),
    "recv_many of a fraction": lambda s: s.recv_many(1.5),
    "recv_into text": lambda s: s.recv_into("text"),
    "recv_into nothing": lambda s: s.recv_into(None),
    "the size bound as text": lambda s: setattr(s, "max_message_size", "1"),
    "setting a number": lambda s: s.set(5),
    "setting a class": lambda s: s.set(NoDelay),
    "getting an object": lambda s: s.get(NoDelay(True)),
    "getting text": lambda s: s.get("NoDelay"),
    "subscribing to text": lambda s: s.subscribe("AssociationChange"),
    "a reason as text": lambda s: s.abort("text"),
    "a reason as a number": lambda s: s.abort(5),
    "a raw option as text": lambda s: s.setsockopt(1, 1, "text"),
    "a backlog as text": lambda s: s.listen("5"),
    "a lifetime as text": lambda s: s.send(b"x", policy=Timed("1")),  # type: ignore[arg-type]
    "order as a number": lambda s: s.send(b"x", unordered=1),
    "an end that is no switch": lambda s: s.send(b"x", eof=""),
    "a path that nothing can remember": lambda s: s.send(b"x", path=["127.0.0.1"]),
    "two paths": lambda s: s.send(b"x", path=(("127.0.0.1", 9), ("::1", 9))),
    "flow information that is none": lambda s: s.send(b"x", path=("::1", 9, [], 0)),
    "waiting or not as text": lambda s: s.setblocking("yes"),
    "reading a base": lambda s: s.get(options.EndpointValue),
    "setting a base": lambda s: s.set(options.EndpointSettable()),
    "reading a raw option of text": lambda s: s.getsockopt("1", 1),
    "a size as text": lambda s: s.getsockopt(1, 1, "4"),
    "subscribing to a list": lambda s: s.subscribe([]),
    "a call that is none": lambda s: s.recv_message(5),
}
VALUES: dict[str, Call] = {
    "stream below": lambda s: s.send(b"x", stream=-1),
    "stream above": lambda s: s.send(b"x", stream=65_536),
    "ppid below": lambda s: s.send(b"x", ppid=-1),
    "ppid above": lambda s: s.send(b"x", ppid=1 << 32),
    "context below": lambda s: s.send(b"x", context=-1),
    "context above": lambda s: s.send(b"x", context=1 << 32),
    "a lifetime below": lambda s: s.send(b"x", policy=Timed(-1.0)),
    "a lifetime that is no number": lambda s: s.send(b"x", policy=Timed(float("nan"))),
    "retransmissions below": lambda s: s.send(b"x", policy=Rtx(-1)),
    "a path that is a name": lambda s: s.send(b"x", path="no address"),
    "an empty message in a batch": lambda s: s.send_many([b"x", b""]),
    "stream above, in a batch": lambda s: s.send_many([b"x"], stream=65_536),
    "ppid above, in a batch": lambda s: s.send_many([b"x"], ppid=1 << 32),
    "stream above, in one of a batch": lambda s: s.send_many([b"x", Outgoing(b"x", stream=65_536)]),
    "recv_many of none": lambda s: s.recv_many(0),
    "recv_many of fewer": lambda s: s.recv_many(-1),
    "the size bound at nought": lambda s: setattr(s, "max_message_size", 0),
    "a time-out that no float holds": lambda s: s.settimeout(10**400),
    "a backlog above": lambda s: s.listen(1 << 31),
    "a level above": lambda s: s.getsockopt(1 << 31, 1),
    "more of an option than memory": lambda s: s.getsockopt(1, 1, 1 << 60),
    "a raw number above": lambda s: s.setsockopt(1, 1, 1 << 31),
    "a scope above": lambda s: s.send(b"x", path=("::1", 9, 0, 1 << 32)),
}


@pytest.mark.parametrize("call", TYPES.values(), ids=TYPES.keys())
def test_a_wrong_type_is_a_type_error_and_nothing_happens(pair: Pair, call: Call) -> None:
    a, b = pair()
    with pytest.raises(TypeError) as caught:
        call(a)
    assert not isinstance(caught.value, OSError)
    a.send(b"after")
    assert wait_message(b).data == b"after"


@pytest.mark.parametrize("call", VALUES.values(), ids=VALUES.keys())
def test_a_wrong_value_is_a_value_error_and_nothing_happens(pair: Pair, call: Call) -> None:
    a, b = pair()
    with pytest.raises(ValueError):
        call(a)
    a.send(b"after")
    assert wait_message(b).data == b"after"


def test_stream_and_policy_of_an_endpoint_are_checked_too(endpoints: EndpointPair) -> None:
    a, b, to_b, _ = endpoints()
    with pytest.raises(ValueError):
        a.send(b"x", to=to_b, stream=65_536)
    with pytest.raises(TypeError):
        a.send(b"x", to=to_b, init=5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        a.send(b"x")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        a.send_many([b"x"])  # type: ignore[list-item]
    with pytest.raises(TypeError):
        a.subscribe(sctpx.PeerShutdown, scope=1)  # type: ignore[arg-type]
    a.send(b"after", to=to_b)
    assert wait_message(b).data == b"after"


@pytest.mark.parametrize("to", [0, -1, 1 << 63, True, "", "name", None, (), [], ("name", 5), (1, 2, 3), [5]], ids=repr)
def test_a_destination_that_is_none_is_an_error(endpoint: OneEndpoint, to: sctpx.Destination) -> None:
    a = endpoint()
    with pytest.raises((TypeError, ValueError)):
        a.send(b"x", to=to)
    assert not a.associations


HOSTS = {
    "no tuple": "127.0.0.1",
    "a number": 5,
    "nothing": None,
    "empty": [],
    "empty tuple": (),
    "one item": ("127.0.0.1",),
    "three items": ("127.0.0.1", 9, 0),
    "port as text": ("127.0.0.1", "9"),
    "port above": ("127.0.0.1", 65_536),
    "port below": ("127.0.0.1", -1),
    "a port that is no number": ("127.0.0.1", True),
    "a name": ("localhost", 9),
    "half an address": ("127.0.0", 9),
    "too much of one": ("127.0.0.1.1", 9),
    "zeros in front": ("127.0.0.01", 9),
    "bytes": (b"127.0.0.1", 9),
    "a broken IPv6": ("::1::", 9),
    "a NUL": ("127.0.0.1\0", 9),
    "blank": (" 127.0.0.1", 9),
    "a list of numbers": [5],
    "different ports": [("127.0.0.1", 9), ("127.0.0.1", 10)],
}


@pytest.mark.parametrize("wrong", HOSTS.values(), ids=HOSTS.keys())
def test_an_address_that_is_none_is_an_error(keep: Opener, wrong: sctpx.Addresses) -> None:
    sock, many = keep(Socket()), keep(Endpoint())
    for call in (sock.bind, sock.connect, many.bind, many.connect):
        with pytest.raises((TypeError, ValueError)):
            call(wrong)
    assert sock.local_addresses() == many.local_addresses() == []


PEERS = {
    "broadcast": ("255.255.255.255", 9),
    "multicast": ("224.0.0.1", 9),
    "IPv6 multicast": ("ff02::1", 9),
    "wildcard": ("0.0.0.0", 9),
    "IPv6 wildcard": ("::", 9),
    "mapped wildcard": ("::ffff:0.0.0.0", 9),
    "the empty host": ("", 9),
    "port nought": ("127.0.0.1", 0),
    "one bad among good": [("127.0.0.1", 9), ("224.0.0.1", 9)],
}


@pytest.mark.parametrize("peer", PEERS.values(), ids=PEERS.keys())
def test_a_peer_that_cannot_be_is_an_error(keep: Opener, peer: sctpx.Addresses) -> None:
    sock, many = keep(Socket(socket.AF_INET6)), keep(Endpoint(socket.AF_INET6))
    for call in (sock.connect, many.connect, lambda to: many.send(b"x", to=to)):
        with pytest.raises(sctpx.InvalidArgumentError):
            call(peer)
    assert not many.associations


@pytest.mark.parametrize("family", [0, socket.AF_UNIX, -1, "AF_INET", None], ids=repr)
def test_a_family_that_sctp_has_not_is_an_error(family: socket.AddressFamily) -> None:
    for kind in (Socket, Endpoint):
        with pytest.raises((ValueError, TypeError)):
            kind(family)


def test_bad_options_and_events_leave_no_socket_behind(server: Server) -> None:
    target = server().local_addresses()
    host = target[0].host
    wrong: list[Callable[[], object]] = [
        lambda: sctpx.create_server((host, 0), options=[5]),  # type: ignore[list-item]
        lambda: sctpx.create_server((host, 0), events=[int]),  # type: ignore[list-item]
        lambda: sctpx.create_endpoint((host, 0), options=[NoDelay]),  # type: ignore[list-item]
        lambda: sctpx.create_connection(target, options=[InitMessage(out_streams=-1)]),
        lambda: sctpx.create_connection(target, timeout=-1),
        lambda: sctpx.create_connection([]),
        lambda: sctpx.create_server([]),
        lambda: sctpx.create_server((host, 0), backlog=None),  # type: ignore[arg-type]
    ]
    for call in wrong:
        with pytest.raises((TypeError, ValueError)):
            call()


def test_what_is_wrong_with_a_message_begins_no_association(endpoint: OneEndpoint) -> None:
    a, b = endpoint(), endpoint()
    to = b.local_addresses()
    with pytest.raises(ValueError):
        a.send(b"x", to=to, stream=65_536)
    with pytest.raises(ValueError):
        a.send_many([(to, Outgoing(b"x")), (to, Outgoing(b"x", stream=65_536))])
    with pytest.raises(TypeError):
        a.send_many([(to, Outgoing(b"x")), (5.0, Outgoing(b"x"))])  # type: ignore[list-item]
    assert not a.associations


def test_no_number_is_an_association_that_is_not_there(endpoint: OneEndpoint) -> None:
    found = endpoint().associations
    for id in (0, -1, True, 1 << 63, 1 << 100):
        assert id not in found
        with pytest.raises(KeyError):
            found[id]  # type: ignore[index]


def test_buffers_of_any_format_are_sent_and_filled(pair: Pair) -> None:
    a, b = pair()
    numbers = (ctypes.c_uint16.__ctype_be__ * 2)(1, 2)
    for data in (numbers, [numbers], [b"\0\1", memoryview(b"\0.\2.")[::2]]):
        a.send(data)  # type: ignore[arg-type]
        assert wait_message(b).data == b"\0\1\0\2"
    a.send(b"\0\3\0\4")
    into = (ctypes.c_uint16.__ctype_be__ * 2)()
    b.recv_into(into)
    assert list(into) == [3, 4]


CREATED: dict[str, Call] = {
    "addresses": lambda wrong: sctpx.create_server(wrong),
    "source": lambda wrong: sctpx.create_connection(("127.0.0.1", 9), 1.0, source=wrong),
    "options": lambda wrong: sctpx.create_server(("127.0.0.1", 0), options=wrong),
    "events": lambda wrong: sctpx.create_endpoint(("127.0.0.1", 0), events=wrong),
}


@pytest.mark.parametrize("call", CREATED.values(), ids=CREATED.keys())
@pytest.mark.parametrize("wrong", [5, "text", [5], itertools.count()], ids=str)
def test_what_is_wrong_where_sockets_are_made_is_named(call: Call, wrong: object) -> None:
    with pytest.raises(TypeError, match=r"address|options|events|set on|subscribes"):
        call(wrong)


@pytest.mark.parametrize("host", ["\ud800", "x" * 70, "fe80::1%nosuch"], ids=ascii)
def test_a_host_that_cannot_be_is_named(host: str) -> None:
    with pytest.raises(ValueError, match=r"name of a host|address"):
        sctpx.create_server((host, 0))
