# SPDX-License-Identifier: MIT
"""The tree of errors, as drawn; each with errno, operation and the builtin that `socket` would raise."""

import copy
import errno
import pickle
import re

import pytest

import sctpx
from sctpx import Attempt, ErrorCause, Feature, SctpError, _errors

ERRORS: list[SctpError] = [
    SctpError(errno.EADDRINUSE, "in use", operation="bind"),
    sctpx.BackendUnavailableError(
        errno.EPROTONOSUPPORT,
        "none",
        operation="socket",
        attempts=(Attempt(name="linux", error=OSError(errno.EPROTONOSUPPORT, "no"), remedy="modprobe sctp"),),
    ),
    sctpx.UnsupportedError(subject="AUTH", backend="linux", reason="off", feature=Feature.AUTH, operation="set"),
    sctpx.UnsupportedError(subject="detach", backend="userland", reason="no descriptor"),
    sctpx.DeniedError(errno.EACCES, "denied", operation="bind"),
    sctpx.ClosedError(errno.EBADF, "closed", operation="recv"),
    sctpx.SctpTimeoutError(errno.ETIMEDOUT, "timed out", operation="recv"),
    sctpx.WouldBlockError(errno.EAGAIN, "would block", operation="recv"),
    sctpx.NotConnectedError(errno.ENOTCONN, "not connected", operation="recv"),
    sctpx.AlreadyConnectedError(errno.EISCONN, "connected", operation="connect"),
    sctpx.AssociationLostError(errno.ETIMEDOUT, "lost", operation="recv"),
    sctpx.RefusedError(errno.ECONNREFUSED, "refused", operation="connect"),
    sctpx.AbortedError(
        errno.ECONNRESET, "aborted", operation="recv", cause=ErrorCause.USER_INITIATED_ABORT, reason=b"enough"
    ),
    sctpx.AssociationClosedError(errno.EPIPE, "shut down", operation="send"),
    sctpx.MessageTooLargeError(errno.EMSGSIZE, "too large", operation="send", size=5, limit=4),
    sctpx.InvalidArgumentError(errno.EINVAL, "invalid", operation="set"),
    sctpx.InvalidStreamError(errno.EINVAL, "stream", operation="send"),
    sctpx.PartialBatchError(errno.EPIPE, "some", operation="send_many", sent=3),
]
_DRAWN = re.compile(r"^ {4}[│ ]*(?:├──|└──|) ?(\w+)(?:\((\w+)\))? ", re.MULTILINE)


def attributes(error: SctpError) -> dict[str, object]:
    """What an error tells; exceptions inside compare by their text."""
    return {name: repr(value) for name, value in vars(error).items()} | {"errno": error.errno, "text": error.strerror}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_survives_pickle_and_copy(error: SctpError) -> None:
    for same in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(same) is type(error)
        assert attributes(same) == attributes(error)
        assert str(same) == str(error)
        assert same.args == error.args


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_an_oserror_that_says_where(error: SctpError) -> None:
    assert isinstance(error, OSError)
    assert error.errno is not None and error.strerror is not None
    assert error.strerror in str(error)
    assert str(error).startswith(f"{error.operation}: " if error.operation else "[")


def test_every_error_is_here() -> None:
    public = {getattr(sctpx, name) for name in dir(sctpx) if name.endswith("Error")}
    assert public == {type(error) for error in ERRORS}


def test_the_tree_is_as_drawn() -> None:
    assert _errors.__doc__ is not None
    drawn = {name: twin for name, twin in _DRAWN.findall(_errors.__doc__) if hasattr(_errors, name)}
    assert set(drawn) == {type(error).__name__ for error in ERRORS}
    for name, twin in drawn.items():
        builtins = [base.__name__ for base in getattr(_errors, name).__bases__ if base.__module__ == "builtins"]
        assert builtins == ([twin] if twin else [])


def test_a_bare_error_tells_what_it_can() -> None:
    aborted = sctpx.AbortedError(errno.ECONNRESET, "aborted")
    assert (aborted.operation, aborted.cause, aborted.reason) == ("", ErrorCause.NONE, b"")
    unsupported = sctpx.UnsupportedError(subject="V6Only", backend="userland", reason="there is no such option")
    assert unsupported.errno == errno.EOPNOTSUPP
    assert str(unsupported).endswith("V6Only on userland: there is no such option")
