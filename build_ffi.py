# SPDX-License-Identifier: MIT
"""Which modules are compiled, from which folders of backends/, with which C libraries.

One module per backend, all from the same cdef. Importing this file compiles and probes nothing: setup.py and cffi's
own tools call `linux` or `userland` for a builder, and setup.py asks `missing` just before it compiles.
"""

import os
import re
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cffi import FFI

ROOT = Path(__file__).resolve().parent
CDEF = re.compile(r"/\* == cdef begins == \*/(.*)/\* == cdef ends == \*/", re.DOTALL)


@dataclass(frozen=True)
class Backend:
    header: str
    libraries: tuple[str, ...]
    packages: str  # what to install, by package manager


BACKENDS = {
    "linux": Backend("netinet/sctp.h", ("sctp",), "apt: libsctp-dev, dnf: lksctp-tools-devel"),
    "userland": Backend(
        "usrsctp.h", ("usrsctp", "pthread"), "apt: libusrsctp-dev, dnf: usrsctp-devel, brew and pkg: libusrsctp"
    ),
}


def linux() -> FFI:
    return _builder("linux")


def userland() -> FFI:
    return _builder("userland")


def names() -> tuple[str, ...]:
    """The backends that this OS can have; FreeBSD and Solaris have no shim to their kernels' SCTP yet."""
    return ("linux", "userland") if sys.platform.startswith("linux") else ("userland",)


def wanted() -> tuple[str, ...]:
    """Those that SCTPX_BUILD insists on; none when it is unset.

    Raises:
        SystemExit: it names something that there is not.
    """
    asked = tuple(filter(None, re.split(r"[,\s]+", os.environ.get("SCTPX_BUILD", ""))))
    unknown = [name for name in asked if name not in names()]
    if unknown:
        raise SystemExit(f"sctpx: SCTPX_BUILD names {', '.join(unknown)}; this OS can have: {', '.join(names())}")
    return asked


def selection() -> tuple[str, ...]:
    """The backends to compile here: what SCTPX_BUILD asks for, else all whose C library is installed.

    Raises:
        SystemExit: one that was asked for cannot be built, or none can.
    """
    asked = wanted()
    causes = {name: missing(name) for name in asked or names()}
    lost = [f"sctpx: without the backend {name!r}: {cause}" for name, cause in causes.items() if cause]
    found = tuple(name for name, cause in causes.items() if not cause)
    if lost and (asked or not found):
        why = "SCTPX_BUILD asks for it" if asked else "no backend can be built"
        raise SystemExit("\n".join([*lost, f"sctpx: nothing was compiled: {why}"]))
    for line in lost:
        print(line, file=sys.stderr)
    return found


def missing(name: str) -> str:
    """Why `name` cannot be compiled here, with what to install; empty when it can."""
    backend = BACKENDS[name]
    if not _compiles("int main(void) { return 0; }\n", ()):
        return f"the C compiler {_compiler()[0]!r} does not work (apt: gcc, dnf: gcc, macOS: xcode-select --install)"
    includes = "".join(f"#include <{header}>\n" for header in ("stddef.h", "sys/socket.h", backend.header))
    if _compiles(includes + "int main(void) { return 0; }\n", backend.libraries):
        return ""
    return f"<{backend.header}> or lib{backend.libraries[0]} is not there; install it ({backend.packages})"


def _builder(name: str) -> FFI:
    backend = BACKENDS[name]
    header = (ROOT / "backends/sctpx.h").read_text(encoding="utf-8")
    cdef = CDEF.search(header)
    if cdef is None:
        raise SystemExit("sctpx: backends/sctpx.h has lost its cdef marks")
    ffi = FFI()
    ffi.cdef(cdef.group(1))
    ffi.set_source(
        f"sctpx._native._{name}",
        '#include "sctpx.h"',
        sources=_files(name, "*.c"),
        depends=["backends/sctpx.h", *_files(name, "*.h")],
        include_dirs=["backends"],
        libraries=list(backend.libraries),
        # The shims use what is the OS's own; Python.h defines the same.
        define_macros=[("_GNU_SOURCE", "1")],
        # Two modules with the same function names live in one process.
        extra_compile_args=["-fvisibility=hidden"],
    )
    return ffi


def _files(name: str, pattern: str) -> list[str]:
    found = [path for folder in ("posix", name) for path in (ROOT / "backends" / folder).glob(pattern)]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def _compiler() -> list[str]:
    command = os.environ.get("CC") or str(sysconfig.get_config_var("CC") or "cc")
    return shlex.split(command)


def _compiles(source: str, libraries: tuple[str, ...]) -> bool:
    flags = [word for name in ("CPPFLAGS", "CFLAGS", "LDFLAGS") for word in shlex.split(os.environ.get(name, ""))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "probe.c")
        path.write_text(source, encoding="utf-8")
        command = [*_compiler(), *flags, str(path), "-o", f"{folder}/probe", *(f"-l{name}" for name in libraries)]
        try:
            return subprocess.run(command, capture_output=True, check=False).returncode == 0
        except OSError:
            return False
