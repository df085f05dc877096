# SPDX-License-Identifier: MIT
"""Every call of a socket or an association, found by looking: what is new is tried without another word."""

import inspect
import socket
from collections.abc import Callable, Iterator

import sctpx
from sctpx import AssociationId, Endpoint, EndpointAssociation, Outgoing, Socket
from sctpx.options import Linger, PathParameters, Status

HERE = ("127.0.0.1", 9)
# These answer from what the object itself remembers, and ask the stack for nothing; a fork may close what it inherited.
OF_ITSELF = {
    "associations", "close", "closed", "family", "gettimeout", "id", "max_message_size", "setblocking", "settimeout",
    "subscriptions",
}  # fmt: skip
# To be subscribed to before `uses`, so that there is something to unsubscribe from.
SUBSCRIBED = sctpx.AdaptationIndication
# Good values, by the name of a parameter that is needed, or by those of the call and the parameter.
GOOD: dict[str, object] = {
    "addresses": HERE,
    "buffer": bytearray(9),
    "data": b"x",
    "events": sctpx.SenderDry,
    "level": socket.SOL_SOCKET,
    "messages": [b"x"],
    "option": socket.SO_SNDBUF,
    "path": "127.0.0.1",
    "value": 65_536,
    "unsubscribe.events": SUBSCRIBED,
    "get.option": Status,
    "set.option": PathParameters(max_retransmissions=5),
    "connectx.addresses": [HERE],
    "bindx_add.addresses": "127.0.0.1",
    "bindx_remove.addresses": "127.0.0.1",
}
# Only one is no association's.
GOOD_OF_ENDPOINT: dict[str, object] = {"get.option": Linger, "set.option": Linger(0)}


def uses(sock: Socket | Endpoint | EndpointAssociation, to: AssociationId | None = None) -> list[Callable[[], object]]:
    """All that can be called on it, with what is needed; `to`: an association of an endpoint."""
    good = dict(GOOD)
    if isinstance(sock, Endpoint):
        good |= GOOD_OF_ENDPOINT | {"to": to, "send_many.messages": [(to, Outgoing(b"x"))]}
    return [_named(name, call) for name, call in _found(sock, good)]


def _found(sock: object, good: dict[str, object]) -> Iterator[tuple[str, Callable[[], object]]]:
    for name in dir(type(sock)):
        member = inspect.getattr_static(type(sock), name)
        if name.startswith("_") or name in OF_ITSELF:
            continue
        if isinstance(member, property):
            yield name, lambda name=name: getattr(sock, name)  # type: ignore[misc]
        elif inspect.isfunction(member):
            yield name, lambda name=name, member=member: _call(sock, name, member, good)  # type: ignore[misc]


def _call(sock: object, name: str, function: Callable[..., object], good: dict[str, object]) -> object:
    positional: list[object] = [sock]
    named: dict[str, object] = {}
    for one in list(inspect.signature(function).parameters.values())[1:]:
        if one.default is not one.empty:
            continue
        # A new call with a parameter of a new name fails here: a good value is to be added above.
        value = good.get(f"{name}.{one.name}", good.get(one.name, one))
        assert value is not one, f"no good value for {name}({one.name})"
        if one.kind is one.KEYWORD_ONLY:
            named[one.name] = value
        else:
            positional.append(value)
    done = function(*positional, **named)
    # Iterators begin with the first step.
    return next(done) if isinstance(done, Iterator) else done


def _named(name: str, call: Callable[[], object]) -> Callable[[], object]:
    """What a failure calls it."""
    call.__name__ = name
    return call
