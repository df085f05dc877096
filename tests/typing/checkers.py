# SPDX-License-Identifier: MIT
"""mypy and pyright, run as a user would: what each refuses, by file and line."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_REFUSAL = re.compile(r"^(?P<file>[^:]+):(?P<line>\d+): error: (?P<text>.*)$", re.MULTILINE)


class Refusal(NamedTuple):
    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


def listed(refusals: Iterable[Refusal]) -> str:
    """One a line; empty when there is none."""
    return "\n".join(map(str, refusals))


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **environment},
        check=False,
        timeout=280,
    )


def mypy(cwd: Path, arguments: Sequence[str], **environment: str) -> list[Refusal]:
    done = run("mypy", "--no-error-summary", "--hide-error-context", *arguments, cwd=cwd, **environment)
    found = [Refusal(one["file"], int(one["line"]), one["text"]) for one in _REFUSAL.finditer(done.stdout)]
    assert done.returncode in (0, 1) and bool(done.returncode) == bool(found), done.stdout + done.stderr
    return found


def pyright(cwd: Path, arguments: Sequence[str]) -> list[Refusal]:
    done = run("pyright", "--outputjson", "--pythonpath", sys.executable, *arguments, cwd=cwd)
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise AssertionError(done.stdout + done.stderr) from None
    return [
        Refusal(os.path.relpath(one["file"], cwd), one["range"]["start"]["line"] + 1, one["message"])
        for one in report["generalDiagnostics"]
        if one["severity"] == "error"
    ]


CHECKERS: dict[str, Callable[[Path, Sequence[str]], list[Refusal]]] = {"mypy": mypy, "pyright": pyright}
