# SPDX-License-Identifier: MIT
"""Solaris' targets: headers written by hand, and libraries of which only the names are known."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import build_ffi
from tests.foreign import python_stub, zig
from tests.foreign.shim import Shim, compile_all, shim
from tests.foreign.zig import BUILD, Failure

HERE = Path(__file__).parent
HEADERS = HERE / "include"
LIBRARIES = HERE / "libraries.toml"
TRIPLES = {"x86_64": "x86_64-pc-solaris2.11", "sparcv9": "sparcv9-sun-solaris2.11"}
FEATURES = "#define _XOPEN_SOURCE 600\n#define __EXTENSIONS__ 1\n"
PROBED = ("stddef.h", "sys/types.h", "sys/socket.h", "netinet/in.h", "netinet/sctp.h")
# illumos is the one whose numbers are known; of the others what is there and what is not.
VARIANTS = ("illumos", "oracle", "5_10")


@dataclass(frozen=True)
class Target:
    variant: str
    processor: str = "x86_64"

    def __str__(self) -> str:
        return f"{self.processor}-{self.variant}"

    @property
    def compiler(self) -> tuple[str, ...]:
        """Without the feature macros that clang defines on its own: to ask for them is the shim's business."""
        return (
            "clang", f"--target={TRIPLES[self.processor]}", "-U_XOPEN_SOURCE", "-U__EXTENSIONS__", "-nostdinc",
            f"-DSOLARIS_{self.variant.upper()}=1", "-isystem", str(HEADERS),
            "-isystem", str(zig.newest().headers),
        )  # fmt: skip

    def check(self, source: str) -> None:
        """Failure when this C does not compile."""
        path = BUILD / "solaris" / str(self) / "check.c"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        zig.newest().run(*self.compiler, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", path)

    def has(self, probe: str) -> bool:
        """What one of build_ffi.py's probes finds here."""
        includes = "".join(f"#include <{name}>\n" for name in PROBED)
        try:
            self.check(f"{FEATURES}{includes}int main(void) {{ {build_ffi.SOLARIS_PROBES[probe]} }}\n")
        except Failure:
            return False
        return True

    def shim(self) -> Shim:
        """The backend as it is compiled on such a system."""
        return shim("solaris", tuple(probe for probe in build_ffi.SOLARIS_PROBES if self.has(probe)))

    def objects(self, shim: Shim) -> tuple[Path, ...]:
        """The whole module, shim and generated, without a warning."""
        folder = BUILD / shim.name / str(self)
        words = (*self.compiler, *shim.flags, python_stub.ABI, "-isystem", str(python_stub.headers()))
        return compile_all(zig.newest(), words, (*shim.sources, shim.generated), folder)

    def library(self, name: str, source: str) -> Path:
        """A shared library of this C."""
        folder = BUILD / "solaris" / str(self)
        folder.mkdir(parents=True, exist_ok=True)
        path, target = folder / f"{name}.c", folder / f"{name}.so"
        path.write_text(source, encoding="utf-8")
        zig.newest().run(*self.compiler, "-fPIC", "-fno-builtin", "-w", "-c", path, "-o", target.with_suffix(".o"))
        zig.newest().run("ld.lld", "-shared", "-soname", target.name, target.with_suffix(".o"), "-o", target)
        return target

    def libraries(self) -> list[Path]:
        return [
            self.library(name, "".join(f"void {symbol}(void) {{}}\n" for symbol in symbols))
            for name, symbols in exports(self.variant).items()
        ]

    def link(self, shim: Shim, objects: tuple[Path, ...]) -> Path:
        """The module; Failure for a symbol that none of these libraries has."""
        wanted = {f"lib{name}.so" for name in (*shim.libraries, "c")}
        libraries = [path for path in self.libraries() if path.name in wanted]
        python = self.library("libpython3", python_stub.source(*objects))
        module = objects[0].parent / "module.so"
        zig.newest().run("ld.lld", "-shared", "-z", "defs", *objects, *libraries, python, "-o", module)
        return module


def exports(variant: str) -> dict[str, list[str]]:
    """The names by library."""
    told = tomllib.loads(LIBRARIES.read_text(encoding="utf-8"))
    return {name: f"{entry['names']} {entry.get(variant, '')}".split() for name, entry in told.items()}


TARGETS = [Target(variant, processor) for variant in VARIANTS for processor in TRIPLES]
LINKED = [target for target in TARGETS if target.processor == "x86_64"]
