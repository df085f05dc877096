# SPDX-License-Identifier: MIT
"""Everything that a user can call, found by looking: what is new is tried without another word.

Only good values stand here, for parameters that a call needs beside the one that is tried.
"""

import inspect
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sctpx
from sctpx import testing

from .stage import SHORT, Stage

CLASSES = (sctpx.Socket, sctpx.Endpoint, sctpx.EndpointAssociation)
MODULES = (sctpx, testing)
# What has effects on the process, and is tried elsewhere.
LEFT_OUT = {"sctpx.use_backend"}

GOOD: dict[str, Callable[[Stage], object]] = {
    "data": lambda stage: b"good",
    "to": lambda stage: stage.to,
    "buffer": lambda stage: bytearray(10),
    "messages": lambda stage: [b"good"],
    "addresses": lambda stage: ("127.0.0.1", 0),
    "timeout": lambda stage: SHORT,
    "option": lambda stage: sctpx.options.PathParameters,
    "level": lambda stage: socket.SOL_SOCKET,
    "value": lambda stage: 1,
}
GOOD_OF: dict[tuple[str, str], Callable[[Stage], object]] = {
    ("Endpoint.send_many", "messages"): lambda stage: [(stage.to, sctpx.Outgoing(b"good"))],
    ("Socket.getsockopt", "option"): lambda stage: socket.SO_RCVBUF,
    ("Endpoint.getsockopt", "option"): lambda stage: socket.SO_RCVBUF,
    ("Socket.setsockopt", "option"): lambda stage: socket.SO_RCVBUF,
    ("Endpoint.setsockopt", "option"): lambda stage: socket.SO_RCVBUF,
    ("Socket.set", "option"): lambda stage: sctpx.options.PathParameters(max_retransmissions=5),
    ("Endpoint.set", "option"): lambda stage: sctpx.options.PathParameters(max_retransmissions=5),
    ("EndpointAssociation.set", "option"): lambda stage: sctpx.options.PathParameters(max_retransmissions=5),
    ("sctpx.create_connection", "addresses"): lambda stage: ("127.0.0.1", 9),
}  # fmt: skip
# What an error may call a parameter beside its name.
WORDS = {
    "data": ("message",),
    "to": ("destination", "association", "address", "host", "port"),
    "addresses": ("address", "host", "port"),
    "source": ("address", "host", "port"),
    "path": ("address", "host", "port"),
    "local": ("address", "host", "port"),
    "text": ("address", "host", "port"),
    "policy": ("lifetime", "retransmissions", "priority"),
    "messages": ("message", "stream", "policy", "lifetime", "destination", "association", "address", "host", "port"),
    "options": ("set on",),
    "option": ("get()", "read of", "set on"),
    "events": ("subscribes",),
}


@dataclass(frozen=True)
class Tried:
    """One parameter of one call."""

    call: str
    parameter: inspect.Parameter
    others: tuple[inspect.Parameter, ...]
    on: type | None
    function: Callable[..., object]

    def __str__(self) -> str:
        return f"{self.call}({self.parameter.name})"

    def __call__(self, stage: Stage, value: object) -> object:
        positional: list[object] = [] if self.on is None else [stage.of(self.on)]
        named: dict[str, Any] = {}
        for other in (*self.others, self.parameter):
            given = value if other is self.parameter else self._good(other, stage)
            if other.kind in (other.POSITIONAL_ONLY, other.VAR_POSITIONAL):
                positional.append(given)
            else:
                named[other.name] = given
        return self.function(*positional, **named)

    def _good(self, parameter: inspect.Parameter, stage: Stage) -> object:
        return (GOOD_OF.get((self.call, parameter.name)) or GOOD[parameter.name])(stage)

    @property
    def words(self) -> tuple[str, ...]:
        name = self.parameter.name
        return (name, name.replace("_", " "), name.rstrip("s"), *WORDS.get(name, ()))


def _of_call(call: str, function: Callable[..., object], on: type | None) -> Iterator[Tried]:
    parameters = list(inspect.signature(function).parameters.values())[on is not None :]
    for one in parameters:
        needed = [
            other
            for other in parameters
            if other is not one and (_is_needed(other) or other.name == "timeout")
        ]
        yield Tried(call, one, tuple(needed), on, function)


def _is_needed(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind not in (
        parameter.VAR_POSITIONAL,
        parameter.VAR_KEYWORD,
    )


def _found() -> Iterator[Tried]:
    for cls in CLASSES:
        for name in dir(cls):
            member = inspect.getattr_static(cls, name)
            call = f"{cls.__name__}.{name}"
            if name.startswith("_"):
                continue
            if isinstance(member, property) and member.fset is not None:
                yield from _of_call(call, member.fset, cls)
            elif inspect.isfunction(member):
                yield from _of_call(call, member, cls)
    for cls in (sctpx.Socket, sctpx.Endpoint):
        yield from _of_call(cls.__name__, cls, None)
    yield from _of_call("Address.parse", sctpx.Address.parse, None)
    for module in MODULES:
        for name, member in vars(module).items():
            call = f"{module.__name__}.{name}"
            if inspect.isfunction(member) and not name.startswith("_") and call not in LEFT_OUT:
                yield from _of_call(call, member, None)


TRIED = tuple(_found())
