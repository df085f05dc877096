# SPDX-License-Identifier: MIT
"""Which modules are compiled, from which folders of backends/, with which C libraries.

One module per backend, all from the same cdef. Importing this file compiles and probes nothing: setup.py and cffi's
own tools call `linux`, `freebsd`, `solaris` or `userland` for a builder, each of which can be had on any OS, and
setup.py asks `missing` just before it compiles.
"""

import os
import re
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
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
    # The shims use what is the OS's own; where Python.h defines the same, it must be the same.
    macros: tuple[tuple[str, str], ...] = ()


BACKENDS = {
    "linux": Backend(
        "netinet/sctp.h", ("sctp",), "apt: libsctp-dev, dnf: lksctp-tools-devel", (("_GNU_SOURCE", "1"),)
    ),
    "freebsd": Backend("netinet/sctp.h", (), "a part of FreeBSD's base system"),
    "solaris": Backend(
        "netinet/sctp.h",
        ("socket", "nsl", "sctp"),
        "pkg: system/header, system/library",
        (("__EXTENSIONS__", "1"),),
    ),
    "userland": Backend(
        "usrsctp.h",
        ("usrsctp", "pthread"),
        "apt: libusrsctp-dev, dnf: usrsctp-devel, brew and pkg: libusrsctp",
        (("_GNU_SOURCE", "1"),),
    ),
}
# Whose kernel's SCTP; the key begins sys.platform. Userland is everybody's.
KERNELS = {"linux": "linux", "freebsd": "freebsd", "sunos": "solaris"}
HEADERS = ("stddef.h", "sys/types.h", "sys/socket.h", "netinet/in.h")

# In what illumos, Oracle's Solaris and its older versions differ: the macro, and what must compile and link.
SOLARIS_FEATURES = ("_XOPEN_SOURCE", "600"), ("__EXTENSIONS__", "1")
SOLARIS_PROBES = {
    "SCTPX_HAVE_ACCEPT4": "return accept4(0, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);",
    "SCTPX_HAVE_SCTP_CONNECTX": "sctp_assoc_t id; return sctp_connectx(0, NULL, 0, &id);",
    "SCTPX_HAVE_SCTP_SENDV": "return (int)sctp_sendv(0, NULL, 0, NULL, 0, NULL, 0, 0, 0);",
    "SCTPX_HAVE_SCTP_RECVV": "return (int)sctp_recvv(0, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL);",
    "SCTPX_HAVE_RFC6458_CMSGS": (
        "struct sctp_sndinfo s = {0}; struct sctp_rcvinfo r = {0}; struct sctp_nxtinfo n = {0};"
        " struct sctp_prinfo p = {0}; struct sctp_authinfo a = {0}; struct sctp_default_prinfo d = {0};"
        " struct sctp_assoc_value v = {0}; return SCTP_SNDINFO + SCTP_RCVINFO + SCTP_NXTINFO + SCTP_PRINFO +"
        " SCTP_AUTHINFO + SCTP_RECVRCVINFO + SCTP_RECVNXTINFO + SCTP_DEFAULT_SNDINFO + SCTP_DEFAULT_PRINFO +"
        " SCTP_PR_SCTP_TTL + SCTP_SENDALL + s.snd_sid + (int)r.rcv_ppid + (int)n.nxt_length + p.pr_policy +"
        " a.auth_keynumber + d.pr_policy + (int)v.assoc_value;"
    ),
}


def linux() -> FFI:
    return _builder("linux")


def freebsd() -> FFI:
    return _builder("freebsd")


def solaris(found: Iterable[str] | None = None) -> FFI:
    """`found`: those of SOLARIS_PROBES that the system has; None: ask the compiler here, if this is one."""
    if found is None:
        found = [name for name in SOLARIS_PROBES if _solaris_has(name)] if sys.platform.startswith("sunos") else []
    return _builder("solaris", tuple((name, "1") for name in found))


def userland() -> FFI:
    return _builder("userland")


def names() -> tuple[str, ...]:
    """The backends that this OS can have."""
    kernels = [name for platform, name in KERNELS.items() if sys.platform.startswith(platform)]
    return *kernels, "userland"


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
    if _compiles(_includes(backend) + "int main(void) { return 0; }\n", backend.libraries):
        return ""
    library = "".join(f" or lib{library}" for library in backend.libraries if "sctp" in library)
    return f"<{backend.header}>{library} is not there; install it ({backend.packages})"


def _includes(backend: Backend) -> str:
    return "".join(f"#include <{header}>\n" for header in (*HEADERS, backend.header))


def _solaris_has(probe: str) -> bool:
    backend = BACKENDS["solaris"]
    macros = "".join(f"#define {name} {value}\n" for name, value in SOLARIS_FEATURES)
    source = f"{macros}{_includes(backend)}int main(void) {{ {SOLARIS_PROBES[probe]} }}\n"
    return _compiles(source, backend.libraries)


def _builder(name: str, macros: tuple[tuple[str, str], ...] = ()) -> FFI:
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
        include_dirs=["backends", f"backends/{name}"],
        libraries=list(backend.libraries),
        define_macros=[*backend.macros, *macros],
        # Two modules with the same function names live in one process.
        extra_compile_args=["-fvisibility=hidden"],
    )
    return ffi


def _files(name: str, pattern: str) -> list[str]:
    folders = ("posix", name) if name == "userland" else ("posix", "posix/kernel", name)
    found = [path for folder in folders for path in (ROOT / "backends" / folder).glob(pattern)]
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
