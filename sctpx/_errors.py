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

from errno import EOPNOTSUPP
from typing import TYPE_CHECKING

from sctpx._causes import ErrorCause

if TYPE_CHECKING:
    from sctpx._features import Attempt, BackendName, Feature


class SctpError(OSError):
    """Any error of an SCTP call; itself for an errno that has no class below."""

    operation: str
    """The call that failed: "connect"."""

    def __init__(self, errno: int, strerror: str, *, operation: str = "") -> None:
        super().__init__(errno, strerror)
        self.operation = operation

    def __str__(self) -> str:
        where = f"{self.operation}: " if self.operation else ""
        return f"{where}[Errno {self.errno}] {self.strerror}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.errno, self.strerror), self.__dict__


def _rebuild(kind: type[SctpError], errno: int, strerror: str) -> SctpError:
    error = kind.__new__(kind)
    SctpError.__init__(error, errno, strerror)
    return error


class BackendUnavailableError(SctpError):
    """There is no SCTP here; the text says why and what to do."""

    attempts: "tuple[Attempt, ...]"

    def __init__(
        self, errno: int, strerror: str, *, operation: str = "", attempts: "tuple[Attempt, ...]" = ()
    ) -> None:
        super().__init__(errno, strerror, operation=operation)
        self.attempts = attempts


class UnsupportedError(SctpError, NotImplementedError):
    """This backend, kind of socket or option cannot do it; `supports` tells before."""

    feature: "Feature | None"
    """None: an option or call that no Feature stands for."""
    subject: str
    """What it is about: "AUTH", "V6Only", "detach"."""
    backend: "BackendName"
    reason: str

    def __init__(
        self,
        *,
        subject: str,
        backend: "BackendName",
        reason: str,
        feature: "Feature | None" = None,
        operation: str = "",
    ) -> None:
        super().__init__(EOPNOTSUPP, f"{subject} on {backend}: {reason}", operation=operation)
        self.feature = feature
        self.subject = subject
        self.backend = backend
        self.reason = reason


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

    cause: ErrorCause
    reason: bytes
    """What the peer said, when it gave a reason."""

    def __init__(
        self,
        errno: int,
        strerror: str,
        *,
        operation: str = "",
        cause: ErrorCause = ErrorCause.NONE,
        reason: bytes = b"",
    ) -> None:
        super().__init__(errno, strerror, operation=operation)
        self.cause = cause
        self.reason = reason


class AssociationClosedError(SctpError, BrokenPipeError):
    """Sending after shutdown, or to an association that is none (EPIPE)."""


class MessageTooLargeError(SctpError):
    """The message is larger than the send buffer takes, or than `max_message_size` (EMSGSIZE)."""

    size: int
    limit: int

    def __init__(self, errno: int, strerror: str, *, operation: str = "", size: int = 0, limit: int = 0) -> None:
        super().__init__(errno, strerror, operation=operation)
        self.size = size
        self.limit = limit


class InvalidArgumentError(SctpError, ValueError):
    """EINVAL and the like: the stack refused a value, or would."""


class InvalidStreamError(InvalidArgumentError):
    """The association has no such outgoing stream."""


class PartialBatchError(SctpError):
    """From `send_many`: some messages went; `__cause__` is what stopped it."""

    sent: int

    def __init__(self, errno: int, strerror: str, *, operation: str = "", sent: int = 0) -> None:
        super().__init__(errno, strerror, operation=operation)
        self.sent = sent
