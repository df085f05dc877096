# SPDX-License-Identifier: MIT
"""FreeBSD's object code in this interpreter: its undefined symbols renamed, and defined over libusrsctp.

The extension has three parts: what cffi generates, compiled here; the shim, compiled for x86_64-freebsd; and the
bridge, which holds a second copy of the userland backend, all of whose names stay inside.
"""

import errno
import re
import shlex
import sysconfig
from functools import cache
from pathlib import Path

from tests.foreign import abi
from tests.foreign.freebsd import Target
from tests.foreign.python_stub import ABI
from tests.foreign.shim import Shim, shim, undefined
from tests.foreign.zig import BUILD, ROOT, run

HERE = Path(__file__).parent
FOLDER = BUILD / "freebsd/bridge"
MODULE = FOLDER / "module/_freebsd.abi3.so"
TARGET = Target("x86_64", "14.0")
# What the two systems do alike, numbers and structs included: no bridge for these.
_ALIKE = """
abort calloc free getenv malloc memchr memcmp memcpy memmove memset pthread_getspecific pthread_self
pthread_setspecific realloc snprintf strchr strcmp strlen strncmp strtol strtoul
"""
ALIKE = frozenset(_ALIKE.split())
# Of libc's headers, which the table does not cover.
MORE = {"IPPROTO_IPV6": 41, "IPV6_V6ONLY": 27}


def build() -> Path:
    """The extension, linked anew."""
    MODULE.parent.mkdir(parents=True, exist_ok=True)
    parts = [generated(shim("freebsd")), foreign(shim("freebsd")), host()]
    _cc("-shared", "-Wl,-z,noexecstack", *parts, "-o", MODULE, "-lusrsctp", "-pthread")
    return MODULE


def foreign(backend: Shim) -> Path:
    """The shim for FreeBSD as one object, and all that it needs from libc under the bridge's names."""
    folder = FOLDER / "shim"
    whole = FOLDER / "shim.o"
    objects = [path for path in TARGET.objects(backend, folder) if path.stem != object_name(backend.generated)]
    run(("ld", "-r", *objects, "-o", whole))
    names = FOLDER / "names"
    names.write_text("".join(f"{name} bridge_{name}\n" for name in sorted(needed(whole))), encoding="ascii")
    renamed = FOLDER / "renamed.o"
    run(("objcopy", f"--redefine-syms={names}", whole, renamed))
    return renamed


def object_name(source: Path) -> str:
    return f"{source.parent.name}_{source.stem}"


def needed(whole: Path) -> set[str]:
    return {name for name in undefined(whole) if name not in ALIKE and name != "_GLOBAL_OFFSET_TABLE_"}


def generated(backend: Shim) -> Path:
    target = FOLDER / "module.o"
    words = (*backend.flags[:2], ABI, *(f"-I{folder}" for folder in backend.folders))
    _cc(*words, f"-I{sysconfig.get_path('include')}", "-c", backend.generated, "-o", target)
    return target


def host() -> Path:
    """The bridge and the userland backend, with no names outside but the bridge's."""
    folder = FOLDER / "host"
    folder.mkdir(exist_ok=True)
    (folder / "numbers.h").write_text(numbers(), encoding="ascii")
    (folder / "layouts.c").write_text(layouts(), encoding="ascii")
    sources = [*shim("userland").sources, *HERE.glob("*.c"), folder / "layouts.c"]
    includes = [*shim("userland").folders, HERE, folder]
    objects = []
    for source in sources:
        objects.append(folder / f"{object_name(source)}.o")
        if is_newer(objects[-1], [source, HERE / "bridge.h", *(ROOT / "backends").rglob("*.h")]):
            continue
        words = ("-fPIC", "-O1", "-g", "-Wall", "-Wextra", "-Wconversion", "-Werror", *shim("userland").defines)
        _cc(*words, *(f"-I{path}" for path in includes), "-c", source, "-o", objects[-1])
    whole = FOLDER / "host.o"
    run(("ld", "-r", *objects, "-o", whole))
    run(("objcopy", "--wildcard", "--keep-global-symbol=bridge_*", whole))
    return whole


def is_newer(made: Path, sources: list[Path]) -> bool:
    return made.exists() and all(path.stat().st_mtime < made.stat().st_mtime for path in sources)


def numbers() -> str:
    """FreeBSD's numbers as macros, and its errnos beside this system's."""
    table = {**abi.read("freebsd").macros, **MORE}
    macros = "".join(f"#define FB_{name} {value}\n" for name, value in table.items() if name.isidentifier())
    rows = ", ".join(
        f"{{{number}, {table[name]}}}" for number, name in sorted(errno.errorcode.items()) if name in table
    )
    return f"{macros}#define FB_ERRNOS {rows}\n"


def layouts() -> str:
    """The bridge's copies of FreeBSD's structs, held against the table."""
    text = abi.read("freebsd").layouts(["msghdr", "cmsghdr", "sockaddr"])
    text = re.sub(r"struct (\w+)", r"struct fb_\1", text)
    return f'#include "bridge.h"\n{text}'


@cache
def _compiler() -> list[str]:
    return shlex.split(str(sysconfig.get_config_var("CC") or "cc"))


def _cc(*words: str | Path) -> None:
    run((*_compiler(), *words))

