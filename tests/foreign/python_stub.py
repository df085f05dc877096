# SPDX-License-Identifier: MIT
"""Python for a target that is not here: its headers with a configuration of ours, and a library of its names.

The modules use the stable ABI alone, so what remains of a target in Python.h is the sizes of C's types, which are the
same on every 64-bit Unix. Each name in the library is one that the running interpreter exports.
"""

import ctypes
import shutil
import sysconfig
from pathlib import Path

from tests.foreign.shim import undefined
from tests.foreign.zig import BUILD

ABI = "-DPy_LIMITED_API=0x030b0000"
CONFIGURATION = """\
#define STDC_HEADERS 1
#define WITH_THREAD 1
#define SIZEOF_INT 4
#define SIZEOF_LONG 8
#define SIZEOF_LONG_LONG 8
#define SIZEOF_VOID_P 8
#define SIZEOF_SIZE_T 8
#define SIZEOF_OFF_T 8
#define SIZEOF_PID_T 4
#define SIZEOF_TIME_T 8
#define SIZEOF_WCHAR_T 4
#define SIZEOF__BOOL 1
#define SIZEOF_PTHREAD_T 8
#define HAVE_LONG_LONG 1
#define HAVE_SSIZE_T 1
#define HAVE_STDINT_H 1
#define HAVE_STDARG_PROTOTYPES 1
"""


def headers() -> Path:
    """A copy of the interpreter's headers, without what they say of this machine."""
    folder = BUILD / "python"
    if not (folder / "pyconfig.h").exists():
        shutil.copytree(sysconfig.get_path("include"), folder, dirs_exist_ok=True)
        (folder / "pyconfig.h").unlink()
        (folder / "pyconfig.h").write_text(CONFIGURATION, encoding="utf-8")
    return folder


def names(*objects: Path) -> list[str]:
    """What these objects need of Python; AssertionError for a name that the interpreter does not have."""
    needed = sorted(name for name in undefined(*objects) if name.startswith(("Py", "_Py")))
    strange = [name for name in needed if not hasattr(ctypes.pythonapi, name)]
    assert not strange, f"no names of Python: {strange}"
    return needed


def source(*objects: Path) -> str:
    """C for a library with these names."""
    return "".join(f"void {name}(void);\nvoid {name}(void) {{}}\n" for name in names(*objects))
