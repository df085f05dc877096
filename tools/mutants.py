# SPDX-License-Identifier: MIT
"""`mutants.py [NAME…]`: break the code in small ways, one at a time; a named test must notice each.

Mutations are listed in tests/mutants/*.toml: a name, a file, the exact old text, which must be there once, the new
text, and the test that must fail. All mutants are built first, each in a tree of its own under build/mutants/. Then
the unmutated tree must pass the named tests, and every mutant must fail its own. Those of the kernel's backend run
where the kernel has SCTP: here, else all together in one run of the guest.

Exit status: 0 when all were killed, 1 when one survived, 2 when the tests fail without any mutation.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "mutants"
sys.path.insert(0, str(ROOT))
from tests.mutants.build import FOREIGN, Builder, Mutation, load  # noqa: E402

BASELINE = "-"
JOBS = 2
# A mutant may hang: its one test takes a few seconds, more in emulation. The unmutated tree runs all tests.
LIMITS = {"userland": 40.0, "linux": 120.0}
FOREIGN_LIMIT = 300.0
BASELINE_LIMIT = 600.0
# pytest's exit status when tests failed; below zero, and from a shell above 128, it crashed.
FAILED = 1


@dataclass(frozen=True)
class Run:
    name: str
    backend: str
    tree: str
    tests: tuple[str, ...]
    scale: str


@dataclass(frozen=True)
class Result:
    name: str
    status: int  # pytest's; 124 when its time was up
    seconds: float
    output: str

    @property
    def killed(self) -> bool:
        return self.status == FAILED or self.status < 0 or self.status == 124

    @property
    def how(self) -> str:
        if self.status < 0:
            return f" (signal {-self.status})"
        return " (time-out)" if self.status == 124 else ""


def execute(run: Run) -> Result:
    """Run the tests of one tree in a process of its own."""
    environment = {
        **os.environ, "SCTPX_BACKEND": run.backend, "PYTHONPATH": run.tree, "PYTHONDONTWRITEBYTECODE": "1",
        "SCTPX_TEST_TIME_SCALE": run.scale,
    }  # fmt: skip
    if run.backend in FOREIGN:
        # Compilers are those of this tree; the bridge to other systems is the tests' own.
        environment |= {"SCTPX_FOREIGN_BUILD": str(ROOT / "build"), "SCTPX_BACKEND": "userland"}
    plugins = ["-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    bridged = run.backend in FOREIGN and any(not test.startswith("tests/foreign/") for test in run.tests)
    bridge = [sys.executable, "-m", "tests.foreign.bridge"] if bridged else []
    command = [*bridge, sys.executable, "-m", "pytest", "-q", "-x", "--tb=short", *plugins, *run.tests]
    limit = BASELINE_LIMIT if run.name == BASELINE else LIMITS.get(run.backend, FOREIGN_LIMIT)
    begun = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=run.tree, env=environment, text=True, timeout=limit, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        status, output = done.returncode, done.stdout
    except subprocess.TimeoutExpired as error:
        status, output = 124, str(error.output or "")
    return Result(run.name, status, time.monotonic() - begun, output[-4000:])


def execute_all(runs: Sequence[Run]) -> Iterator[Result]:
    """The unmutated trees alone and first: without them nothing else means anything."""
    for run in (run for run in runs if run.name == BASELINE):
        result = execute(run)
        yield result
        if result.status != 0:
            return
    with ThreadPoolExecutor(JOBS) as pool:
        yield from pool.map(execute, (run for run in runs if run.name != BASELINE))


def execute_in_guest(runs: Sequence[Run]) -> Iterator[Result]:
    """The same in the emulated machine; results come a line each."""
    plan = WORK / "plan.json"
    plan.write_text(json.dumps([asdict(run) for run in runs]), encoding="utf-8")
    inside = [sys.executable, str(Path(__file__)), "--plan", str(plan)]
    command = [sys.executable, "-m", "tests.guest", "-t", "900", *inside]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as guest:
        assert guest.stdout is not None
        for line in guest.stdout:
            yield Result(**json.loads(line))
    if guest.returncode:
        raise SystemExit(f"mutants: the guest ended with status {guest.returncode}")


def kernel_has_sctp() -> bool:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_SCTP).close()
    except OSError:
        return False
    return True


def report(mutations: Sequence[Mutation], results: Iterator[Result]) -> int:
    """Print a line for each and return how many survived."""
    tests = {mutation.name: mutation.test for mutation in mutations}
    survived = 0
    for result in results:
        if result.name == BASELINE:
            if result.status != 0:
                print(result.output)
                print("mutants: the named tests fail without any mutation")
                raise SystemExit(2)
            print(f"unmutated: {result.output.strip().splitlines()[-1]}", flush=True)
        elif result.killed:
            print(f"{result.name}: killed by {tests[result.name]}{result.how} [{result.seconds:.1f} s]", flush=True)
        elif result.status == 0:
            survived += 1
            print(f"{result.name}: SURVIVED {tests[result.name]}", flush=True)
        else:
            print(result.output)
            raise SystemExit(f"mutants: pytest ended with status {result.status} on {result.name}")
    return survived


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these mutations")
    parser.add_argument("--plan", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.plan is not None:
        runs = [Run(**{**item, "tests": tuple(item["tests"])}) for item in json.loads(given.plan.read_text())]
        for result in execute_all(runs):
            print(json.dumps(asdict(result)), flush=True)
        return 0
    begun = time.monotonic()
    mutations = load(ROOT, given.names)
    shutil.rmtree(WORK, ignore_errors=True)
    survived = 0
    for backend in sorted({mutation.backend for mutation in mutations}, reverse=True):
        chosen = [mutation for mutation in mutations if mutation.backend == backend]
        builder = Builder(ROOT, WORK, backend)
        named = tuple(dict.fromkeys(mutation.test for mutation in chosen))
        here = backend != "linux" or kernel_has_sctp()
        scale = "1" if here else "2"
        runs = [Run(BASELINE, backend, str(builder.tree(chosen)), named, scale)]
        with ThreadPoolExecutor(JOBS) as pool:
            trees = pool.map(builder.mutant, chosen)
            runs += [
                Run(one.name, backend, str(tree), (one.test,), scale) for one, tree in zip(chosen, trees, strict=True)
            ]
        print(f"{backend}: {len(chosen)} mutants, {'here' if here else 'in the guest'}", flush=True)
        survived += report(chosen, execute_all(runs) if here else execute_in_guest(runs))
    shutil.rmtree(WORK, ignore_errors=True)
    killed = len(mutations) - survived
    print(f"mutants: {killed} of {len(mutations)} killed in {time.monotonic() - begun:.0f} s")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
