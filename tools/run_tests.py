# SPDX-License-Identifier: MIT
"""Runs the suites, one pytest for each (suite, backend, machine), and sums up.

The last line is `N passed, N failed, N skipped`, also in build/tests/summary.txt, beside the JUnit XML of each run. The
exit status is 1 when anything failed, when a run had no tests, and when a backend that this OS must have did not run.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build/tests"
IPPROTO_SCTP = 132
# Seconds for one run, natively and in the guest; `--full` may take twice as long.
LIMIT = 600.0
GUEST_LIMIT = 900.0
GUEST_TIME_SCALE = "5"
# Which suites run on which backend, in this order.
SUITES = {"userland": ("contract", "paths"), "linux": ("contract", "interop", "paths")}


@dataclass(frozen=True)
class Run:
    suite: str
    backend: str | None = None
    guest: bool = False
    full: bool = False

    @property
    def name(self) -> str:
        return "-".join(filter(None, (self.suite, self.backend)))

    @property
    def title(self) -> str:
        where = "in the guest" if self.guest else ""
        return " ".join(filter(None, (self.suite, self.backend and f"on {self.backend}", where)))

    @property
    def limit(self) -> float:
        return (GUEST_LIMIT if self.guest else LIMIT) * (2 if self.full else 1)

    @property
    def must_move_packets(self) -> bool:
        """Whether it must be seen in the kernel's counters; other suites are at work in namespaces of their own."""
        return self.guest and self.suite == "contract"


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

    def add(self, other: "Count") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


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
    if system.sysname == "Linux" and (kernel_has_sctp() or system.machine == "x86_64"):
        guest = not kernel_has_sctp()
        runs += [Run(suite, "linux", guest=guest, full=full) for suite in SUITES["linux"]]
    elif system.sysname != "Darwin":
        say(f"left out: the kernel's SCTP, which sctpx does not have or cannot use on this {system.sysname}")
    return runs


def say(text: str) -> None:
    print(text, flush=True)


def perform(run: Run, arguments: Sequence[str]) -> Count:
    """Run one pytest and count; whatever keeps it from ending in order is one more failure."""
    xml, proof = RESULTS / f"{run.name}.xml", RESULTS / f"{run.name}.json"
    command = [sys.executable, "-m", "pytest", f"--junit-xml={xml}", "-o", f"junit_suite_name={run.name}", *arguments,
               f"tests/{run.suite}"]
    environment = dict(os.environ)
    environment.pop("SCTPX_BACKEND", None)
    if run.backend:
        environment["SCTPX_BACKEND"] = run.backend
    if run.full:
        environment["SCTPX_TEST_FULL"] = "1"
    if run.guest:
        environment["SCTPX_TEST_TIME_SCALE"] = GUEST_TIME_SCALE
        command = [sys.executable, "-m", "tests.guest", "-t", f"{run.limit:g}",
                   sys.executable, "-m", "tests.guest.observe", str(proof), *command,
                   # Of no use there, and slow to load.
                   "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    say(f"\n=== {run.title}")
    if run.guest:
        # What its tests compile takes the guest minutes.
        subprocess.run([sys.executable, "-m", "tests.contract.shim.native", str(run.backend)], cwd=ROOT, check=False)
    begin = time.monotonic()
    try:
        # The guest keeps its own limit, and tells more when it is passed.
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False,
                                timeout=None if run.guest else run.limit).returncode
    except subprocess.TimeoutExpired:
        say(f"{run.title}: not done within {run.limit:g} s")
        status = 1
    count = read(xml)
    if run.guest and not counted(proof) and run.must_move_packets:
        count.failed += 1
    if status and not count.failed:
        say(f"{run.title}: exit status {status}")
        count.failed += 1
    say(f"=== {run.title}: {count} in {time.monotonic() - begin:.0f} s")
    return count


def read(xml: Path) -> Count:
    count = Count()
    if not xml.exists():
        return count
    for case in ElementTree.parse(xml).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            count.failed += 1
        elif case.find("skipped") is not None:
            count.skipped += 1
        else:
            count.passed += 1
    return count


def counted(proof: Path) -> bool:
    """Whether the guest's kernel moved SCTP packets, which is shown."""
    if not proof.exists():
        return False
    told = json.loads(proof.read_text())
    growth: dict[str, int] = told["growth"]
    shown = ", ".join(f"{name} +{growth.get(name, 0)}" for name in
                      ("SctpActiveEstabs", "SctpPassiveEstabs", "SctpInSCTPPacks", "SctpOutSCTPPacks"))
    say(f"the guest's kernel {told['kernel']}, /proc/net/sctp/snmp: {shown}")
    return growth.get("SctpInSCTPPacks", 0) > 0 and growth.get("SctpOutSCTPPacks", 0) > 0


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
    counts = {run: perform(run, [*marks, *arguments]) for run in runs}
    total = Count()
    say("")
    for run, count in counts.items():
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
