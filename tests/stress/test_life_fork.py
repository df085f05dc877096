# SPDX-License-Identifier: MIT
"""fork, multiprocessing and subprocess: a child never disturbs its parent's associations, and never hangs.

What a child may do with sockets that its parent made: close them. All else is refused, with the reason. New ones it
opens where the stack is a kernel's; userland's stack lives in threads, which a child has not: there it is refused too.
"""

import gc
import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import sctpx
from sctpx import Endpoint, Message, Outgoing, Socket
from sctpx.options import Linger, Status, UdpEncapsulation
from tests.stress.calls import SUBSCRIBED, uses
from tests.stress.children import STARTS_ANEW, Holding, in_child, refused
from tests.support.common import LIMIT, SCALE, drain, send_numbers, wait_message, wait_messages
from tests.support.effort import EMULATED, native, rounds
from tests.support.shapes import EndpointPair, InBackground, Pair, Program, Server

TOP = Path(__file__).parents[2]


def talk(a: Socket, b: Socket) -> None:
    """Both ways, and both ends still know what they are."""
    a.send(b"there")
    assert wait_message(b).data == b"there"
    b.send(b"and back")
    assert wait_message(a).data == b"and back"
    assert a.get(Status).unacknowledged <= 1


def test_every_call_on_an_inherited_socket_is_refused(pair: Pair) -> None:
    a, b = pair(events=[SUBSCRIBED])

    def use() -> None:
        for call in uses(a):
            refused(call)
        refused(lambda: next(iter(a)))
        assert "Socket" in repr(a)
        assert not a.closed

    in_child(use)
    talk(a, b)


def test_every_call_on_an_inherited_endpoint_is_refused(endpoints: EndpointPair) -> None:
    a, b, to_b, _ = endpoints()
    one = a.associations[to_b]
    one.subscribe(SUBSCRIBED)

    def use() -> None:
        for call in (*uses(a, to=to_b), *uses(one)):
            refused(call)
        refused(lambda: a.send(b"x", to=b.local_addresses()))
        refused(lambda: a.send_many([(b.local_addresses(), Outgoing(b"x"))]))
        refused(lambda: len(a.associations))
        refused(lambda: next(iter(a)))

    in_child(use)
    a.send(b"there", to=to_b)
    assert wait_message(b).data == b"there"


def test_the_child_of_a_thread_that_waits_is_refused_too(pair: Pair, background: InBackground) -> None:
    """The waiting thread holds the lock that a receiver needs, and is not in the child to give it back."""
    a, b = pair(events=[SUBSCRIBED])
    waiting = background(b.recv)
    waiting.until_blocked()

    def use() -> None:
        for call in uses(b):
            refused(call)

    in_child(use)
    in_child(b.close)
    a.send(b"for the thread")
    assert isinstance(waiting.result(), Message)


@pytest.mark.parametrize("exits", [False, True], ids=["_exit", "exit"])
@pytest.mark.parametrize("way", ["close", "forget", "linger", "nothing"])
def test_the_end_of_a_child_is_none_of_its_parents_associations(
    pair: Pair, endpoints: EndpointPair, way: str, exits: bool
) -> None:
    a, b = pair(options=[Linger(0)] if way == "linger" else [])
    one, _, to_b, _ = endpoints()
    kept: list[Socket | Endpoint] = [a, b, one]

    def end() -> None:
        if way in ("close", "linger"):
            for sock in kept:
                sock.close()
        if way == "forget":
            del a._channel
            gc.collect()

    for _ in range(rounds(1, 20, emulated=10)):
        in_child(end, exits=exits)
        talk(a, b)
        one.send(b"x", to=to_b)


def test_traffic_goes_on_while_children_come_and_go(pair: Pair, background: InBackground) -> None:
    a, b = pair()
    count = rounds(2_000, 40_000) if SCALE == 1 else rounds(400, 4_000)
    a.settimeout(None)
    sending = background(lambda: send_numbers(a, count, size=100))
    receiving = background(lambda: wait_messages(b, count, limit=6 * LIMIT))
    for _ in range(rounds(3, 30)):
        in_child(lambda: refused(b.recv))
        in_child(b.close)
    sending.result(5 * LIMIT)
    received = receiving.result(5 * LIMIT)
    assert [int.from_bytes(message.data[:4], "big") for message in received] == list(range(count))


