# SPDX-License-Identifier: MIT
"""A wheel made and installed as anyone would, without the network."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import _cffi_backend
import cffi
import pytest

from tests.support.effort import SEED

ROOT = Path(__file__).resolve().parents[3]
NOT_SOURCE = shutil.ignore_patterns(
    ".git", ".venv", "build", "dist", "*.so", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"
)
# Of a loaded machine: compiling takes ten seconds.
LIMIT = 200.0


def run(*command: object, cwd: Path, **variables: object) -> None:
    environment = {**os.environ, **{name: str(value) for name, value in variables.items()}}
    words = [sys.executable, *map(str, command)]
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made from a source distribution, which is made from a copy of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "tree", ignore=NOT_SOURCE)
    parallel = folder / "both-modules-at-once.cfg"
    parallel.write_text("[build_ext]\nparallel = 2\n")
    command = ["-m", "build", "--no-isolation", "--outdir", folder / "dist", folder / "tree"]
    # Half the work: how fast it is is tried elsewhere.
    quick = f"{os.environ.get('CFLAGS', '')} -O0".strip()
    run(*command, cwd=folder, DIST_EXTRA_CONFIG=parallel, CFLAGS=quick)
    (made,) = (folder / "dist").glob("*.whl")
    return made


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the wheel's content."""
    folder = tmp_path_factory.mktemp("installed")
    run("-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", folder, wheel, cwd=folder)
    return folder


@pytest.fixture
def environment(installed: Path) -> dict[str, str]:
    """Of a Python with the wheel and cffi; with -S it sees no other package, above all not this tree's."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SCTPX_", "PYTHON"))}
    roots = [installed, Path(cffi.__file__).parents[1], Path(_cffi_backend.__file__).parent]
    path = os.pathsep.join(dict.fromkeys(map(str, roots)))
    own = {"SCTPX_BACKEND": "userland", "SCTPX_TEST_SEED": str(SEED)}
    return {**inherited, **own, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
