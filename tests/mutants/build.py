# SPDX-License-Identifier: MIT
"""Mutated trees: a copy of the project with one text replaced and its compiled module linked anew."""

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GENERATED = "module.c"
FREED_ONCE = "test_freepaddrs_freed_exactly_once_on_every_path"
# Backends of other systems: their tests compile them, and know for what.
FOREIGN = ("freebsd", "solaris")
COPIED = ("sctpx", "backends", "tests", "tools", "build_ffi.py", "pyproject.toml")


@dataclass(frozen=True)
class Mutation:
    name: str
    file: str
    old: str
    new: str
    backend: str
    test: str

    def apply(self, text: str) -> str:
        count = text.count(self.old)
        if count != 1 or self.old == self.new:
            raise SystemExit(f"mutants: {self.name}: the old text is {count} times in {self.file}, not once")
        return text.replace(self.old, self.new)


def load(root: Path, names: Sequence[str] = ()) -> list[Mutation]:
    """The listed mutations, each checked against its file."""
    found = [
        Mutation(**entry)
        for path in sorted((root / "tests/mutants").glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["mutation"]
    ]
    known = [mutation.name for mutation in found]
    wrong = [name for name in names if name not in known] or [name for name in known if known.count(name) > 1]
    if wrong:
        raise SystemExit(f"mutants: no such mutation, or two of one name: {', '.join(wrong)}")
    for mutation in found:
        mutation.apply((root / mutation.file).read_text(encoding="utf-8"))
    return [mutation for mutation in found if not names or mutation.name in names]


class Builder:
    """Trees of one backend; objects that a mutation does not touch are compiled once."""

    def __init__(self, root: Path, work: Path, backend: str) -> None:
        self._root = root
        self._work = work / backend
        self._backend = backend
        self._work.mkdir(parents=True)
        self._plain = self._work / "plain"
        self._copy(root, self._plain)
        if backend in FOREIGN:
            return
        builder = _builder(root, backend)
        builder.emit_c_code(str(self._work / GENERATED))
        details = builder._assigned_source[3]
        self._libraries = [f"-l{library}" for library in details["libraries"]]
        defines = [f"-D{name}={value}" for name, value in details["define_macros"]]
        self._flags = [*details["extra_compile_args"], *defines]
        self._sources: list[str] = [*details["sources"], GENERATED]
        self._folders: list[str] = details["include_dirs"]
        with ThreadPoolExecutor(2) as pool:
            compiled = pool.map(lambda source: self._compile(source, root, self._work), self._sources)
            self._objects = dict(zip(self._sources, compiled, strict=True))
        self._link(self._objects, self._plain)

    def tree(self, mutations: Sequence[Mutation]) -> Path:
        """The unmutated one, ready for the tests of these mutations."""
        if self._backend in FOREIGN:
            return self._plain
        self._collect(sorted({mutation.test.partition("::")[0] for mutation in mutations}))
        if any(mutation.test.endswith(FREED_ONCE) for mutation in mutations):
            self._prepare(self._plain)
        return self._plain

    def mutant(self, mutation: Mutation) -> Path:
        tree = self._work / mutation.name
        self._copy(self._plain, tree)
        target = tree / mutation.file
        text = mutation.apply(target.read_text(encoding="utf-8"))
        target.unlink()  # it is the plain tree's too
        target.write_text(text, encoding="utf-8")
        if self._backend in FOREIGN:
            return tree
        if target.suffix == ".c":
            again = [mutation.file]
        elif target.suffix == ".h":
            again = self._sources
        else:
            again = []
        if again:
            self._link(self._objects | {source: self._compile(source, tree, tree) for source in again}, tree)
        if mutation.test.endswith(FREED_ONCE):
            self._prepare(tree)
        return tree

    def _copy(self, source: Path, target: Path) -> None:
        """Copy the project; trees after the first share its files, which are then read only once in emulation."""
        copy = shutil.copy2 if source == self._root else os.link
        ignored = shutil.ignore_patterns("*.so", "__pycache__") if source == self._root else None
        for name in COPIED:
            path = source / name
            if path.is_dir():
                shutil.copytree(path, target / name, copy_function=copy, ignore=ignored)
            else:
                copy(path, target / name)

    def _compile(self, source: str, root: Path, folder: Path) -> Path:
        """Compile one of the sources as it is under `root` to an object in `folder`."""
        path = root / source if source != GENERATED else self._work / GENERATED
        target = folder / f"{source.replace('/', '_')}.o"
        words = [
            *_compiler(), "-c", "-O1", "-fPIC", *self._flags, "-DPy_LIMITED_API=0x030b0000",
            *(f"-I{root / folder}" for folder in self._folders), f"-I{sysconfig.get_path('include')}",
            str(path), "-o", str(target),
        ]  # fmt: skip
        _run(words)
        return target

    def _link(self, objects: dict[str, Path], tree: Path) -> None:
        module = tree / f"sctpx/_native/_{self._backend}.abi3.so"
        module.unlink(missing_ok=True)
        _run([*_compiler(), "-shared", *map(str, objects.values()), "-o", str(module), *self._libraries, "-pthread"])

    def _collect(self, files: list[str]) -> None:
        """Have Python and pytest keep all that is imported compiled, which takes long in emulation."""
        words = [sys.executable, "-m", "pytest", "-qq", "--collect-only", "-p", "no:cacheprovider", *files]
        environment = {**os.environ, "SCTPX_BACKEND": self._backend, "PYTHONPATH": str(self._plain)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        _run(words, cwd=self._plain, env=environment)

    def _prepare(self, tree: Path) -> None:
        words = [sys.executable, "-m", "tests.contract.shim.native", self._backend]
        _run(words, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)})


def _builder(root: Path, backend: str) -> Any:
    spec = importlib.util.spec_from_file_location("build_ffi", root / "build_ffi.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return getattr(module, backend)()


def _compiler() -> list[str]:
    return shlex.split(os.environ.get("CC") or str(sysconfig.get_config_var("CC") or "cc"))


def _run(words: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=cwd, env=env)
    if done.returncode:
        raise SystemExit(f"mutants: {shlex.join(words)}\n{done.stdout}{done.stderr}")
