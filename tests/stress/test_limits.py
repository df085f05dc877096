# SPDX-License-Identifier: MIT
"""Out of descriptors or out of memory: a clear error, nothing lost that was there, and everything works again after."""

import json
import subprocess
import textwrap
from collections.abc import Callable

import pytest

import sctpx
from tests.support.common import LIMIT
from tests.support.effort import native
from tests.support.shapes import Program

pytestmark = pytest.mark.timeout(20 * LIMIT)

HEAD = """
import contextlib, errno, json, os, resource, sys, threading, time
from socket import AF_INET
import sctpx
from sctpx import Endpoint, Message, Socket

LIMIT = float(sys.argv[1])
sctpx.use_backend(sys.argv[2])
if sctpx.backend.name == "userland":
    from sctpx.options import UdpEncapsulation
    Socket(AF_INET).close()
    here = [UdpEncapsulation(sctpx.backend.udp_port)]
else:
    here = []
HOST = [("127.0.0.1", 0)]
opened = []

def keep(sock):
    sock.settimeout(LIMIT)
    opened.append(sock)
    return sock

def connected(to):
    sock = keep(Socket(AF_INET))
    for option in here:
        sock.set(option)
    sock.bind(HOST)
    sock.connect(to.local_addresses())
    return sock

def exchange(one, other):
    one.send(b"there")
    assert other.recv().data == b"there"
    other.send(b"back")
    assert one.recv().data == b"back"

def error_of(call):
    try:
        keep(call())
    except OSError as error:
        return errno.errorcode.get(error.errno)
    return None

def open_descriptors():
    return len(os.listdir("/proc/self/fd"))

listener = keep(sctpx.create_server(HOST, options=here))
hub = keep(sctpx.create_endpoint(HOST, options=here))
one = connected(listener)
other = keep(listener.accept()[0])
exchange(one, other)
"""

DESCRIPTORS = """
# Userland makes the descriptors of a socket when they are first waited on.
listener.fileno(), hub.fileno(), one.fileno(), other.fileno()
waiting, spare = connected(listener), connected(hub)
spare.send(b"known")
peer = hub.recv().association
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
before = len(opened)
open_before = open_descriptors()
resource.setrlimit(resource.RLIMIT_NOFILE, (open_before + 8, hard))

def used():
    sock = keep(Socket(AF_INET))
    sock.fileno()
    return sock

errors = [error for _ in range(20) if (error := error_of(used))]
assert errors and set(errors) == {"EMFILE"}, errors

# What is there goes on.
exchange(one, other)

def accept():
    return listener.accept()[0]

def peel():
    return hub.associations[peer].peeloff()

taken = [error_of(accept), error_of(Endpoint), error_of(peel)]
assert set(taken) <= {"EMFILE", None}, taken
threads = []
def wait_for_nothing():
    try:
        one_more = listener.accept()
    except OSError as error:
        threads.append(error)
listener.settimeout(0.05)
thread = threading.Thread(target=wait_for_nothing)
thread.start()
thread.join(LIMIT)
assert not thread.is_alive() and len(threads) == 1
assert isinstance(threads[0], TimeoutError) or threads[0].errno == errno.EMFILE, threads

# Everything works again.
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
listener.settimeout(LIMIT)
if taken[0] is not None:
    exchange(waiting, keep(listener.accept()[0]))
if taken[2] is not None and peer in hub.associations:
    exchange(spare, keep(hub.associations[peer].peeloff()))
exchange(connected(listener), keep(listener.accept()[0]))
for sock in opened[before:]:
    sock.close()
assert open_descriptors() <= open_before, (open_descriptors(), open_before)
print(json.dumps({"errors": len(errors), "taken": taken}))
"""

MEMORY = """
sizes, count = [1, 30_000], 2000
done = threading.Event()

def send():
    for number in range(count):
        # Out of memory, too, at times: what was not sent is sent again.
        while True:
            try:
                one.send(number.to_bytes(4, "big") + bytes(sizes[number % 2]))
                break
            except MemoryError:
                pass
            except OSError as error:
                assert error.errno in (errno.ENOMEM, errno.ENOBUFS), error
            time.sleep(0.001)
    done.set()

def virtual():
    return int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()

soft, hard = resource.getrlimit(resource.RLIMIT_AS)
thread = threading.Thread(target=send)
thread.start()
numbers, hoard, failures = [], [], 0
other.recv()
resource.setrlimit(resource.RLIMIT_AS, (virtual() + 6_000_000, hard))
while not failures and len(numbers) < count // 2:
    # What is left is less than any large message needs.
    for size in (1_000_000, 100_000, 10_000, 2_000):
        with contextlib.suppress(MemoryError):
            while True:
                hoard.append(bytearray(size))
    try:
        message = other.recv()
    except MemoryError:
        failures += 1
    except OSError as error:
        assert error.errno in (errno.ENOMEM, errno.ENOBUFS), error
        failures += 1
    else:
        numbers.append(int.from_bytes(message.data[:4], "big"))
        hoard.append(message)
# New sockets say so, too, or can still be had.
for kind in (Socket, Endpoint) * 20:
    try:
        keep(kind(AF_INET))
    except (MemoryError, OSError) as error:
        assert isinstance(error, MemoryError) or error.errno in (errno.ENOMEM, errno.ENOBUFS), error
hoard.clear()
resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
while not numbers or numbers[-1] < count - 1:
    numbers.append(int.from_bytes(other.recv().data[:4], "big"))
thread.join(LIMIT)
assert done.is_set()
missing = sorted(set(range(1, count)) - set(numbers))
assert numbers == sorted(set(numbers))
exchange(one, other)
exchange(connected(listener), keep(listener.accept()[0]))
print(json.dumps({"failures": failures, "missing": missing}))
"""


@pytest.fixture
def run(program: Program) -> Callable[[str], dict[str, object]]:
    """Run a program of its own; what it says at its end."""

    def start(body: str) -> dict[str, object]:
        process: subprocess.Popen[str] = program(textwrap.dedent(HEAD + body), LIMIT, sctpx.backend.name)
        out, problem = process.communicate(timeout=12 * LIMIT)
        assert process.returncode == 0, problem
        said: dict[str, object] = json.loads(out)
        return said

    return start


def test_descriptors_exhausted(run: Callable[[str], dict[str, object]]) -> None:
    said = run(DESCRIPTORS)
    assert said["errors"]


def test_memory_exhausted(run: Callable[[str], dict[str, object]]) -> None:
    """A message that memory ran out for while it was being read may be lost, and no other."""
    said = run(MEMORY)
    assert said["failures"] == 1, said
    missing = said["missing"]
    assert isinstance(missing, list) and len(missing) <= 1, said


@native
@pytest.mark.parametrize("left", range(6))
def test_few_descriptors_for_the_stack_itself(program: Program, left: int) -> None:
    """Where not even the first socket can be had, it says why, and can be had later."""
    source = """
import errno, os, resource, sctpx, sys
sctpx.use_backend(sys.argv[1])
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
# The listing itself is one of them.
resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) - 1 + int(sys.argv[2]), hard))
try:
    sctpx.Socket().fileno()
except OSError as error:
    assert error.errno == errno.EMFILE, error
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
with sctpx.Socket() as sock:
    sock.bind([("127.0.0.1", 0)])
    sock.fileno()
"""
    process = program(source, sctpx.backend.name, left)
    _, problem = process.communicate(timeout=6 * LIMIT)
    assert process.returncode == 0, problem
