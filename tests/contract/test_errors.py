# SPDX-License-Identifier: MIT
"""Errors: one class for each kind of failure, with errno, operation and a builtin twin, on every backend alike."""

import contextlib
import errno
import pickle
import socket
from collections.abc import Callable

import pytest

import sctpx
from sctpx import (
    AbortedError,
    AlreadyConnectedError,
    AssociationClosedError,
    AssociationLostError,
    ClosedError,
    Endpoint,
    ErrorCause,
    Feature,
    NotConnectedError,
    Prio,
    RefusedError,
    SctpError,
    SctpTimeoutError,
    Socket,
    UnsupportedError,
)
from sctpx.options import AssociationInfo, InitMessage, RtoInfo, Status
from tests.support.common import wait_message
from tests.support.relay import Relay
from tests.support.shapes import EndpointPair, OneEndpoint, Opener, Pair, Server, Silent


def check(error: SctpError, number: int, operation: str, *twins: type[BaseException]) -> None:
    assert error.errno == number, error
    assert error.operation == operation
    assert operation in str(error) or error.strerror
    for twin in (OSError, SctpError, *twins):
        assert isinstance(error, twin)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (again.errno, again.operation, str(again)) == (error.errno, error.operation, str(error))


def test_refused(refusing: list[sctpx.Address], keep: Opener) -> None:
    with pytest.raises(RefusedError) as caught:
        keep(Socket()).connect(refusing)
    check(caught.value, errno.ECONNREFUSED, "connect", ConnectionRefusedError)


def test_aborted_with_cause_and_reason(pair: Pair) -> None:
    a, b = pair()
    a.abort(b"out of paper")
    with pytest.raises(AbortedError) as caught:
        b.recv()
    check(caught.value, errno.ECONNRESET, "recv", ConnectionResetError)
    assert caught.value.cause is ErrorCause.USER_INITIATED_ABORT
    assert caught.value.reason == (b"out of paper" if sctpx.supports(Feature.ABORT_REASON) else b"")


def test_an_abort_is_told_once_and_then_there_is_nothing(pair: Pair) -> None:
    a, b = pair()
    b.send(b"x")
    a.abort()
    with pytest.raises(AbortedError):
        while b.recv() is not None:
            pass
    with pytest.raises(AssociationClosedError):
        b.send(b"too late")
    with pytest.raises(NotConnectedError):
        b.get(Status)
    for _ in range(2):
        with contextlib.suppress(NotConnectedError, AbortedError):
            assert b.recv() is None


def test_data_before_an_abort_is_read_first(pair: Pair) -> None:
    a, b = pair()
    a.send(b"before")
    assert wait_message(b).data == b"before"
    a.abort(b"then this")
    with pytest.raises(AbortedError):
        b.recv()


def test_an_abort_wakes_a_waiting_send(pair: Pair) -> None:
    a, b = pair()
    b.abort()
    with pytest.raises((AssociationClosedError, AbortedError)):
        for _ in range(10_000):
            a.send(bytes(1000))


def test_lost_when_the_peer_no_longer_answers(relay: Relay) -> None:
    a, _ = relay.pair(options=[AssociationInfo(max_retransmissions=2)])
    with relay.losing():
        a.send(b"into the void")
        with pytest.raises(AssociationLostError) as caught:
            a.recv()
    check(caught.value, errno.ETIMEDOUT, "recv", ConnectionError)
    assert not isinstance(caught.value, TimeoutError)


def test_a_connect_that_the_stack_gives_up_is_a_time_out(silent: Silent, keep: Opener, scale: float) -> None:
    for sock in (keep(Socket()), keep(Endpoint())):
        for option in (
            *silent.options,
            InitMessage(max_attempts=1, max_timeout=0.1),
            RtoInfo(initial=0.1, min=0.05, max=0.1),
        ):
            sock.set(option)
        with pytest.raises(SctpTimeoutError) as caught:
            sock.connect(silent.address)
        check(caught.value, errno.ETIMEDOUT, "connect", TimeoutError)


