# SPDX-License-Identifier: MIT
"""`python -m sctpx doctor`: what works here, what does not, why, and what to do about it."""

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

import sctpx
from sctpx import Attempt, Feature, Support
from sctpx._cli import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All that the doctor has to say."""

    backend: str | None
    why: str
    error: str | None  # why no backend works here
    attempts: Sequence[Attempt]
    versions: Mapping[str, str]
    features: Mapping[Feature, Support]
    sysctls: Mapping[str, str]
    udp_port: int | None

    def as_json(self) -> dict[str, object]:
        """Return the diagnosis for machines."""
        return {
            "usable": self.error is None, "backend": self.backend, "why": self.why, "error": self.error,
            "attempts": [
                {"name": name, "error": None if error is None else str(error), "remedy": remedy}
                for name, error, remedy in ((tried.name, tried.error, tried.remedy) for tried in self.attempts)
            ],
            "versions": dict(self.versions),
            "features": {
                feature.name: {
                    "present": support.present, "reason": support.reason, "remedy": support.remedy,
                    "needs": None if support.needs is None else repr(support.needs),
                }
                for feature, support in self.features.items()
            },
            "sysctls": dict(self.sysctls), "udp_port": self.udp_port,
        }


def diagnose() -> Diagnosis:
    """Find out, with one real socket."""
    error = sctpx.backend._usable()
    backend = sctpx.backend
    forced = os.environ.get("SCTPX_BACKEND")
    ours = {"sctpx": sctpx.__version__, "Python": platform.python_version(), "system": platform.platform()}
    return Diagnosis(
        backend=backend.name, why=f"SCTPX_BACKEND={forced}" if forced else "this system's own",
        error=None if error is None else str(error), attempts=backend.attempts, versions={**ours, **backend.versions},
        features=backend.features, sysctls=backend._describe("sysctls"), udp_port=backend.udp_port,
    )


def run(*, as_json: bool) -> int:
    """Print the diagnosis.

    Returns:
        0, or 1 when no backend is usable.
    """
    diagnosis = diagnose()
    if as_json:
        sys.stdout.write(json.dumps(diagnosis.as_json(), indent=2) + "\n")
    else:
        show(diagnosis, sys.stdout)
    return 0 if diagnosis.error is None else 1


def show(diagnosis: Diagnosis, stream: TextIO) -> None:
    """Print the diagnosis for people."""
    stream.write("\n".join(verdict(diagnosis)) + "\n")
    for title, columns, rows in sections(diagnosis):
        if rows:
            _table(stream, title, columns, rows)


def verdict(diagnosis: Diagnosis) -> list[str]:
    """Return the first lines: which backend, or what is wrong and what to do."""
    if diagnosis.error is None:
        lines = [f"Backend: {diagnosis.backend} ({diagnosis.why})"]
    else:
        lines = ["No backend works here."]
    if diagnosis.udp_port:
        lines.append(f"UDP port: {diagnosis.udp_port}, this process's own")
    failed = [attempt for attempt in diagnosis.attempts if attempt.error is not None]
    if diagnosis.error is not None and not failed:
        lines.append(diagnosis.error)
    for attempt in diagnosis.attempts:
        lines.append(f"Tried {attempt.name}: {'it works' if attempt.error is None else attempt.error}")
        if attempt.remedy:
            lines.append(f"  remedy: {attempt.remedy}")
    return lines


def sections(diagnosis: Diagnosis) -> list[tuple[str, Sequence[str], list[Sequence[str]]]]:
    """Return each part of the diagnosis as a title, its columns and its rows."""
    features: list[Sequence[str]] = [
        (feature.name, "yes" if support.present else "no", support.reason, _remedy(support))
        for feature, support in diagnosis.features.items()
        if diagnosis.error is None  # without a backend they say nothing
    ]
    return [
        ("Versions", ("of", "version"), [*diagnosis.versions.items()]),
        ("Features", ("feature", "there", "reason", "how to get it"), features),
        ("Sysctls", ("name", "value"), [*diagnosis.sysctls.items()]),
    ]


def _remedy(support: Support) -> str:
    if support.needs is not None:
        return f"set {support.needs!r} before the association"
    return support.remedy or ""


def _table(stream: TextIO, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if stream.isatty():
        try:
            from sctpx._cli.terminal import print_table
        except ImportError:
            pass
        else:
            stream.write("\n")
            print_table(stream, title, columns, rows)
            return
    stream.write("\n".join(["", title, *words.table([columns, *rows]), ""]))
