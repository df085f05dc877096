# SPDX-License-Identifier: MIT
"""A backend that works where tests run: the chosen one, or userland where nobody chose and the kernel has no SCTP."""

import errno
import logging
import socket

from sctpx import _registry
from sctpx._errors import SctpError
from sctpx._registry import USERLAND, Registry

_log = logging.getLogger("sctpx.testing")
_TRIES = 10
#: Why tests run on userland although nobody asked for it; empty when they do not.
fallen_back: list[str] = []


def ready() -> None:
    """Start a backend, once.

    Raises:
        BackendUnavailableError: the chosen one does not work, or none was chosen and userland does not work either.
    """
    registry = _registry.registry
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
    if registry.started:
        return None
    error, module = None, registry.loaded()
    for _ in range(_TRIES):
        before = registry.udp_port, registry.peer_udp_port
        if module is not None and module.name == USERLAND:
            _share_port(registry)
        error = registry.probe()
        # Somebody was quicker at the port that was free a moment ago.
        if error is None or error.errno != errno.EADDRINUSE or before == (registry.udp_port, registry.peer_udp_port):
            break
        registry.udp_port, registry.peer_udp_port = before
    return error


def _share_port(registry: Registry) -> None:
    """Both ends are in this process, so the peer's UDP port is our own; what the user set stays."""
    try:
        own, peer = registry.udp_ports()
    except ValueError:  # which the start explains
        return
    if not own and not peer:
        own = registry.udp_port = _free_port()
    if own and not peer:
        registry.peer_udp_port = own


def _free_port() -> int:
    """Free for IPv4 and, where there is such, IPv6."""
    family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        if family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        probe.bind(("", 0))
        return int(probe.getsockname()[1])
