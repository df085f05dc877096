# SPDX-License-Identifier: MIT
"""From the border's error symbols to exceptions: one table, one function."""

import errno
import os
import threading
import time

from sctpx import _errors as e
from sctpx._features import Feature, Support
from sctpx._native import _contract as c
from sctpx._native._module import Module

_CLASSES: dict[int, type[e.SctpError]] = {
    c.EPERM: e.DeniedError,
    c.EACCES: e.DeniedError,
    c.EBADF: e.ClosedError,
    c.ECLOSED: e.ClosedError,
    c.EAGAIN: e.WouldBlockError,
    c.EINPROGRESS: e.WouldBlockError,
    c.EALREADY: e.WouldBlockError,
    c.EINVAL: e.InvalidArgumentError,
    c.EEMPTY: e.InvalidArgumentError,
    c.EAFNOSUPPORT: e.InvalidArgumentError,
    c.E2BIG: e.InvalidArgumentError,
    c.ESTREAM: e.InvalidStreamError,
    c.EPIPE: e.AssociationClosedError,
    c.ENOTCONN: e.NotConnectedError,
    c.EISCONN: e.AlreadyConnectedError,
    c.ETIMEDOUT: e.AssociationLostError,
    c.ECONNABORTED: e.AssociationLostError,
    c.ECONNREFUSED: e.RefusedError,
}
LOST = "the peer no longer answers"
# Far longer than an interpreter takes from its last atexit handler to its end.
_REST = 5.0
# The border's own symbols, and what an errno of the system would have been.
_OWN: dict[int, tuple[int, str]] = {
    c.ECLOSED: (errno.EBADF, "the socket is closed"),
    c.ENOPORT: (errno.EAGAIN, "no free local port"),
    c.ESTREAM: (errno.EINVAL, "no such outgoing stream"),
    c.EEMPTY: (errno.EINVAL, "an SCTP message has at least one byte"),
    c.ETIMEDOUT: (errno.ETIMEDOUT, LOST),
    c.ECONNABORTED: (errno.ECONNABORTED, LOST),
    c.EPIPE: (errno.EPIPE, "the association was shut down, has ended or does not exist"),
    c.ENOTCONN: (errno.ENOTCONN, "there is no such association"),
}
_NAMES: dict[int, str] = {
    value: name
    for name, value in vars(c).items()
    if name.startswith("E") and isinstance(value, int) and 0 < value < c.ECLOSED and hasattr(errno, name)
}


def errno_of(symbol: int) -> int:
    """Python's errno of a symbol."""
    if symbol >= c.ENATIVE:
        return symbol - c.ENATIVE
    if symbol in _OWN:
        return _OWN[symbol][0]
    return int(getattr(errno, _NAMES.get(symbol, "EIO")))


def failure(
    module: Module, result: int, operation: str, *, subject: str | None = None, feature: Feature | None = None
) -> e.SctpError:
    """The exception for a negative result of the call that `operation` names."""
    symbol = -result
    if module.ends and (symbol == c.ECLOSED or symbol == c.EPROTONOSUPPORT):
        _rest()
    if symbol == c.EUNSUPPORTED or symbol == c.EFORKED or symbol == c.ENOPROTOOPT or symbol == c.EOPNOTSUPP:
        why = _why_not(module, symbol, feature)
        return unsupported(module, subject or operation, why, operation=operation, feature=feature)
    number = errno_of(symbol)
    text = _OWN[symbol][1] if symbol in _OWN else os.strerror(number)
    if subject is not None:
        text = f"{subject}: {text}"
    if symbol == c.ECONNRESET:
        return e.AbortedError(number, text, operation=operation)
    return _CLASSES.get(symbol, e.SctpError)(number, text, operation=operation)


def timed_out(operation: str, hint: str = "") -> e.SctpTimeoutError:
    return e.SctpTimeoutError(errno.ETIMEDOUT, f"timed out{hint}", operation=operation)


def unsupported(
    module: Module, subject: str, reason: str, *, operation: str = "", feature: Feature | None = None
) -> e.UnsupportedError:
    return e.UnsupportedError(
        subject=subject, backend=module.name, reason=reason, feature=feature, operation=operation
    )


def support(module: Module, feature: Feature) -> Support:
    """What the backend says of a feature."""
    record = module.ffi.new("struct sctpx_support *")
    if module.lib.sctpx_support_of(feature.value, record) < 0:
        return Support(present=False, reason=f"{module.name} has no such thing", needs=None, remedy=None)
    reason, remedy = (module.ffi.string(text).decode() for text in (record.reason, record.remedy))
    return Support(present=bool(record.present), reason=reason, needs=None, remedy=remedy or None)


def _why_not(module: Module, symbol: int, feature: Feature | None) -> str:
    if symbol == c.EFORKED and module.lib.sctpx_udp_port() >= 0:
        return "this process is a fork of the one that opened the stack; use multiprocessing's spawn method"
    if symbol == c.EFORKED:
        return "this process is a fork of the one that opened the socket; open one here, or detach() it there first"
    if feature is not None and not (told := support(module, feature)).present:
        return "; ".join(filter(None, (told.reason, told.remedy)))
    return f"the {module.name} stack cannot do this on such a socket"


def _rest() -> None:
    """Before an error that only the end of the process explains: where daemon threads are left asleep in a kernel's
    calls, they must not print tracebacks here. Not for ever, should somebody join one."""
    if threading.current_thread().daemon:
        time.sleep(_REST)
