# SPDX-License-Identifier: MIT
"""Both checkers, strict, over our own sources: on every platform, and from outside, on the wheel as it is installed."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.typing import later
from tests.typing.checkers import ROOT, listed, mypy, pyright, run

SOURCES = ["sctpx", "tests", "tools", "build_ffi.py", "setup.py", "_sctpx_pytest.py"]
PACKED = ["sctpx", "_sctpx_pytest.py", "backends", "build_ffi.py", "setup.py",
          "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE"]
PROGRAM = later.HERE / "programs/p15_types.py"


@pytest.mark.parametrize("platform", ["linux", "darwin", "freebsd14", "sunos5"])
def test_mypy_accepts_our_sources(platform: str) -> None:
    cache = f"{ROOT}/.mypy_cache/{platform}"
    assert listed(mypy(ROOT, ["--platform", platform, "--cache-dir", cache, *SOURCES])) == ""


def test_pyright_accepts_the_package() -> None:
    assert listed(pyright(ROOT, [])) == ""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment's folder of packages, with what the wheel of this tree installs."""
    tree, environment = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    site = Path(sysconfig.get_path("platlib", "venv", {"base": str(environment), "platbase": str(environment)}))
    for name in PACKED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
        else:
            shutil.copy(ROOT / name, tree / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    wheels = tree / "wheels"
    for command in (
        [*pip, "wheel", "-q", "--no-build-isolation", "--no-deps", "--no-index", "-w", str(wheels), "."],
        [*pip, "install", "-q", "--no-deps", "--no-index", "--find-links", str(wheels), "--target", str(site), "sctpx"],
    ):
        done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, timeout=250)
        assert done.returncode == 0, done.stdout + done.stderr
    return site


def test_every_type_of_the_wheel_is_known(installed: Path, tmp_path: Path) -> None:
    arguments = ["--pythonpath", sys.executable, "--outputjson", "--verifytypes", "sctpx"]
    done = run("pyright", *arguments, cwd=tmp_path, PYTHONPATH=str(installed))
    report = json.loads(done.stdout)["typeCompleteness"]
    incomplete = [symbol for symbol in report["symbols"] if not symbol["isTypeKnown"]]
    # What makes an exported one unknown may be in one that is not.
    told = [
        f"{symbol['name']}: {one['message']}"
        for symbol in incomplete
        for one in symbol["diagnostics"]
        if "docstring" not in one["message"]
    ]
    assert report["completenessScore"] == 1, "\n".join(told)
    assert Path(report["packageRootDirectory"]) == installed / "sctpx"
    assert report["exportedSymbolCounts"]["withKnownType"] > 100


def test_a_program_finds_the_types_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    """As a user has them: by the environment's Python alone, which the checkers trust for `py.typed`."""
    python = str(installed.parents[2] / "bin/python")
    (tmp_path / PROGRAM.name).write_text(later.without_later(PROGRAM.read_text(encoding="utf-8")), encoding="utf-8")
    config = {"typeCheckingMode": "strict", "reportUnusedImport": False}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    for done in (
        run("mypy", "--strict", "--cache-dir", os.devnull, "--python-executable", python, PROGRAM.name, cwd=tmp_path),
        run("pyright", "--pythonpath", python, PROGRAM.name, cwd=tmp_path),
    ):
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_wheel_works_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    """Nothing of the tree is needed, and importing it opens nothing."""
    program = "import sctpx, sctpx.options; print(sctpx.__file__, sctpx.backend.attempts)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.startswith(str(installed)), done.stdout + done.stderr
    assert done.stderr == ""
