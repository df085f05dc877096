# SPDX-License-Identifier: MIT
"""One pytest for one (suite, backend, machine): how it is started, and what is counted of it."""

import json
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build/tests"
# Seconds for one run, natively and in the guest; `--full` may take longer.
LIMIT = 600.0
GUEST_LIMIT = 1200.0
FULL = 2
GUEST_TIME_SCALE = "5"


@dataclass(frozen=True)
class Run:
    suite: str
    backend: str | None = None
    guest: bool = False
    full: bool = False
    sanitized: bool = False
    bridged: bool = False  # a foreign kernel's shim, over libusrsctp

    @property
    def name(self) -> str:
        return "-".join(filter(None, (self.suite, self.backend, "sanitized" if self.sanitized else None)))

    @property
    def title(self) -> str:
        on = f"on {self.backend}" if self.backend else ""
        return " ".join(filter(None, (
            self.suite, on, "in the guest" if self.guest else "", "under sanitizers" if self.sanitized else "",
            "over the bridge" if self.bridged else "",
        )))  # fmt: skip

    @property
    def limit(self) -> float:
        return (GUEST_LIMIT if self.guest else LIMIT) * (FULL if self.full else 1)

    @property
    def must_move_packets(self) -> bool:
        """Whether it must be seen in the kernel's counters; other suites are at work in namespaces of their own."""
        return self.guest and self.suite == "contract"

    @property
    def xml(self) -> Path:
        return RESULTS / f"{self.name}.xml"

    @property
    def proof(self) -> Path:
        return RESULTS / f"{self.name}.json"

    def command(self, arguments: Sequence[str]) -> list[str]:
        pytest = ["tools/sanitized.py"] if self.sanitized else ["-m", "pytest"]
        given = [f"--junit-xml={self.xml}", "-o", f"junit_suite_name={self.name}", *arguments, f"tests/{self.suite}"]
        command = [sys.executable, *pytest, *given]
        if self.bridged:
            return [sys.executable, "-m", "tests.foreign.bridge", *command]
        if not self.guest:
            return command
        return [
            sys.executable, "-m", "tests.guest", "-t", f"{self.limit:g}",
            sys.executable, "-m", "tests.guest.observe", str(self.proof), *command,
            # Of no use there, and slow to load.
            "-p", "no:cacheprovider", "-p", "no:hypothesispytest",
        ]  # fmt: skip

    def environment(self) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if name != "SCTPX_BACKEND"}
        if self.backend:
            environment["SCTPX_BACKEND"] = self.backend
        if self.full:
            environment["SCTPX_TEST_FULL"] = "1"
        if self.guest:
            environment["SCTPX_TEST_TIME_SCALE"] = GUEST_TIME_SCALE
        return environment


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


def perform(run: Run, arguments: Sequence[str], out: TextIO) -> Count:
    """Run one pytest and count; whatever keeps it from ending in order is one more failure."""

    def say(text: str) -> None:
        print(text, file=out, flush=True)

    say(f"\n=== {run.title}")
    begin = time.monotonic()
    try:
        # The guest keeps its own limit, and tells more when it is passed.
        status = subprocess.run(
            run.command(arguments), cwd=ROOT, env=run.environment(), check=False, stdout=out, stderr=out,
            timeout=None if run.guest else run.limit,
        ).returncode  # fmt: skip
    except subprocess.TimeoutExpired:
        say(f"{run.title}: not done within {run.limit:g} s")
        status = 1
    count = read(run.xml)
    if run.guest and not counted(run.proof, say) and run.must_move_packets:
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


def counted(proof: Path, say: Callable[[str], None]) -> bool:
    """Whether the guest's kernel moved SCTP packets, which is shown."""
    if not proof.exists():
        return False
    told = json.loads(proof.read_text())
    growth: dict[str, int] = told["growth"]
    names = ("SctpActiveEstabs", "SctpPassiveEstabs", "SctpInSCTPPacks", "SctpOutSCTPPacks")
    shown = ", ".join(f"{name} +{growth.get(name, 0)}" for name in names)
    say(f"the guest's kernel {told['kernel']}, /proc/net/sctp/snmp: {shown}")
    return growth.get("SctpInSCTPPacks", 0) > 0 and growth.get("SctpOutSCTPPacks", 0) > 0
