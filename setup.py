# SPDX-License-Identifier: MIT
"""What pyproject.toml cannot say: the compiled modules, and the tag of a wheel that serves all later Pythons."""

import sys
import sysconfig
from pathlib import Path

from setuptools import setup
from setuptools.command.build_ext import build_ext

# A build front end does not put the source tree on the path.
sys.path.insert(0, str(Path(__file__).resolve().parent))
import build_ffi


class BuildAvailable(build_ext):
    """Compile what can be compiled here; which is asked only now, so that an sdist needs no C library."""

    def run(self) -> None:
        chosen = {f"sctpx._native._{name}" for name in build_ffi.selection()}
        self.extensions = [extension for extension in self.extensions if extension.name in chosen]
        super().run()


setup(
    cffi_modules=[f"build_ffi.py:{name}" for name in build_ffi.names()],
    cmdclass={"build_ext": BuildAvailable},
    options={} if sysconfig.get_config_var("Py_GIL_DISABLED") else {"bdist_wheel": {"py_limited_api": "cp311"}},
)
