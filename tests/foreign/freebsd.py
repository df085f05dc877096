# SPDX-License-Identifier: MIT
"""FreeBSD's targets: the real headers and libc of two releases, for two processors."""

from dataclasses import dataclass
from pathlib import Path

from tests.foreign import python_stub, zig
from tests.foreign.shim import WARNINGS, Shim, compile_all
from tests.foreign.zig import BUILD, Zig

RELEASES = {"14.0": zig.older, "15.0": zig.newest}
# Without these two, zig compiles run-time libraries of its own for minutes, of which nothing is used.
LEAN = ("-fno-sanitize=undefined", "-rtlib=none")


@dataclass(frozen=True)
class Target:
    processor: str
    release: str

    def __str__(self) -> str:
        return f"{self.processor}-freebsd.{self.release}"

    @property
    def zig(self) -> Zig:
        return RELEASES[self.release]()

    @property
    def compiler(self) -> tuple[str, ...]:
        # Without those of the newer processors, atomics are calls into the compiler's own library.
        atomics = ("-mcpu=baseline+lse",) if self.processor == "aarch64" else ()
        return ("cc", "-target", str(self), LEAN[0], *atomics)

    def check(self, source: str) -> None:
        """Failure when this C does not compile."""
        path = BUILD / "freebsd" / str(self) / "check.c"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        self.zig.run(*self.compiler, *WARNINGS, "-c", path, "-o", path.with_suffix(".o"))

    def objects(self, shim: Shim, folder: Path | None = None) -> tuple[Path, ...]:
        """The whole module, shim and generated, without a warning."""
        folder = folder or BUILD / shim.name / str(self)
        words = (*self.compiler, *shim.flags, python_stub.ABI, "-isystem", str(python_stub.headers()))
        return compile_all(self.zig, words, (*shim.sources, shim.generated), folder)

    def link(self, objects: tuple[Path, ...]) -> Path:
        """The module; Failure for a symbol that is neither in this FreeBSD's libc nor Python's."""
        folder = objects[0].parent
        stub = folder / "libpython3.so"
        (folder / "python.c").write_text(python_stub.source(*objects), encoding="utf-8")
        shared = (*self.compiler, *WARNINGS, LEAN[1], "-shared", "-fPIC", "-Wl,-z,defs")
        self.zig.run(*shared, folder / "python.c", "-o", stub)
        self.zig.run(*shared, *objects, stub, "-lpthread", "-o", folder / "module.so")
        return folder / "module.so"


TARGETS = [Target(processor, release) for release in RELEASES for processor in ("x86_64", "aarch64")]
