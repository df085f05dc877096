# SPDX-License-Identifier: MIT
"""Small C programs and libraries that tests need, compiled once for each state of their sources.

They are kept in the tree's build folder, so that a run on another machine with the same tree, such as an emulated one,
need not compile them again; where that folder cannot be written, in a temporary one.
"""

import hashlib
import importlib.util
import os
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SANITIZED = ["-fsanitize=address", "-fno-omit-frame-pointer", "-g", "-O1"]


def compiler() -> list[str]:
    return shlex.split(os.environ.get("CC") or str(sysconfig.get_config_var("CC") or "cc"))


def build(name: str, flags: Iterable[str], depends: Iterable[Path], words: Iterable[str] = ()) -> Path:
    """The result of `cc flags -o name`, anew when `depends` or the flags changed; `words`: another compiler."""
    flags, words = list(flags), list(words) or compiler()
    state = hashlib.sha256(repr((flags, words)).encode())
    for path in sorted(depends):
        state.update(path.read_bytes())
    folder = ROOT / "build" / "helpers" / state.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.mkdtemp())
    result = folder / name
    if not result.exists():
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            made = Path(scratch, name)
            # What is preloaded is for the tests, not for the compiler.
            plain = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
            subprocess.run([*words, *flags, "-o", str(made)], check=True, cwd=ROOT, env=plain)
            made.replace(result)
    return result


def interposer() -> Path:
    """A library for LD_PRELOAD under which the system call behind sctp_connectx fails as SCTPX_TEST_ERRNO says."""
    source = HERE / "interposed.c"
    return build("interposed.so", ["-shared", "-fPIC", "-Wall", "-Werror", str(source), "-ldl"], [source])


def freed_once(backend: str) -> Path:
    """The program that walks the paths of the address lists, with the backend's C sources under AddressSanitizer."""
    flags, depends = with_shim(backend)
    source = HERE / "freed_once.c"
    return build(f"freed_once_{backend}", [*SANITIZED, str(source), *flags], [source, *depends])


def with_shim(backend: str) -> tuple[list[str], list[Path]]:
    """The flags that compile and link a backend's sources too, and all files that these come from."""
    kwds = _extension(backend)
    sources = [ROOT / path for path in kwds["sources"]]
    flags = [
        *(f"-D{name}={value}" for name, value in kwds["define_macros"]),
        *(f"-I{ROOT / folder}" for folder in kwds["include_dirs"]), *map(str, sources),
        *(f"-l{library}" for library in kwds["libraries"]), "-pthread",
    ]  # fmt: skip
    return flags, [*sources, *(ROOT / "backends").rglob("*.h")]


def _extension(backend: str) -> dict[str, Any]:
    """What the builder compiles a backend's module from."""
    spec = importlib.util.spec_from_file_location("build_ffi", ROOT / "build_ffi.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found: dict[str, Any] = getattr(module, backend)()._assigned_source[3]
    return found


def main() -> None:
    """`python -m tests.contract.shim.native BACKEND…`: compile all, ahead of a run that had better not."""
    interposer()
    for backend in sys.argv[1:]:
        freed_once(backend)


if __name__ == "__main__":
    main()