def open_and_talk() -> None:
    """A pair of this process's own."""
    with sctpx.create_server(("127.0.0.1", 0)) as listener, Socket() as client:
        listener.settimeout(LIMIT)
        client.settimeout(LIMIT)
        client.connect(listener.local_addresses())
        served, _ = listener.accept()
        with served:
            served.settimeout(LIMIT)
            client.send(b"the child's")
            assert wait_message(served).data == b"the child's"


def test_a_child_opens_its_own_where_the_stack_is_a_kernels(pair: Pair) -> None:
    a, b = pair()

    def own() -> None:
        if STARTS_ANEW:
            open_and_talk()
        else:
            refused(Socket)
            refused(Endpoint)
            refused(lambda: sctpx.create_server(("127.0.0.1", 0)))

    in_child(own)
    in_child(lambda: in_child(own))
    talk(a, b)


def test_a_child_forked_while_others_open_and_close_does_not_hang(server: Server) -> None:
    """Any lock may be held by a thread that the child has not."""
    listener = server()

    def open_and_close() -> None:
        with Socket(listener.family) as sock:
            sock.setblocking(False)
            try:
                sock.connect(listener.local_addresses())
            except BlockingIOError:
                return

    def own() -> None:
        refused(listener.accept)
        if STARTS_ANEW:
            Socket().close()
        else:
            refused(Socket)
        listener.close()

    with Holding(open_and_close), Holding(open_and_close):
        for _ in range(rounds(10, 150)):
            in_child(own)


def test_a_descriptor_is_handed_to_a_child(pair: Pair) -> None:
    """What a kernel's sockets can do: given away by one process, taken over by another."""
    a, b = pair()
    if not STARTS_ANEW:
        with pytest.raises(sctpx.UnsupportedError):
            a.detach()
        return
    descriptor = a.detach()

    def serve() -> None:
        with Socket(fileno=descriptor) as mine:
            mine.settimeout(LIMIT)
            mine.send(wait_message(mine).data[::-1])
            assert drain(mine) == []

    b.send(b"abc")
    in_child_later = threading.Thread(target=lambda: in_child(serve))
    in_child_later.start()
    assert wait_message(b).data == b"cba"
    os.close(descriptor)
    b.shutdown()
    in_child_later.join()


UNTOUCHED = """
import os, sys
import sctpx
from tests.stress.test_life_fork import open_and_talk
child = os.fork()
if child == 0:
    open_and_talk()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
open_and_talk()
print("both")
"""


@native
def test_forking_before_the_first_socket_costs_nothing(program: Program) -> None:
    told, errors = run(program, UNTOUCHED)
    assert told == "both\n", errors


def run(program: Program, source: str) -> tuple[str, str]:
    """A program with both ends in itself: its UDP port must be its peers'."""
    found = f"import os, sys\nos.environ.pop('SCTPX_PEER_UDP_PORT', None)\nsys.path.insert(0, {str(TOP)!r})\n"
    return program(f"{found}import tests.support.fixtures\n{source}").communicate(timeout=6 * LIMIT)


def work(address: tuple[str, int], peer_port: int, number: int) -> bytes:
    """One worker's task: an association of its own to the tests' process."""
    options = [UdpEncapsulation(peer_port)] if peer_port else []
    with sctpx.create_connection(address, timeout=LIMIT, options=options) as sock:
        sock.send(number.to_bytes(4, "big"))
        return wait_message(sock).data


def serve_reversed(listener: Socket, count: int) -> None:
    """The other end of `work`."""
    for _ in range(count):
        sock, _ = listener.accept()
        with sock:
            sock.settimeout(LIMIT)
            sock.send(wait_message(sock).data[::-1])
            assert drain(sock) == []


