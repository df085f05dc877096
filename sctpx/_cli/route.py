# SPDX-License-Identifier: MIT
"""Which stack and which two paths the demo runs on, by what is allowed here."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

import sctpx
from sctpx._cli.control import DemoError


@dataclass(frozen=True, slots=True)
class Route:
    """The receiver's addresses and the sender's, pair by pair."""

    kind: str  # "loopback", "namespaces", "single"
    server: tuple[str, ...]
    client: tuple[str, ...]
    line: str  # for a person


def choose_backend() -> str | None:
    """Make sure that a backend works; userland where the kernel has no SCTP, unless the user said otherwise.

    Returns:
        What to say about it: None on a kernel, which is the plain case.

    Raises:
        DemoError: nothing works.
    """
    error = sctpx.backend._usable()
    if error is None:
        return "running on userland: SCTP over UDP" if sctpx.backend.name == "userland" else None
    if os.environ.get("SCTPX_BACKEND"):
        raise DemoError(str(error))
    cause = next((str(attempt.error) for attempt in sctpx.backend.attempts if attempt.error), str(error))
    try:
        sctpx.use_backend("userland")
    except (OSError, ValueError, ImportError):  # userland is not built: the first error names the remedy
        raise DemoError(str(error)) from None
    if (second := sctpx.backend._usable()) is not None:
        raise DemoError(f"{error}\n{second}")
    return f"no kernel SCTP here ({cause}): running on userland, SCTP over UDP"


def plan(backend: str, bindable: Callable[[str], bool]) -> Route:
    """Choose two loopback addresses that work, or one."""
    mixed = ("::1", "127.0.0.1")
    # Userland announces only addresses that an interface has; the kernel takes all of 127/8 for its own.
    pairs = [mixed] if backend == "userland" else [("127.0.0.1", "127.0.0.2"), mixed]
    for pair in pairs:
        if all(map(bindable, pair)):
            return Route("loopback", pair, pair, f"two paths over loopback: {pair[0]} and {pair[1]}")
    for host in ("127.0.0.1", "::1"):
        if bindable(host):
            return Route("single", (host,), (host,), f"one path only, {host}: no second loopback address works here")
    raise DemoError("no loopback address works here")


def bindable(host: str) -> bool:
    """Tell whether a local socket can have this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((host, 0))
    except OSError:
        return False
    return True
