# SPDX-License-Identifier: MIT
"""The suite's C programs, compiled together with a backend's shim."""

from collections.abc import Iterable
from pathlib import Path

from tests.contract.shim.native import SANITIZED, build, with_shim

HERE = Path(__file__).resolve().parent
SUPPRESSIONS = HERE / "tsan.supp"
# gcc and clang have it alike.
THREADS = ["-fsanitize=thread", "-fno-omit-frame-pointer", "-g", "-O1"]
FAILING = ["malloc", "calloc", "realloc", "pthread_create", "pthread_setspecific", "socketpair", "pipe2"]


def racing(backend: str) -> Path:
    """Threads on the shim's handles, under ThreadSanitizer."""
    return _program("racing", backend, THREADS)


def starved(backend: str) -> Path:
    """The shim with each of its allocations failing in turn, under AddressSanitizer."""
    return _program("starved", backend, [*SANITIZED, *(f"-Wl,--wrap={name}" for name in FAILING)])


def held_up() -> Path:
    """A library for LD_PRELOAD under which the stack's own threads stand still now and then."""
    source = HERE / "held_up.c"
    return build("held_up.so", ["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", str(source), "-ldl"], [source])


def _program(name: str, backend: str, flags: Iterable[str]) -> Path:
    shim, depends = with_shim(backend)
    source = HERE / f"{name}.c"
    return build(f"{name}_{backend}", [*flags, str(source), *shim], [source, HERE / "driver.h", *depends])