POOL = """
import contextlib, multiprocessing, sys
import sctpx
from sctpx.options import UdpEncapsulation
from tests.stress.test_life_fork import LIMIT, talk, work

@contextlib.contextmanager
def pair():
    with sctpx.create_server(("127.0.0.1", 0)) as listener:
        options = [UdpEncapsulation(sctpx.backend.udp_port)] if sctpx.backend.udp_port else []
        with sctpx.create_connection(listener.local_addresses(), LIMIT, options=options) as one:
            yield one, listener.accept()[0]

def run(talk_of_its_own):
    method, host, port, peer, count = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    tasks = [((host, port), peer, number) for number in range(count)]
    talk_of_its_own()
    with multiprocessing.get_context(method).Pool(3) as pool:
        found = pool.starmap_async(work, tasks)
        talk_of_its_own()
        assert found.get() == [number.to_bytes(4, "big")[::-1] for number in range(count)], found
        # Left alone, it would kill workers while what they closed is still being ended.
        pool.close()
        pool.join()
    talk_of_its_own()
    print("all")

if __name__ == "__main__":
    if sys.argv[6] == "used":
        with pair() as (one, other):
            run(lambda: talk(one, other))
    else:
        run(lambda: None)
"""


@pytest.mark.timeout(12 * LIMIT)
@pytest.mark.parametrize(
    ("method", "state"),
    [
        ("fork", "fresh"),
        pytest.param("spawn", "fresh", marks=pytest.mark.slow),
        # Interpreters start too slowly in emulation for the quick part.
        pytest.param("spawn", "used", marks=[pytest.mark.slow] if EMULATED else []),
    ],
)
def test_a_pool_of_workers_each_with_its_own_associations(
    tmp_path: Path, server: Server, background: InBackground, method: str, state: str
) -> None:
    """`used`: by a process that has an association itself, which goes on; on userland only `spawn` may do this."""
    listener = server()
    count = rounds(6, 60)
    listener.settimeout(6 * LIMIT)
    serving = background(lambda: serve_reversed(listener, count))
    script = tmp_path / "pool.py"
    script.write_text(POOL)
    host, port = listener.local_addresses()[0]
    environment = {**os.environ, "SCTPX_BACKEND": str(sctpx.backend.name), "PYTHONPATH": str(TOP)}
    for name in ("SCTPX_UDP_PORT", "SCTPX_PEER_UDP_PORT"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, str(script), method, host, str(port), str(sctpx.backend.udp_port or 0), str(count), state],
        env=environment, capture_output=True, text=True, timeout=6 * LIMIT, check=False,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("all\n", 0), done.stderr
    serving.result()


def in_worker(address: tuple[str, int]) -> str:
    try:
        sctpx.create_connection(address, timeout=LIMIT).close()
    except sctpx.UnsupportedError as error:
        return str(error)
    return "went"


def test_a_worker_forked_after_use_says_what_to_do(server: Server) -> None:
    listener = server()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        said = pool.apply_async(in_worker, (tuple(listener.local_addresses()[0]),)).get(LIMIT)
    if STARTS_ANEW:
        assert said == "went"
    else:
        assert "spawn" in said
    with Socket(listener.family) as sock:
        sock.settimeout(LIMIT)
        sock.connect(listener.local_addresses())


def inherited() -> set[str]:
    """The sockets that a program gets from this process."""
    look = "import os; print(*(os.readlink(one.path) for one in os.scandir('/proc/self/fd') if os.path.exists(one)))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, close_fds=False, text=True, check=True)
    return {name for name in done.stdout.split() if name.startswith(("socket", "anon_inode"))}


def test_a_program_that_is_started_inherits_no_descriptor(pair: Pair, endpoints: EndpointPair) -> None:
    before = inherited()
    a, b = pair()
    endpoints()
    a.fileno()
    with pytest.raises(TimeoutError):
        b.settimeout(0.01)
        b.recv()
    assert inherited() == before
    child = os.posix_spawn("/bin/true", ["true"], dict(os.environ))
    assert os.waitpid(child, 0)[1] == 0
    talk(a, b)
