# SPDX-License-Identifier: MIT
"""The bridge is no more than FreeBSD's object code asks for, and the contract suite over it leaves little out.

The suite itself is a run of its own: `python -m tests.foreign.bridge python -m pytest tests/contract`.
"""

import subprocess
import sys
from fnmatch import fnmatchcase

from tests.expected import read_one
from tests.foreign import bridge
from tests.foreign.bridge.process import EXPECTED, environment
from tests.foreign.shim import shim, undefined
from tests.foreign.zig import ROOT, run

# What the object code of the shim needs and this system does otherwise: all of the bridge.
_NEEDED = """
__error __xuname accept4 bind clock_gettime close fcntl getpeername getsockname getsockopt listen pipe2 poll
pthread_atfork pthread_key_create pthread_mutex_destroy pthread_mutex_init pthread_mutex_lock pthread_mutex_unlock
pthread_once read recvmsg sctp_bindx sctp_connectx sctp_freeladdrs sctp_freepaddrs sctp_getladdrs sctp_getpaddrs
sctp_peeloff sendmsg setsockopt shutdown socket strerror sysctlbyname write
"""
NEEDED = set(_NEEDED.split())
FUNCTIONS = 0.8


def test_the_bridge_has_what_the_object_leaves_undefined_and_nothing_else() -> None:
    bridge.build()
    told = run(("nm", "-P", "-g", "--defined-only", bridge.FOLDER / "host.o"))
    defined = {line.split()[0] for line in told.splitlines() if not line.endswith(":")}
    assert bridge.needed(bridge.FOLDER / "shim.o") == NEEDED
    assert defined == {f"bridge_{name}" for name in NEEDED}
    assert undefined(bridge.FOLDER / "renamed.o") >= defined


def test_the_object_is_freebsd_s() -> None:
    objects = bridge.TARGET.objects(shim("freebsd"), bridge.FOLDER / "shim")
    assert "__error" in undefined(*objects) and "__errno_location" not in undefined(*objects)


def test_four_fifths_of_the_contract_s_functions_run_over_the_bridge() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", "tests/contract"]
    bridge.build()
    told = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True).stdout
    tests = [line for line in told.splitlines() if "::" in line]
    functions = {test.partition("[")[0] for test in tests}
    left_out = {
        test.partition("[")[0]
        for entry in read_one(EXPECTED) for test in tests if fnmatchcase(test, entry.tests)
    }  # fmt: skip
    assert len(functions) > 400, told[-2000:]
    assert len(left_out) <= (1 - FUNCTIONS) * len(functions)
    assert all(entry.reason for entry in read_one(EXPECTED))
