# SPDX-License-Identifier: MIT
"""Signals in every wait (PEP 475): a handler that returns lets it go on with its deadline, one that raises ends it."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

import sctpx
from sctpx import Address, Endpoint, Message, Outgoing, SctpTimeoutError, Socket
from sctpx.options import Linger, ReceiveBuffer, SendBuffer
from tests.stress.signals import once_asleep, storm
from tests.support.common import SCALE, drain, fill, sleeps_in_poll, wait_message, wait_messages
from tests.support.shapes import Client, EndpointPair, InBackground, OneEndpoint, Opener, Pair, Server, Silent

SMALL = [SendBuffer(65_536), ReceiveBuffer(65_536)]
# Does not fit where a window probe has made a little room.
BIG = bytes(60_000)
PATIENCE = 0.1 + 0.03 * SCALE
# The rest is left to `make test-full`.
QUICK = (
    "Socket.recv",
    "Endpoint.recv_many",
    "Socket.accept",
    "Socket.connect",
    "Endpoint.connect",
    "Socket.send",
    "Endpoint.send",
)


class Wait(NamedTuple):
    """A call that would wait for ever."""

    sock: Socket | Endpoint
    call: Callable[[], object]


class Stage(NamedTuple):
    pair: Pair
    server: Server
    client: Client
    endpoint: OneEndpoint
    endpoints: EndpointPair
    silent: Silent
    keep: Opener


Build = Callable[[Stage], Wait]


def receiving(call: Callable[[Socket | Endpoint], object]) -> dict[str, Build]:
    def one(stage: Stage) -> Wait:
        sock = stage.pair()[0]
        return Wait(sock, lambda: call(sock))

    def many(stage: Stage) -> Wait:
        sock = stage.endpoint()
        return Wait(sock, lambda: call(sock))

    return {"Socket": one, "Endpoint": many}


def connecting(call: Callable[[Socket | Endpoint, Silent], object], kind: type[Socket | Endpoint]) -> Build:
    def build(stage: Stage) -> Wait:
        sock = stage.keep(kind())
        for option in stage.silent.options:
            sock.set(option)
        return Wait(sock, lambda: call(sock, stage.silent))

    return build


def sending(call: Callable[[Socket], object]) -> Build:
    def build(stage: Stage) -> Wait:
        sock, _ = stage.pair(options=SMALL)
        fill(sock)
        return Wait(sock, lambda: call(sock))

    return build


def sending_to_one_of_many(call: Callable[[Endpoint, sctpx.AssociationId], object]) -> Build:
    def build(stage: Stage) -> Wait:
        a, _, to_b, _ = stage.endpoints(options=SMALL)
        a.settimeout(0.3 * SCALE)
        with pytest.raises(TimeoutError):
            while True:
                a.send(bytes(5000), to=to_b)
        return Wait(a, lambda: call(a, to_b))

    return build


def sending_to_a_silent_address(call: Callable[[Endpoint, Address], object]) -> Build:
    """It begins the association; what waits is the next one, when the buffer is full."""

    def build(stage: Stage) -> Wait:
        sock = stage.endpoint(options=[*SMALL, *stage.silent.options])
        sock.settimeout(0.1 * SCALE)
        with pytest.raises(TimeoutError):
            while True:
                sock.send(bytes(5000), to=stage.silent.address)
        return Wait(sock, lambda: call(sock, stage.silent.address))

    return build


def accepting(stage: Stage) -> Wait:
    listener = stage.server()
    return Wait(listener, listener.accept)


def create(stage: Stage) -> Wait:
    """create_connection makes its own socket; this one only keeps the time-out."""
    clock = stage.keep(Socket())

    def call() -> None:
        where = stage.silent.address
        sctpx.create_connection(where, timeout=clock.gettimeout(), options=stage.silent.options).close()

    return Wait(clock, call)


WAITS: dict[str, Build] = {
    **{f"{kind}.recv": build for kind, build in receiving(lambda sock: sock.recv()).items()},
    **{f"{kind}.recv_message": build for kind, build in receiving(lambda sock: sock.recv_message()).items()},
    **{f"{kind}.recv_many": build for kind, build in receiving(lambda sock: sock.recv_many()).items()},
    **{f"{kind}.recv_into": build for kind, build in receiving(lambda sock: sock.recv_into(bytearray(9))).items()},
    **{f"iter({kind})": build for kind, build in receiving(lambda sock: next(iter(sock))).items()},
    **{f"{kind}.messages": build for kind, build in receiving(lambda sock: next(sock.messages())).items()},
    "Socket.accept": accepting,
    "Socket.connect": connecting(lambda sock, silent: sock.connect(silent.address), Socket),
    "Socket.connectx": connecting(lambda sock, silent: sock.connectx([silent.address]), Socket),  # type: ignore[union-attr]
    "Endpoint.connect": connecting(lambda sock, silent: sock.connect(silent.address), Endpoint),
    "create_connection": create,
    "Socket.send": sending(lambda sock: sock.send(BIG)),
    "Socket.send_many": sending(lambda sock: sock.send_many([BIG] * 3)),
    "Endpoint.send": sending_to_one_of_many(lambda sock, to: sock.send(BIG, to=to)),
    "Endpoint.send_many": sending_to_one_of_many(lambda sock, to: sock.send_many([(to, Outgoing(BIG))] * 3)),
    "Endpoint.send, by address": sending_to_a_silent_address(lambda sock, to: sock.send(BIG, to=to)),
    "Endpoint.send_many, by address": sending_to_a_silent_address(
        lambda sock, to: sock.send_many([(to, Outgoing(BIG))] * 3)
    ),
    "EndpointAssociation.send": sending_to_one_of_many(lambda sock, to: sock.associations[to].send(BIG)),
    "EndpointAssociation.send_many": sending_to_one_of_many(
        lambda sock, to: sock.associations[to].send_many([BIG] * 3)
    ),
}
if sctpx.backend.name != "userland":
    # libusrsctp takes a copy for each association, and does not wait.
    WAITS["Endpoint.send_all"] = sending_to_one_of_many(lambda sock, _: sock.send_all(BIG))


@pytest.fixture
def stage(
    pair: Pair,
    server: Server,
    client: Client,
    endpoint: OneEndpoint,
    endpoints: EndpointPair,
    silent: Silent,
    keep: Opener,
) -> Stage:
    return Stage(pair, server, client, endpoint, endpoints, silent, keep)


@pytest.fixture(params=[pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in WAITS])
def wait(request: pytest.FixtureRequest, stage: Stage) -> Wait:
    return WAITS[request.param](stage)


@pytest.fixture
def handled() -> Iterator[list[int]]:
    """Signals of SIGUSR1 that a handler saw, which returns."""
    seen: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
    yield seen
    signal.signal(signal.SIGUSR1, before)


def test_a_wait_goes_on_after_handlers_and_keeps_its_deadline(wait: Wait) -> None:
    seen: list[int] = []
    wait.sock.settimeout(PATIENCE)
    with storm(lambda: seen.append(1), every=PATIENCE / 20):
        before = time.monotonic()
        with pytest.raises(SctpTimeoutError):
            wait.call()
        taken = time.monotonic() - before
    assert PATIENCE <= taken < PATIENCE + 2 * SCALE
    assert len(seen) >= 3


def test_ctrl_c_ends_a_wait_without_time_out(wait: Wait) -> None:
    wait.sock.settimeout(None)
    with pytest.raises(KeyboardInterrupt), once_asleep(signal.SIGINT):
        wait.call()
    wait.sock.close()


def test_a_thread_goes_on_after_signals_and_keeps_its_deadline(
    wait: Wait, background: InBackground, handled: list[int]
) -> None:
    wait.sock.settimeout(PATIENCE)
    idents: list[int] = []

    def call() -> float:
        idents.append(threading.get_ident())
        before = time.monotonic()
        with pytest.raises(SctpTimeoutError):
            wait.call()
        return time.monotonic() - before

    waiting = background(call)
    waiting.until_blocked()
    pause = threading.Event()
    for _ in range(5):
        if not waiting.done:
            signal.pthread_kill(idents[0], signal.SIGUSR1)
        pause.wait(PATIENCE / 20)
    assert PATIENCE <= waiting.result() < PATIENCE + 2 * SCALE
    assert handled


def test_ctrl_c_reaches_a_waiting_main_thread_by_way_of_another(pair: Pair, background: InBackground) -> None:
    """The system gives a process's signal to any of its threads."""
    a, b = pair()
    idents: list[int] = []

    def wait_too() -> object:
        idents.append(threading.get_ident())
        return b.recv()

    other = background(wait_too)
    other.until_blocked()
    a.settimeout(None)
    with pytest.raises(KeyboardInterrupt), once_asleep(signal.SIGINT, idents[0]):
        a.recv()
    assert not other.done
    a.send(b"for the other thread")
    assert isinstance(other.result(), Message)