def test_sending_after_shutdown(pair: Pair) -> None:
    a, b = pair()
    a.shutdown()
    with pytest.raises(AssociationClosedError) as caught:
        a.send(b"too late")
    check(caught.value, errno.EPIPE, "send", BrokenPipeError)
    assert b.recv() is None


def test_sending_to_an_association_that_is_none(endpoint: OneEndpoint) -> None:
    a = endpoint()
    with pytest.raises(AssociationClosedError) as caught:
        a.send(b"x", to=sctpx.AssociationId(12_345_678))
    check(caught.value, errno.EPIPE, "send", BrokenPipeError)


def test_not_connected(keep: Opener) -> None:
    sock = keep(Socket())
    calls: dict[str, Callable[[], object]] = {
        "recv": sock.recv,
        "shutdown": sock.shutdown,
        "finish_connect": sock.finish_connect,
    }
    for call in (*calls.values(), lambda: sock.get(Status), sock.peer_addresses, sock.recv_many):
        with pytest.raises(NotConnectedError) as caught:
            call()
        assert caught.value.errno == errno.ENOTCONN
    sock.setblocking(False)
    with pytest.raises(NotConnectedError):
        sock.recv()
    with pytest.raises(AssociationClosedError):
        sock.send(b"x")


def test_already_connected(pair: Pair, server: Server) -> None:
    a, b = pair()
    for target in (b.local_addresses(), server().local_addresses()):
        with pytest.raises(AlreadyConnectedError) as caught:
            a.connect(target)
        check(caught.value, errno.EISCONN, "connect")
    a.send(b"unharmed")
    assert wait_message(b).data == b"unharmed"


def test_an_endpoint_already_connected_to_that_peer(endpoints: EndpointPair) -> None:
    a, b, to_b, _ = endpoints()
    with pytest.raises(AlreadyConnectedError):
        a.connect(b.local_addresses())
    assert list(a.associations) == [to_b]
    a.send(b"unharmed", to=to_b)
    assert wait_message(b).data == b"unharmed"


def test_connecting_twice_while_under_way(silent: Silent, keep: Opener) -> None:
    sock = keep(Socket())
    for option in silent.options:
        sock.set(option)
    sock.setblocking(False)
    numbers = []
    for _ in range(2):
        with pytest.raises(BlockingIOError) as caught:
            sock.connect(silent.address)
        numbers.append(caught.value.errno)
    assert numbers == [errno.EINPROGRESS, errno.EALREADY]


def test_closed(pair: Pair) -> None:
    a, _ = pair()
    a.close()
    with pytest.raises(ClosedError) as caught:
        a.recv()
    check(caught.value, errno.EBADF, "recv")


def test_unsupported_names_what_and_where(keep: Opener) -> None:
    sock = keep(Socket())
    if sctpx.backend.name == "userland":
        with pytest.raises(UnsupportedError) as caught:
            sock.detach()
        assert caught.value.subject == "detach"
    elif sctpx.supports(Feature.EXPLICIT_EOR):
        with pytest.raises(UnsupportedError) as caught:
            sock.send(b"x", policy=Prio(1))
        assert caught.value.feature is Feature.PR_PRIO
    else:
        with pytest.raises(UnsupportedError) as caught:
            sock.send(b"x", more=True)
        assert caught.value.feature is Feature.EXPLICIT_EOR
    error = caught.value
    assert isinstance(error, NotImplementedError)
    assert error.backend == sctpx.backend.name
    assert error.reason
    assert pickle.loads(pickle.dumps(error)).backend == error.backend


def test_binding_twice(keep: Opener, endpoint: OneEndpoint) -> None:
    sock = keep(Socket(socket.AF_INET))
    where = endpoint().local_addresses()[0].host
    sock.bind((where, 0))
    with pytest.raises(SctpError) as caught:
        sock.bind((where, 0))
    assert caught.value.errno == errno.EINVAL
    assert caught.value.operation == "bind"
    assert len(sock.local_addresses()) == 1
