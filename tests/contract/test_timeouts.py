# SPDX-License-Identifier: MIT
"""Time-outs, non-blocking calls, signals during a wait, and the GIL, which no wait holds."""

import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from sctpx import Endpoint, SctpTimeoutError, Socket, WouldBlockError
from sctpx.options import ReceiveBuffer, SendBuffer
from tests.support.common import fill, sleeps_in_poll, wait_message
from tests.support.shapes import EndpointPair, InBackground, OneEndpoint, Opener, Pair, Server, Silent

SMALL = [SendBuffer(65_536), ReceiveBuffer(65_536)]


def waits(sock: Socket | Endpoint) -> list[Callable[[], object]]:
    return [sock.recv, sock.recv_message, sock.recv_many, lambda: sock.recv_into(bytearray(10))]


def test_a_new_socket_waits_for_ever(server: Server) -> None:
    for sock in (Socket(), Endpoint()):
        with sock:
            assert sock.gettimeout() is None


def test_the_time_out_is_kept_and_taken_back(pair: Pair) -> None:
    a, _ = pair()
    for value in (1, 0.5, 0.0, None, 1e6):
        a.settimeout(value)
        assert a.gettimeout() == value
    a.setblocking(False)
    assert a.gettimeout() == 0
    a.setblocking(True)
    assert a.gettimeout() is None


@pytest.mark.parametrize("wrong", [-1, -0.1, float("nan"), float("inf"), "1", b"", [], 1e300])
def test_a_wrong_time_out_is_an_error(pair: Pair, wrong: float) -> None:
    a, _ = pair()
    a.settimeout(3)
    with pytest.raises((ValueError, TypeError, OverflowError)):
        a.settimeout(wrong)
    assert a.gettimeout() == 3


def test_receiving_times_out(pair: Pair, endpoint: OneEndpoint) -> None:
    for sock in (pair()[0], endpoint()):
        sock.settimeout(0.02)
        for wait in waits(sock):
            before = time.monotonic()
            with pytest.raises(SctpTimeoutError) as caught:
                wait()
            assert time.monotonic() - before >= 0.02
            assert isinstance(caught.value, TimeoutError)
            assert caught.value.operation.startswith("recv")


def test_receiving_would_block(pair: Pair, endpoint: OneEndpoint) -> None:
    for sock in (pair()[0], endpoint()):
        sock.setblocking(False)
        for wait in waits(sock):
            with pytest.raises(WouldBlockError) as caught:
                wait()
            assert isinstance(caught.value, BlockingIOError)
            assert not isinstance(caught.value, TimeoutError)


def test_a_time_out_longer_than_the_wait_returns_at_once(pair: Pair) -> None:
    a, b = pair()
    a.send(b"x")
    b.settimeout(1e6)
    assert wait_message(b).data == b"x"
    b.settimeout(1e9)
    a.send(b"y")
    message = b.recv()
    assert message is not None


def test_sending_times_out_when_the_peer_does_not_read(pair: Pair) -> None:
    a, _ = pair(options=SMALL)
    fill(a)
    a.settimeout(0.02)
    with pytest.raises(SctpTimeoutError) as caught:
        a.send(bytes(5000))
    assert caught.value.operation == "send"
    with pytest.raises(SctpTimeoutError):
        a.send_many([bytes(5000)] * 3)


def test_sending_goes_on_once_the_peer_reads(pair: Pair, background: InBackground) -> None:
    a, b = pair(options=SMALL)
    fill(a)
    a.settimeout(None)
    waiting = background(lambda: a.send(b"last"))
    waiting.until_blocked()
    while wait_message(b).data != b"last":
        pass
    waiting.result()


def test_connecting_times_out(silent: Silent, keep: Opener) -> None:
    for sock in (keep(Socket()), keep(Endpoint())):
        for option in silent.options:
            sock.set(option)
        sock.settimeout(0.05)
        with pytest.raises(SctpTimeoutError) as caught:
            sock.connect(silent.address)
        assert caught.value.operation == "connect"


def test_the_time_out_is_for_the_call_and_not_for_each_notification(pair: Pair) -> None:
    a, _ = pair()
    a.settimeout(0.05)
    before = time.monotonic()
    with pytest.raises(TimeoutError):
        a.recv_message()
    assert time.monotonic() - before >= 0.05