def test_other_threads_wait_on_when_ctrl_c_ends_the_main_thread(
    pair: Pair, server: Server, client: Client, background: InBackground
) -> None:
    pairs = [pair() for _ in range(3)]
    listener = server()
    receiving = [background(b.recv) for _, b in pairs]
    accepting = background(listener.accept)
    for one in receiving:
        one.until_blocked()
    accepting.until_blocked()
    idle, _ = pair()
    with pytest.raises(KeyboardInterrupt), once_asleep(signal.SIGINT):
        idle.recv()
    assert not accepting.done
    assert not any(one.done for one in receiving)
    for number, (a, _) in enumerate(pairs):
        a.send(b"%d" % number)
    client(listener)
    for number, one in enumerate(receiving):
        message = one.result()
        assert isinstance(message, Message)
        assert message.data == b"%d" % number
    accepting.result()[0].close()


def test_an_interrupted_send_is_sent_or_not_but_never_in_part(pair: Pair, background: InBackground) -> None:
    a, b = pair(options=SMALL)
    count = fill(a)
    a.settimeout(None)
    with pytest.raises(KeyboardInterrupt), once_asleep(signal.SIGINT):
        a.send_many([bytes(5000)] * 20)
    # A stack may have room for it only when something was read.
    sending = background(lambda: a.send(b"last"))
    sizes = []
    while (message := wait_message(b)).data != b"last":
        sizes.append(message.size)
    sending.result()
    assert set(sizes) == {5000}
    assert count <= len(sizes) <= count + 20


