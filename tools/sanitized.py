# SPDX-License-Identifier: MIT
"""`sanitized.py [PYTEST-ARGUMENT…]`: a suite on userland, natively, with the shim under ASan and UBSan.

What is not an argument of pytest's is `tests/contract`. The tree is copied to build/sanitized/tree, where the userland
module is compiled with the sanitizers; the first thing that they find ends the process that did it, and its test with
it. Python itself is not instrumented, nor is the system's libusrsctp: of these the allocations alone are watched, with
every object of Python's an allocation of its own. Leaks are those that the shim itself allocated; they are looked for
in pytest's own process, after the last test.

What ASan says of any process of the run is shown at its end; UBSan writes to standard error, which pytest is told not
to keep. The exit status is pytest's; 99 when the sanitizers had anything to say.
"""

import ctypes
import gc
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build/sanitized"
TREE = WORK / "tree"
REPORTS = WORK / "reports"
FOUND = 99
LEFT_OUT = shutil.ignore_patterns("build", "dist", ".*", "*.so", "__pycache__", "*.egg-info")
FLAGS = "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -g -O1"
ADDRESS = {
    "detect_leaks": "1",
    # Below instead: in a process that ends, where threads are ending too, the search itself crashes now and then.
    "leak_check_at_exit": "0",
    "detect_stack_use_after_return": "1",
    "strict_string_checks": "1",
    "check_initialization_order": "1",
    # One frame: who called malloc. With more, all that Python calls would be Python's leak, or none of it.
    "malloc_context_size": "2",
    # A core dump of an address space of terabytes is of no use.
    "disable_coredump": "1",
    "exitcode": str(FOUND),
    "log_path": str(REPORTS / "address"),
}
UNDEFINED = {"print_stacktrace": "1", "halt_on_error": "1", "exitcode": str(FOUND)}
# Who leaves things behind for the process's end to free.
NOT_OURS = ("/bin/", "/sbin/", "python", "libc.so", "libcrypto", "libusrsctp", "libffi", "_cffi_backend", "ld-linux",
            "libstdc++", "libz")
# They start programs with an environment of their own, which then lack the sanitizers' libraries.
OWN_ENVIRONMENT = ("tests/contract/test_examples.py", "tests/contract/test_testing.py::test_it_works_with_nothing_set")
PROOF = """
import sctpx._native._userland as module
mapped = open("/proc/self/maps").read()
assert "libasan" in mapped and "libubsan" in mapped, "the sanitizers are not loaded"
print("sanitized:", module.__file__)
"""


def compiler() -> list[str]:
    return shlex.split(os.environ.get("CC") or str(sysconfig.get_config_var("CC") or "cc"))


def runtime(name: str) -> str:
    """A library of the compiler's; the process must load it before all others."""
    found = subprocess.run([*compiler(), f"-print-file-name={name}"], capture_output=True, text=True, check=True)
    path = Path(found.stdout.strip())
    if not path.is_absolute():
        raise SystemExit(f"sanitized: {compiler()[0]} has no {name}; on Debian it comes with gcc")
    return str(path.resolve())


def build() -> None:
    """Bring the copy up to date, and its module; objects whose sources did not change are kept."""
    for entry in TREE.iterdir() if TREE.exists() else ():
        if entry.is_dir() and entry.name not in {"build", "sctpx"}:
            shutil.rmtree(entry)
    for old in (TREE / "sctpx").rglob("*.py"):
        old.unlink()
    shutil.copytree(ROOT, TREE, ignore=LEFT_OUT, dirs_exist_ok=True)
    environment = {**os.environ, "SCTPX_BUILD": "userland", "CFLAGS": FLAGS, "LDFLAGS": "-fsanitize=address,undefined"}
    subprocess.run([sys.executable, "setup.py", "-q", "build_ext", "--inplace"], cwd=TREE, env=environment, check=True)


def options(values: Mapping[str, str]) -> str:
    return ":".join(f"{name}={value}" for name, value in values.items())


def environment() -> dict[str, str]:
    suppressions = WORK / "leaks.txt"
    suppressions.write_text("".join(f"leak:{name}\n" for name in NOT_OURS))
    return {
        **os.environ,
        "SCTPX_BACKEND": "userland",
        "PYTHONPATH": str(TREE),
        "PYTHONMALLOC": "malloc",
        "LD_PRELOAD": f"{runtime('libasan.so')} {runtime('libubsan.so')}",
        "ASAN_OPTIONS": options(ADDRESS),
        "UBSAN_OPTIONS": options(UNDEFINED),
        "LSAN_OPTIONS": f"suppressions={suppressions}:print_suppressions=0",
    }


def pytest_unconfigure() -> None:
    """As a plugin of that pytest: look for leaks."""
    gc.collect()
    ctypes.CDLL(None).__lsan_do_recoverable_leak_check()


def main(arguments: Sequence[str]) -> int:
    build()
    run = environment()
    subprocess.run([sys.executable, "-c", PROOF], cwd=TREE, env=run, check=True)
    suites = [] if any((ROOT / word.partition("::")[0]).exists() for word in arguments) else ["tests/contract"]
    plugins = ["-p", "no:cacheprovider", "-p", "tools.sanitized", "--capture=sys"]
    left_out = [f"--deselect={test}" for test in OWN_ENVIRONMENT]
    command = [sys.executable, "-m", "pytest", *plugins, *left_out, *arguments, *suites]
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    status = subprocess.run(command, cwd=TREE, env=run, check=False).returncode
    reports = sorted(REPORTS.iterdir())
    for report in reports:
        print(f"\n--- {report.name}\n{report.read_text(errors='replace')}", file=sys.stderr)
    return FOUND if reports else status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
