# SPDX-License-Identifier: MIT
"""The cross compilers: two releases of PyPI's ziglang, which carry the headers and the libc stubs of two FreeBSDs."""

import importlib.util
import os
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/foreign"
# Beside the release that is installed: the last one with FreeBSD 14's headers. tools/setup.sh puts it there.
OLDER = "0.15.2"


class Failure(Exception):
    """A command that failed, with all that it said."""


@dataclass(frozen=True)
class Zig:
    program: Path

    @property
    def headers(self) -> Path:
        """Those of the compiler itself, such as stddef.h, which its `clang` command does not find alone."""
        return self.program.parent / "lib/include"

    def run(self, *words: str | Path) -> str:
        """What a command of zig says, such as `cc` or `clang`, on both its outputs.

        Raises:
            Failure: it failed.
        """
        # Nothing is written outside of the project.
        caches = {"ZIG_GLOBAL_CACHE_DIR": str(_caches() / "global"), "ZIG_LOCAL_CACHE_DIR": str(_caches() / "local")}
        return run((self.program, *words), caches)


def run(words: Sequence[str | Path], environment: dict[str, str] | None = None) -> str:
    command = [str(word) for word in words]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        raise Failure(f"{shlex.join(command)}\n{done.stdout}")
    return done.stdout


def newest() -> Zig:
    """The release that the test requirements pin."""
    found = importlib.util.find_spec("ziglang")
    if found is None or found.origin is None:
        raise RuntimeError("ziglang is not installed: `sh tools/setup.sh test`")
    return Zig(Path(found.origin).parent / "zig")


def older() -> Zig:
    """The one of FreeBSD 14."""
    return Zig(_shared() / f"ziglang-{OLDER}/ziglang/zig")


def _shared() -> Path:
    """The folder build/ of the project; a mutated copy of it uses the original's compilers and caches."""
    return Path(os.environ.get("SCTPX_FOREIGN_BUILD", ROOT / "build"))


def _caches() -> Path:
    return _shared() / "foreign/zig"
