# SPDX-License-Identifier: MIT
"""A process whose sctpx has the bridged backend: what no installed sctpx would load, its environment loads."""

import os
from pathlib import Path

from tests.foreign import bridge
from tests.foreign.zig import ROOT

EXPECTED = Path(__file__).with_name("expected.toml")
LOADER = '''\
"""Has `sctpx._native._freebsd` come out of a folder of the tests; Python runs this at its start."""

import importlib.util
import sys


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "sctpx._native._freebsd":
            return importlib.util.spec_from_file_location(name, {path!r})
        return None


sys.meta_path.insert(0, Finder)
'''


def environment() -> dict[str, str]:
    """Of a process that is to use the bridge, and of those that it starts."""
    folder = bridge.FOLDER / "loader"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(LOADER.replace("{path!r}", repr(str(bridge.MODULE))), encoding="utf-8")
    path = os.pathsep.join(filter(None, (str(folder), str(ROOT), os.environ.get("PYTHONPATH"))))
    return {
        **os.environ, "PYTHONPATH": path, "SCTPX_BACKEND": "freebsd",
        # Whose packets they are, which tells what addresses there are; and the list of what the bridge cannot.
        "SCTPX_TEST_STACK": "userland", "SCTPX_TEST_EXPECTED": str(EXPECTED),
    }  # fmt: skip
