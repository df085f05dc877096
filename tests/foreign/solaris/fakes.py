# SPDX-License-Identifier: MIT
"""Solaris' object code in this process: its undefined symbols renamed, and answered by a script.

The shim, compiled for Solaris, becomes a shared library for this system. What it needs of libc, libsocket, libnsl and
libsctp are functions that ask `Script.play`; memory, locks and clocks are fakes.c's.
"""

import re
import shlex
import sysconfig
from functools import cache
from pathlib import Path
from typing import Any

from cffi import FFI

from tests.foreign.bridge import object_name
from tests.foreign.shim import undefined
from tests.foreign.solaris import Target
from tests.foreign.zig import BUILD, ROOT, run

FOLDER = BUILD / "solaris/fakes"
CDEF = re.compile(r"/\* == cdef begins == \*/(.*)/\* == cdef ends == \*/", re.DOTALL)
OURS = """
typedef int64_t script(const char *name, const int64_t *arguments);
void fakes_begin(script *with);
int *fakes_errno(void);
long fakes_blocks(void);
long fakes_misuses(void);
void fakes_pass(int64_t time);
"""
# What all systems do alike.
_ALIKE = """
abort getenv htonl htons memchr memcmp memcpy memmove memset ntohl ntohs snprintf strchr strcmp strcpy strlen strncmp
strncpy strtol strtoul
"""
ALIKE = frozenset(_ALIKE.split())
HERE = Path(__file__).parent
FAKED = set(re.findall(r"^[\w *]*\bfake_(\w+)\(.*\)$", (HERE / "fakes.c").read_text(encoding="utf-8"), re.MULTILINE))


def needed(whole: Path) -> set[str]:
    return {name for name in undefined(whole) if name not in ALIKE and name != "_GLOBAL_OFFSET_TABLE_"}


def build(variant: str) -> Path:
    """The shared library of one variant of Solaris."""
    backend = Target(variant).shim()
    folder = FOLDER / variant
    objects = [path for path in Target(variant).objects(backend) if path.stem != object_name(backend.generated)]
    folder.mkdir(parents=True, exist_ok=True)
    whole, renamed, library = folder / "shim.o", folder / "renamed.o", folder / "library.so"
    run(("ld", "-r", *objects, "-o", whole))
    names = sorted(needed(whole))
    (folder / "names").write_text("".join(f"{name} fake_{name}\n" for name in names), encoding="ascii")
    (folder / "fakes.h").write_text(
        "".join(f"FAKE({name})\n" for name in names if name not in FAKED), encoding="ascii"
    )
    run(("objcopy", f"--redefine-syms={folder / 'names'}", whole, renamed))
    # Hidden in the object, as in the module: called by ways of their own.
    (folder / "ways.h").write_text("".join(
        f'__asm__(".globl call_{name}\\n.type call_{name},@function\\ncall_{name}: jmp {name}\\n");\n'
        for name in functions()
    ), encoding="ascii")  # fmt: skip
    words = ("-shared", "-Wl,-z,noexecstack", "-fPIC", "-O1", "-g", "-Wall", "-Wextra", "-Werror", f"-I{folder}")
    run((*_compiler(), *words, HERE / "fakes.c", renamed, "-o", library, "-Wl,-z,defs"))
    return library


@cache
def contract() -> str:
    """The cdef, its functions under the names of the ways to them."""
    header = (ROOT / "backends/sctpx.h").read_text(encoding="utf-8")
    found = CDEF.search(header)
    assert found is not None
    return re.sub(r"\b(sctpx_\w+)\(", r"call_\1(", re.sub(r"/\*.*?\*/", "", found[1], flags=re.DOTALL))


def functions() -> list[str]:
    """All of the contract."""
    return re.findall(r"\bcall_(sctpx_\w+)\(", contract())


@cache
def load(variant: str) -> tuple[Any, Any]:
    """cffi's `ffi` and `lib` of it."""
    ffi = FFI()
    ffi.cdef(contract() + OURS)
    return ffi, ffi.dlopen(str(build(variant)))


def _compiler() -> list[str]:
    return shlex.split(str(sysconfig.get_config_var("CC") or "cc"))
