# SPDX-License-Identifier: MIT
"""A backend that works where tests run: the chosen one, or userland where nobody chose and the kernel has no SCTP."""

import errno
import logging
import socket
from threading import Lock

from sctpx import _registry
from sctpx._errors import SctpError
from sctpx._registry import USERLAND, Registry

_log = logging.getLogger("sctpx.testing")
_TRIES = 10
_lock = Lock()
#: Why tests run on userland although nobody asked for it; empty when they do not.
fallen_back: list[str] = []


def ready() -> None:
    """Start a backend, once.

    Raises:
        BackendUnavailableError: the chosen one does not work, or none was chosen and userland does not work either.
    """
    with _lock:
        _ready(_registry.registry)


def _ready(registry: Registry) -> None:
    error = _start(registry)
    if error is None:
        return
    if registry.forced:
        raise error
    try:
        registry.use(USERLAND, None)
    except (OSError, RuntimeError):  # userland is not built: the first error names the remedy
        raise error from None
    if (second := _start(registry)) is not None:
        raise second from error
    cause = next((str(attempt.error) for attempt in getattr(error, "attempts", ()) if attempt.error), str(error))
    fallen_back[:] = [f"no kernel SCTP here ({cause}): tests run on userland, SCTP over UDP"]
    _log.info("%s", fallen_back[0])


def _start(registry: Registry) -> SctpError | None:
    """On userland both ends are in this process, so the peer's UDP port is our own; what the user set stays."""
    module = registry.loaded()
    if registry.started or module is None or module.name != USERLAND:
        return registry.probe()
    try:
        own, peer = registry._own_port(), registry._peer_port()
    except ValueError:
        return registry.probe()  # which says what is wrong with them
    before, error = (registry.udp_port, registry.peer_udp_port), None
    # Somebody may be quicker at a port that was free a moment ago.
    for _ in range(1 if own else _TRIES):
        port = own or _free_port()
        registry.udp_port, registry.peer_udp_port = port, peer or port
        error = registry.probe()
        if error is None or error.errno != errno.EADDRINUSE:
            break
    if error is not None:
        registry.udp_port, registry.peer_udp_port = before
    return error


def _free_port() -> int:
    """Free for IPv4 and, where there is such, IPv6."""
    family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        if family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        probe.bind(("", 0))
        return int(probe.getsockname()[1])
