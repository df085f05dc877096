# SPDX-License-Identifier: MIT
"""What goes wrong. Each is an OSError with errno and operation, and the builtin that `socket` would raise.

    SctpError(OSError)                          any other errno: EADDRINUSE, EMFILE, EAGAIN for "no free local port"
    ├── BackendUnavailableError                 no SCTP here
    ├── UnsupportedError(NotImplementedError)   this backend, style or option cannot
    ├── DeniedError(PermissionError)            EACCES, EPERM
    ├── ClosedError                             EBADF: closed, or closed while waiting
    ├── SctpTimeoutError(TimeoutError)          ETIMEDOUT: the socket's time-out; connect: nobody answers
    ├── WouldBlockError(BlockingIOError)        EAGAIN, EINPROGRESS, EALREADY
    ├── NotConnectedError                       ENOTCONN
    ├── AlreadyConnectedError                   EISCONN
    ├── AssociationLostError(ConnectionError)   ETIMEDOUT: the peer no longer answers
    ├── RefusedError(ConnectionRefusedError)    ECONNREFUSED: the peer answered INIT with ABORT
    ├── AbortedError(ConnectionResetError)      ECONNRESET: the peer aborted
    ├── AssociationClosedError(BrokenPipeError) EPIPE: sending after shutdown, or to no association
    ├── MessageTooLargeError                    EMSGSIZE
    ├── InvalidArgumentError(ValueError)        EINVAL and the like
    │   └── InvalidStreamError                  no such outgoing stream
    └── PartialBatchError                       some of a batch went
"""

from typing import TYPE_CHECKING, Any

from sctpx._causes import ErrorCause

if TYPE_CHECKING:
    from sctpx._features import Attempt, BackendName, Feature


class SctpError(OSError):
    """Any error of an SCTP call; itself for an errno that has no class below."""

    operation: str
    """The call that failed: "connect"."""

    def __init__(self, errno: int, text: str, *, operation: str = "", **details: Any) -> None:
        super().__init__(errno, text)
        self.operation = operation
        for name, value in details.items():
            setattr(self, name, value)

    def __str__(self) -> str:
        where = f"{self.operation}: " if self.operation else ""
        return f"{where}[Errno {self.errno}] {self.strerror}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.errno, self.strerror, dict(self.__dict__))


def _rebuild(kind: type[SctpError], errno: int, text: str, details: dict[str, Any]) -> SctpError:
    error = kind.__new__(kind, errno, text)
    OSError.__init__(error, errno, text)
    error.__dict__.update(details)
    return error


class BackendUnavailableError(SctpError):
    """There is no SCTP here; the text says why and what to do."""

    attempts: "tuple[Attempt, ...]" = ()


class UnsupportedError(SctpError, NotImplementedError):
    """This backend, kind of socket or option cannot do it; `supports` tells before."""

    feature: "Feature | None" = None
    """None: an option or call that no Feature stands for."""
    subject: str = ""
    """What it is about: "AUTH", "V6Only", "detach"."""
    backend: "BackendName"
    reason: str = ""


class DeniedError(SctpError, PermissionError):
    """EACCES or EPERM."""


class ClosedError(SctpError):
    """The socket is closed, or was while waiting (EBADF)."""


class SctpTimeoutError(SctpError, TimeoutError):
    """A time-out passed (ETIMEDOUT)."""


class WouldBlockError(SctpError, BlockingIOError):
    """EAGAIN, EINPROGRESS or EALREADY on a non-blocking socket."""


class NotConnectedError(SctpError):
    """There is no association (ENOTCONN)."""


class AlreadyConnectedError(SctpError):
    """There is an association already (EISCONN)."""


class AssociationLostError(SctpError, ConnectionError):
    """The peer no longer answers (ETIMEDOUT)."""


class RefusedError(SctpError, ConnectionRefusedError):
    """The peer answered INIT with ABORT (ECONNREFUSED)."""


class AbortedError(SctpError, ConnectionResetError):
    """The peer aborted (ECONNRESET)."""

    cause: ErrorCause = ErrorCause.NONE
    reason: bytes = b""
    """What the peer said, when it gave a reason."""


class AssociationClosedError(SctpError, BrokenPipeError):
    """Sending after shutdown, or to an association that is none (EPIPE)."""


class MessageTooLargeError(SctpError):
    """The message is larger than the send buffer takes, or than `max_message_size` (EMSGSIZE)."""

    size: int = 0
    limit: int = 0


class InvalidArgumentError(SctpError, ValueError):
    """EINVAL and the like: the stack refused a value, or would."""


class InvalidStreamError(InvalidArgumentError):
    """The association has no such outgoing stream."""


class PartialBatchError(SctpError):
    """From `send_many`: some messages went; `__cause__` is what stopped it."""

    sent: int = 0
