# SPDX-License-Identifier: MIT
"""What a backend's module is compiled from: the shim's sources and what cffi generates, for any OS's compiler."""

import importlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.foreign.zig import BUILD, ROOT, Zig, run

WARNINGS = ("-Wall", "-Wextra", "-Wconversion", "-Wundef", "-Werror")


@dataclass(frozen=True)
class Shim:
    """A backend as build_ffi.py describes it."""

    name: str
    sources: tuple[Path, ...]
    generated: Path
    defines: tuple[str, ...]
    options: tuple[str, ...]
    folders: tuple[Path, ...]
    libraries: tuple[str, ...]

    @property
    def flags(self) -> tuple[str, ...]:
        """For every compilation; the linker's libraries are another matter."""
        return ("-fPIC", "-O1", *WARNINGS, *self.options, *self.defines, *(f"-I{folder}" for folder in self.folders))


@cache
def shim(name: str, *arguments: object) -> Shim:
    """The backend, its generated source written under build/; `arguments` are those of its function in build_ffi.py."""
    # Its private attribute: cffi gives no other access to what setuptools is told.
    builder: Any = getattr(importlib.import_module("build_ffi"), name)(*arguments)
    details = builder._assigned_source[3]
    generated = BUILD / name / "module.c"
    generated.parent.mkdir(parents=True, exist_ok=True)
    builder.emit_c_code(str(generated))
    return Shim(
        name,
        tuple(ROOT / source for source in details["sources"]),
        generated,
        tuple(f"-D{macro}={value}" for macro, value in details.get("define_macros", ())),
        tuple(details.get("extra_compile_args", ())),
        tuple(ROOT / folder for folder in details.get("include_dirs", ())),
        tuple(details.get("libraries", ())),
    )


def undefined(*objects: Path) -> set[str]:
    """The symbols that these objects need from elsewhere."""
    needed, defined = set[str](), set[str]()
    for line in run(("nm", "-P", "-g", *objects)).splitlines():
        name, kind, *_ = [*line.split(), ""]
        (needed if kind in {"U", "w", "v"} else defined).add(re.sub("@.*", "", name))
    return {name for name in needed - defined if not name.endswith(":")}


@cache
def compile_all(zig: Zig, words: tuple[str, ...], sources: tuple[Path, ...], folder: Path) -> tuple[Path, ...]:
    """Objects of these sources, by a command that takes one; the first failure is raised."""
    folder.mkdir(parents=True, exist_ok=True)

    def one(source: Path) -> Path:
        target = folder / f"{source.parent.name}_{source.stem}.o"
        zig.run(*words, "-c", source, "-o", target)
        return target

    with ThreadPoolExecutor(2) as pool:
        return tuple(pool.map(one, sources))
