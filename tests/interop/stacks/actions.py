# SPDX-License-Identifier: MIT
"""What the two processes are told to do with the sockets in their tables."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import sctpx
from sctpx import Address, AssociationId, EventType, Message, Notification, Outgoing
from sctpx.options import AssociationState, EndpointSettable, Gettable, PathInfo, Settable, Status
from tests.support.common import LIMIT, Background, drain, events, eventually, wait_for, wait_messages

from .process import Table

E = TypeVar("E")
T = TypeVar("T")


def serve(
    table: Table, name: str, hosts: Sequence[str], *, options: Iterable[EndpointSettable] = (),
    events: Iterable[EventType] = (),
) -> list[Address]:
    """Listen, at a free port."""
    sock = sctpx.create_server([(host, 0) for host in hosts], options=options, events=events)
    table.put(name, sock)
    return sock.local_addresses()


def connect(
    table: Table, name: str, to: Sequence[Address], hosts: Sequence[str], *, options: Iterable[EndpointSettable] = (),
    events: Iterable[EventType] = (),
) -> None:
    source = [(host, 0) for host in hosts]
    table.put(name, sctpx.create_connection(to, LIMIT, source=source, options=options, events=events))


def accept(table: Table, listener: str, name: str) -> None:
    table.put(name, table.socket(listener).accept()[0])


def endpoint(
    table: Table, name: str, hosts: Sequence[str], *, options: Iterable[EndpointSettable] = (),
    events: Iterable[EventType] = (),
) -> list[Address]:
    sock = sctpx.create_endpoint([(host, 0) for host in hosts], options=options, events=events)
    table.put(name, sock)
    return sock.local_addresses()


def peer_addresses(table: Table, name: str) -> list[Address]:
    return table.socket(name).peer_addresses()


def paths(table: Table, name: str) -> list[PathInfo]:
    return table.socket(name).paths()


def wait_paths(table: Table, name: str, states: Sequence[str]) -> None:
    """Until the paths are so, in the order of their hosts."""
    eventually(lambda: _states(table, name) == list(states), f"that paths are {states}")


def _states(table: Table, name: str) -> list[str]:
    return [path.state.name for path in sorted(table.socket(name).paths(), key=lambda path: path.address.host)]


def set_primary(table: Table, name: str, host: str) -> None:
    table.socket(name).set_primary(host)


def get(table: Table, name: str, option: type[Gettable[T]]) -> T:
    return table.socket(name).get(option)


def set_option(table: Table, name: str, option: Settable) -> None:
    table.socket(name).set(option)


def send(table: Table, name: str, *messages: Outgoing) -> None:
    """Send one by one: each may wait for the peer."""
    sock = table.socket(name)
    for one in messages:
        sock.send(
            one.data, stream=one.stream, ppid=one.ppid, unordered=one.unordered, context=one.context, policy=one.policy,
            path=one.path,
        )


def exchange(table: Table, name: str, count: int, *messages: Outgoing) -> list[Message]:
    """Send, and meanwhile receive so many."""
    with Background(lambda: send(table, name, *messages)) as sending:
        came = receive(table, name, count)
    sending.result()
    return came


def receive(table: Table, name: str, count: int) -> list[Message]:
    return wait_messages(table.socket(name), count)


def wait(table: Table, name: str, kind: type[E], *, field: str = "", value: object = None) -> E:
    """The next event of a kind, or the next whose field has this value."""
    return wait_for(
        table.socket(name), kind, lambda event: not field or bool(getattr(event, field) == value)
    )


def everything(table: Table, name: str, *, count: int) -> list[Message | Notification]:
    """The next so many events, of whatever kind."""
    coming = events(table.socket(name))
    return [next(coming) for _ in range(count)]


def until_end(table: Table, name: str) -> list[Message | Notification]:
    return drain(table.socket(name))


def until_error(table: Table, name: str) -> tuple[list[Message | Notification], OSError]:
    """What comes before the error in which it ends."""
    before: list[Message | Notification] = []
    try:
        for event in events(table.socket(name)):
            before.append(event)
    except OSError as error:
        return before, error
    raise AssertionError(f"ended in good order, after {before}")


def shutdown(table: Table, name: str) -> None:
    table.socket(name).shutdown()


def abort(table: Table, name: str, reason: bytes) -> None:
    table.socket(name).abort(reason)


def close(table: Table, name: str) -> None:
    table.socket(name).close()


def wait_state(table: Table, name: str, state: AssociationState) -> None:
    sock = table.socket(name)
    eventually(lambda: sock.get(Status).state is state, f"that it is {state}")


def bind(table: Table, name: str, hosts: Sequence[str]) -> list[Address]:
    """Take a free port without listening at it."""
    sock = sctpx.Socket()
    table.put(name, sock)
    sock.bind([(host, 0) for host in hosts])
    return sock.local_addresses()


def until_messages(table: Table, name: str, count: int) -> list[Message | Notification]:
    """All events until so many messages have come."""
    came: list[Message | Notification] = []
    for event in events(table.socket(name)):
        came.append(event)
        count -= isinstance(event, Message)
        if count == 0:
            return came
    raise AssertionError(f"ended {count} messages too early, after {came}")


def answer(table: Table, name: str, count: int) -> list[AssociationId]:
    """Answer so many messages of an endpoint, each to its association; from which they came."""
    hub = table.endpoint(name)
    came = wait_messages(hub, count)
    for one in came:
        hub.send(b"seen " + one.data, to=one.association, stream=one.stream, ppid=one.ppid)
    return [one.association for one in came]


def send_to(table: Table, name: str, to: Sequence[Address], data: bytes) -> None:
    """Send from an endpoint to addresses: the association begins with it."""
    table.endpoint(name).send(data, to=to)


def heard(table: Table, name: str) -> bytes:
    return table.endpoint(name).recv_message().data


def abort_sender(table: Table, name: str, reason: bytes) -> None:
    """Abort the association of the next message that an endpoint hears."""
    hub = table.endpoint(name)
    hub.associations[hub.recv_message().association].abort(reason)


def peel_sender(table: Table, name: str, own: str) -> None:
    hub = table.endpoint(name)
    table.put(own, hub.associations[hub.recv_message().association].peeloff())