def interrupt_the_close(sock: Socket | Endpoint) -> None:
    main = threading.get_ident()
    begun = threading.Event()

    def interrupt() -> None:
        begun.wait()
        threading.Event().wait(0.1 * SCALE)
        signal.pthread_kill(main, signal.SIGINT)

    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        begun.set()
        sock.close()
        threading.Event().wait(60)
    assert time.monotonic() - before < 5 * SCALE
    interrupting.join()


def test_ctrl_c_ends_a_lingering_close_which_still_delivers(pair: Pair) -> None:
    a, b = pair(options=[*SMALL, Linger(60 * SCALE)])
    count = fill(a)
    interrupt_the_close(a)
    assert a.closed
    assert [event.size for event in drain(b) if isinstance(event, Message)] == [5000] * count


def test_ctrl_c_ends_an_endpoints_lingering_close_which_still_delivers(endpoints: EndpointPair) -> None:
    """On userland; a kernel's does not linger at all."""
    a, b, to_b, _ = endpoints(options=[*SMALL, Linger(60 * SCALE)])
    a.settimeout(0.3 * SCALE)
    count = 0
    with pytest.raises(TimeoutError):
        while True:
            a.send(bytes(5000), to=to_b)
            count += 1
    interrupt_the_close(a)
    assert a.closed
    assert [message.size for message in wait_messages(b, count)] == [5000] * count


def test_a_call_that_waits_for_a_lock_ends_too(pair: Pair, background: InBackground) -> None:
    """Two threads receive: the second sleeps in front of the first, and not in the stack."""
    a, b = pair()
    first = background(b.recv)
    first.until_blocked()
    assert not sleeps_in_poll(threading.get_native_id())
    seen: list[int] = []
    b.settimeout(PATIENCE)
    with storm(lambda: seen.append(1), every=PATIENCE / 20), pytest.raises(SctpTimeoutError):
        b.recv()
    assert seen
    a.send(b"for the first")
    assert isinstance(first.result(), Message)


def test_a_lingering_close_goes_on_after_handlers(pair: Pair, background: InBackground) -> None:
    """The peer reads only after some. A kernel's close waits no longer than to the first, and delivers all the same."""
    a, b = pair(options=[*SMALL, Linger(60 * SCALE)])
    count = fill(a)
    seen: list[int] = []
    closed = threading.Event()

    def read_late() -> list[int]:
        until = time.monotonic() + 10 * SCALE
        while len(seen) < 5 and time.monotonic() < until and not closed.wait(0.01):
            pass
        return [event.size for event in drain(b) if isinstance(event, Message)]

    reading = background(read_late)
    with storm(lambda: seen.append(1), every=0.02 * SCALE):
        a.close()
        handled = len(seen)
    closed.set()
    assert reading.result() == [5000] * count
    assert handled >= (5 if sctpx.backend.name == "userland" else 1)
