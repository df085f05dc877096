# SPDX-License-Identifier: MIT
"""Forked children, and processes that exit with associations open."""

import os
import signal
import textwrap
import warnings
from collections.abc import Callable

import sctpx
from sctpx import Message, Socket
from tests.support.common import LIMIT, drain, eventually, wait_message, wait_messages
from tests.support.shapes import Pair, Program, Server

CONNECT = """
    import sys, sctpx
    sock = sctpx.create_connection((sys.argv[1], int(sys.argv[2])), timeout=float(sys.argv[3]))
"""


def source(*parts: str) -> str:
    return "\n".join(textwrap.dedent(part) for part in parts)


def in_child(action: Callable[[], int]) -> int:
    """What a forked child's action returns: nothing else of the test runs there."""
    with warnings.catch_warnings():
        # Later Pythons warn of the stack's own threads.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        status = 99
        try:
            status = action()
        finally:
            os._exit(status)
    status = -1

    def ended() -> bool:
        nonlocal status
        found, status = os.waitpid(child, os.WNOHANG)
        return found == child

    eventually(ended, "the end of the child")
    return os.waitstatus_to_exitcode(status)


def test_a_forked_child_may_close_and_its_parent_goes_on(pair: Pair) -> None:
    a, b = pair()

    def close() -> int:
        a.close()
        b.close()
        return 0

    assert in_child(close) == 0
    a.send(b"the parent's")
    assert wait_message(b).data == b"the parent's"
    b.send(b"both ways")
    assert wait_message(a).data == b"both ways"


def test_a_forked_child_that_forgets_its_sockets_harms_nobody(pair: Pair) -> None:
    a, b = pair()
    assert in_child(lambda: 0) == 0
    a.send(b"the parent's")
    assert wait_message(b).data == b"the parent's"


def test_a_forked_child_may_not_use_its_parents_sockets(pair: Pair) -> None:
    a, b = pair()

    def use() -> int:
        failures = 0
        for call in (lambda: a.send(b"x"), a.recv, a.paths, lambda: a.connect(("127.0.0.1", 9))):
            try:
                call()
            except sctpx.UnsupportedError as error:
                failures += "fork" in str(error)
        return failures

    def open_another() -> int:
        try:
            Socket().close()
        except sctpx.UnsupportedError as error:
            return 1 + ("fork" in str(error))
        return 0

    assert in_child(use) == 4
    # Userland's stack lives in threads, which the child has not.
    assert in_child(open_another) == (2 if sctpx.backend.name == "userland" else 0)
    a.send(b"the parent's")
    assert wait_message(b).data == b"the parent's"


def run(program: Program, server: Server, *parts: str, arguments: tuple[object, ...] = ()) -> Socket:
    """A process with a connection to this one, which was accepted."""
    listener = server()
    host, port = listener.local_addresses()[0]
    process = program(source(CONNECT, *parts), host, port, LIMIT, *arguments)
    try:
        accepted, _ = listener.accept()
    except TimeoutError:
        process.kill()
        raise AssertionError(process.communicate()[1]) from None
    accepted.settimeout(LIMIT)
    return accepted


def test_what_was_sent_before_a_process_exits_is_delivered(program: Program, server: Server) -> None:
    with run(program, server, "sock.send_many([bytes(16_000)] * 15)", "sock.close()") as peer:
        assert [event.size for event in drain(peer) if isinstance(event, Message)] == [16_000] * 15


def test_a_process_that_exits_without_closing_delivers_too(program: Program, server: Server) -> None:
    with run(
        program, server, "import warnings; warnings.simplefilter('ignore')", "sock.send_many([bytes(16_000)] * 15)"
    ) as peer:
        received = drain(peer)
        assert [event.size for event in received if isinstance(event, Message)] == [16_000] * 15


def test_a_process_that_exits_ends_its_endpoints_associations(program: Program, server: Server) -> None:
    endpoint = """
        import sys, sctpx
        one = sctpx.Endpoint()
        one.connect((sys.argv[1], int(sys.argv[2]))).send(bytes(20_000))
        one.close()
    """
    listener = server()
    program(source(endpoint), *listener.local_addresses()[0])
    peer, _ = listener.accept()
    with peer:
        peer.settimeout(LIMIT)
        assert [event.size for event in drain(peer) if isinstance(event, Message)] == [20_000]


def test_a_process_exits_in_time_when_its_peer_no_longer_reads(program: Program, server: Server) -> None:
    listener = server(options=[sctpx.options.ReceiveBuffer(20_000)])
    host, port = listener.local_addresses()[0]
    process = program(source(CONNECT, "sock.send_many([bytes(16_000)] * 10)", "sock.close()"), host, port, LIMIT)
    peer, _ = listener.accept()
    with peer:
        assert process.wait(LIMIT) == 0


def test_an_interrupted_process_ends_by_the_interrupt(program: Program, server: Server) -> None:
    listener = server()
    process = program(
        source(CONNECT, "print('ready', flush=True)", "sock.settimeout(None)", "sock.recv()"),
        *listener.local_addresses()[0],
        LIMIT,
    )
    peer, _ = listener.accept()
    with peer:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=LIMIT)
        assert "KeyboardInterrupt" in errors
        assert process.returncode in (1, -signal.SIGINT, 130)


def test_importing_opens_and_starts_nothing(program: Program) -> None:
    look = """
        import os, threading
        def state():
            found = [os.listdir(path) for path in ("/proc/self/fd", "/proc/self/task") if os.path.isdir(path)]
            return [len(names) for names in found], threading.active_count()
        before = state()
        import sctpx
        assert sctpx.backend.name
        assert state() == before, (before, state())
    """
    process = program(source(look))
    _, errors = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, errors


def test_two_processes_talk(program: Program, server: Server) -> None:
    echo = """
        for message in sock.messages():
            sock.send(message.data[::-1], stream=message.stream, ppid=message.ppid)
        sock.close()
    """
    with run(program, server, echo) as peer:
        peer.send(b"abc", stream=2, ppid=46)
        answer = wait_message(peer)
        assert (answer.data, answer.stream, answer.ppid) == (b"cba", 2, 46)
        for number in range(50):
            peer.send(bytes([number]) * 1000)
        assert [message.data[0] for message in wait_messages(peer, 50)] == list(range(50))
        peer.shutdown()
        assert drain(peer) == []
