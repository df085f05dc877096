# SPDX-License-Identifier: MIT
"""Runs the suites, one pytest for each (suite, backend, machine), and sums up.

Two of them at a time where there is a guest: what runs there beside what does not, then two guests; each run's output
is shown when it has ended. The last line is `N passed, N failed, N skipped`, also in build/tests/summary.txt, beside
the JUnit XML of each run. The exit status is 1 when anything failed, when a run had no tests, and when a backend that
this OS must have did not run.
"""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from threading import Lock

from tools.suite_run import RESULTS, ROOT, Count, Run, perform

IPPROTO_SCTP = 132
# Which suites run on which backend, in this order. Those of the guest are taken from their end, too, once all that
# needs no guest is done; the last two should end together.
SUITES = {
    "userland": ("contract", "interop", "paths", "stress", "hostile"),
    "linux": ("interop", "stress", "hostile", "paths", "contract"),
    "freebsd": ("contract",),
    "solaris": ("contract",),
}
KERNELS = {"Linux": "linux", "FreeBSD": "freebsd", "SunOS": "solaris"}
# What compiles a backend's C programs for the tests, which takes the guest minutes.
COMPILED_BY = ("tests.contract.shim.native",)
showing = Lock()


def kernel_has_sctp() -> bool:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_SCTP).close()
    except OSError:
        return False
    return True


def plan(full: bool = False) -> list[Run]:
    """What runs on this OS; what is left out is said."""
    runs = [Run("unit"), Run("typing"), *(Run(suite, "userland", full=full) for suite in SUITES["userland"])]
    system = os.uname()
    if (system.sysname, system.machine) == ("Linux", "x86_64"):
        runs += [Run("foreign"), Run("contract", "freebsd", bridged=True)]
    if full and system.sysname == "Linux":
        runs.append(Run("contract", "userland", full=True, sanitized=True))
    kernel = KERNELS.get(system.sysname)
    # What an emulated guest can stand in for.
    guest = not kernel_has_sctp() and (system.sysname, system.machine) == ("Linux", "x86_64")
    if kernel and (guest or kernel_has_sctp()):
        runs += [Run(suite, kernel, guest=guest, full=full) for suite in SUITES[kernel]]
    else:
        say(f"left out: a kernel's SCTP, which this {system.sysname} does not have, or not loaded")
    return runs


def say(text: str) -> None:
    print(text, flush=True)


def in_turn(runs: Sequence[Run], arguments: Sequence[str]) -> dict[Run, Count]:
    return {run: perform(run, arguments, sys.stdout) for run in runs}


def shown_when_done(runs: Iterable[Run], arguments: Sequence[str]) -> dict[Run, Count]:
    counts: dict[Run, Count] = {}
    for run in runs:
        say(f"started: {run.title}")
        with tempfile.TemporaryFile("w+", errors="replace") as out:
            counts[run] = perform(run, arguments, out)
            out.seek(0)
            with showing:
                shutil.copyfileobj(out, sys.stdout)
                sys.stdout.flush()
    return counts


def lanes(runs: Iterable[Run]) -> tuple[Iterator[Run], Iterator[Run]]:
    """What runs in the guest, in turn; and what does not, then from the end what is left for the guest."""
    native = [run for run in runs if not run.guest]
    waiting = deque(run for run in runs if run.guest)

    def taken(take: Callable[[], Run]) -> Iterator[Run]:
        with contextlib.suppress(IndexError):
            while True:
                yield take()

    return taken(waiting.popleft), chain(native, taken(waiting.pop))


def perform_all(runs: Sequence[Run], arguments: Sequence[str]) -> dict[Run, Count]:
    guests = any(run.guest for run in runs)
    for module in COMPILED_BY if guests else ():
        subprocess.run([sys.executable, "-m", module, "linux"], cwd=ROOT, check=False)
    if len(runs) == 1 or not guests:
        return in_turn(runs, arguments)
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda lane: shown_when_done(lane, arguments), lanes(runs)))
    return {run: count for part in parts for run, count in part.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="with the slow tests")
    parser.add_argument("--only", action="append", metavar="RUN", help="such as contract-linux; may be repeated")
    given, arguments = parser.parse_known_args()
    runs = plan(given.full)
    if given.only:
        unknown = set(given.only) - {run.name for run in runs}
        if unknown:
            parser.error(f"no such run: {', '.join(sorted(unknown))}; there are {', '.join(run.name for run in runs)}")
        runs = [run for run in runs if run.name in given.only]
    # A shell starts what it puts in the background with Ctrl-C ignored, which the tests of Ctrl-C would inherit.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    RESULTS.mkdir(parents=True, exist_ok=True)
    for old in RESULTS.iterdir():
        old.unlink()
    marks = [] if given.full else ["-m", "not slow"]
    counts = perform_all(runs, [*marks, *arguments])
    total = Count()
    say("")
    for run in runs:
        count = counts[run]
        say(f"{run.title}: {count}")
        total.add(count)
        if not count.passed + count.failed + count.skipped:
            say(f"{run.title}: no test ran")
            total.failed += 1
    say(str(total))
    (RESULTS / "summary.txt").write_text(f"{total}\n")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