def test_other_threads_run_while_one_waits(pair: Pair, server: Server, background: InBackground) -> None:
    """Each wait can end only by what this thread does meanwhile."""
    a, b = pair()
    receiving = background(b.recv)
    receiving.until_blocked()
    a.send(b"from this thread")
    assert receiving.result() is not None
    listener = server()
    accepting = background(listener.accept)
    accepting.until_blocked()
    with Socket(listener.family) as other:
        other.connect(listener.local_addresses())
    accepting.result()[0].close()


class Interrupted(Exception):
    """Raised by the test's signal handler."""


@pytest.fixture
def alarm() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Have a signal's handler called while this thread waits."""
    before = signal.getsignal(signal.SIGUSR1)
    threads: list[threading.Thread] = []
    ended = threading.Event()

    def start(action: Callable[[], None]) -> None:
        for thread in threads:
            thread.join()
        called = threading.Event()

        def handler(number: int, frame: object) -> None:
            if not called.is_set():
                called.set()
                action()

        signal.signal(signal.SIGUSR1, handler)
        main, native = threading.get_ident(), threading.get_native_id()

        def send() -> None:
            while not called.is_set() and not ended.wait(0.002):
                if sleeps_in_poll(native):
                    signal.pthread_kill(main, signal.SIGUSR1)

        threads.append(threading.Thread(target=send))
        threads[-1].start()

    yield start
    ended.set()
    for thread in threads:
        thread.join()
    signal.signal(signal.SIGUSR1, before)


Alarm = Callable[[Callable[[], None]], None]


def interrupt() -> None:
    raise Interrupted


def test_a_handler_that_raises_ends_a_recv(pair: Pair, endpoint: OneEndpoint, alarm: Alarm) -> None:
    a, b = pair()
    for sock in (a, endpoint()):
        for wait in waits(sock):
            alarm(interrupt)
            with pytest.raises(Interrupted):
                wait()
    b.send(b"still works")
    assert wait_message(a).data == b"still works"


def test_a_handler_that_raises_ends_an_accept(server: Server, alarm: Alarm) -> None:
    listener = server()
    alarm(interrupt)
    with pytest.raises(Interrupted):
        listener.accept()


def test_a_handler_that_raises_ends_a_connect(silent: Silent, keep: Opener, alarm: Alarm) -> None:
    for sock in (keep(Socket()), keep(Endpoint())):
        for option in silent.options:
            sock.set(option)
        alarm(interrupt)
        with pytest.raises(Interrupted):
            sock.connect(silent.address)


def test_a_handler_that_raises_ends_a_send(pair: Pair, alarm: Alarm) -> None:
    a, _ = pair(options=SMALL)
    fill(a)
    for send in (lambda: a.send(bytes(5000)), lambda: a.send_many([bytes(5000)])):
        alarm(interrupt)
        with pytest.raises(Interrupted):
            send()


def test_a_handler_that_returns_lets_the_wait_go_on(pair: Pair, alarm: Alarm) -> None:
    a, b = pair()
    alarm(lambda: a.send(b"sent by the handler"))
    assert wait_message(b).data == b"sent by the handler"


def test_the_time_out_runs_on_through_signals(pair: Pair, alarm: Alarm) -> None:
    a, _ = pair()
    called: list[bool] = []
    alarm(lambda: called.append(True))
    a.settimeout(0.3)
    before = time.monotonic()
    with pytest.raises(TimeoutError):
        a.recv()
    assert called
    assert time.monotonic() - before >= 0.3


def test_an_interrupted_recv_loses_no_message(endpoints: EndpointPair, alarm: Alarm) -> None:
    a, b, to_b, _ = endpoints()

    def send_and_interrupt() -> None:
        a.send(b"kept", to=to_b)
        raise Interrupted

    alarm(send_and_interrupt)
    with pytest.raises(Interrupted):
        b.recv()
    assert wait_message(b).data == b"kept"


def test_setblocking_takes_numbers_like_a_sockets(pair: Pair) -> None:
    a, _ = pair()
    a.setblocking(0)  # type: ignore[arg-type]
    assert a.gettimeout() == 0
    a.setblocking(1)  # type: ignore[arg-type]
    assert a.gettimeout() is None
