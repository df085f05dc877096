# SPDX-License-Identifier: MIT
"""The end of the demo: each file as it was sent against each file as it came, and the summary of it all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sctpx._cli import words
from sctpx._cli.files import Source
from sctpx._cli.framing import lane
from sctpx._cli.intake import Received
from sctpx._cli.view import Labelled
from sctpx.options import PathInfo

SHOWN = 10  # files that differ, by name


@dataclass(frozen=True, slots=True)
class Verdict:
    """One file; `problem` is "" when it arrived as it was sent."""

    source: Source
    sent: str
    received: str
    problem: str


def compare(
    sources: Iterable[Source], sent: Mapping[int, str], failures: Mapping[int, str], received: Iterable[Received],
) -> list[Verdict]:
    """Hold what came against what was sent."""
    came = {result.number: result for result in received}
    verdicts: list[Verdict] = []
    for source in sources:
        number, result = source.number, came.get(source.number)
        problem = failures.get(number, "")
        if not problem and result is None:
            problem = "never came"
        elif not problem and result is not None:
            problem = result.problem or ("" if result.sha256 == sent.get(number) else "SHA-256 differs")
        verdicts.append(Verdict(source, sent.get(number, ""), result.sha256 if result else "", problem))
    return verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything there is to say at the end."""

    backend: str
    versions: Mapping[str, str]
    route: str
    paths: Sequence[PathInfo]
    initial_rto: float
    verdicts: Sequence[Verdict]
    skipped: Sequence[str]
    strays: Sequence[str]
    notifications: Sequence[Mapping[str, str]]
    messages: int
    seconds: float
    graceful: bool

    @property
    def different(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.problem]

    @property
    def bytes(self) -> int:
        return sum(verdict.source.size for verdict in self.verdicts)

    @property
    def ok(self) -> bool:
        return self.graceful and not (self.different or self.skipped or self.strays)

    def as_json(self) -> dict[str, object]:
        """Return the summary for machines."""
        return {
            "ok": self.ok, "backend": self.backend, "versions": dict(self.versions), "route": self.route,
            "paths": [_path(path) for path in self.paths], "files": len(self.verdicts), "bytes": self.bytes,
            "messages": self.messages, "seconds": round(self.seconds, 6),
            "bytes_per_second": round(self.bytes / self.seconds), "identical": len(self.verdicts) - len(self.different),
            "different": [_verdict(verdict) for verdict in self.different], "skipped": list(self.skipped),
            "strays": list(self.strays), "notifications": list(self.notifications), "graceful_shutdown": self.graceful,
            "sha256": {str(verdict.source.path): verdict.received for verdict in self.verdicts},
        }

    def for_view(self) -> tuple[list[tuple[str, ...]], list[Labelled]]:
        """Return the rows of the paths and the summary for people."""
        return [words.path_row(path, self.initial_rto) for path in self.paths], self._lines()

    def _lines(self) -> list[Labelled]:
        bad, identical = self.different, len(self.verdicts) - len(self.different)
        unordered = sum(lane(verdict.source.number).unordered for verdict in self.verdicts)
        names = " ".join(f"{name} {version}" for name, version in self.versions.items())
        files = f"{words.count(len(self.verdicts), 'file')}, {words.size(self.bytes)}"
        messages = words.count(self.messages, "message")
        rate = f"{words.size(self.bytes / self.seconds)}/s, {self.messages / self.seconds:,.0f} messages/s"
        result: list[Labelled] = [
            ("backend", f"{self.backend} ({names})", ""),
            ("sent", f"{files} ({unordered:,} unordered), {messages} in {words.seconds(self.seconds)}", ""),
            ("throughput", rate, ""),
            ("SHA-256", f"{identical:,} identical, {len(bad):,} different", "bad" if bad else "good"),
        ]
        for verdict in bad[:SHOWN]:
            result.append(("different", f"{verdict.source.path}: {verdict.problem}", "bad"))
        if len(bad) > SHOWN:
            result.append(("", f"and {len(bad) - SHOWN} more", "bad"))
        for stray in self.strays[:SHOWN]:
            result.append(("stray", stray, "bad"))
        if self.skipped:
            result.append(("skipped", f"{words.count(len(self.skipped), 'file')}, named above", "bad"))
        if self.graceful:
            return [*result, ("shutdown", "graceful", "good")]
        return [*result, ("shutdown", "not graceful", "bad")]


def _path(path: PathInfo) -> dict[str, object]:
    return {
        "address": path.address.host, "port": path.address.port, "state": path.state.name.lower(),
        "primary": path.primary, "srtt": path.srtt, "rto": path.rto, "cwnd": path.cwnd, "mtu": path.mtu,
    }


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "file": str(verdict.source.path), "problem": verdict.problem,
        "sent": verdict.sent, "received": verdict.received,
    }
