# SPDX-License-Identifier: MIT
"""The doctor's words and JSON, for a backend that works and for none at all."""

import dataclasses
import errno
import io
import json
import re

import pytest

from sctpx import Attempt, Feature, Support
from sctpx._cli import doctor
from sctpx._cli.doctor import Diagnosis
from sctpx.options import NoDelay

WELL = Diagnosis(
    backend="linux", why="this system's own", error=None,
    attempts=[Attempt(name="linux", error=None, remedy=None)],
    versions={"kernel": "6.1.0", "libsctp": "1.0.19"},
    features={
        Feature.CONNECTX: Support(present=True, reason="", needs=None, remedy=None),
        Feature.AUTH: Support(present=True, reason="off by default", needs=NoDelay(True), remedy=None),
        Feature.INTERLEAVING: Support(present=False, reason="off", needs=None, remedy="sysctl -w a.b=1"),
    },
    sysctls={"net.sctp.auth_enable": "0"}, udp_port=None,
)
ILL = Diagnosis(
    backend=None, why="this system's own", error="socket: Protocol not supported\nmodprobe sctp",
    attempts=[Attempt(name="linux", error=OSError(errno.EPROTONOSUPPORT, "no such thing"), remedy="modprobe sctp")],
    versions={}, features={}, sysctls={}, udp_port=None,
)


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(diagnosis: Diagnosis, stream: io.StringIO) -> str:
    doctor.show(diagnosis, stream)
    return re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())


@pytest.mark.parametrize("stream", [io.StringIO, Screen])
def test_all_is_shown_that_is_known(stream: type[io.StringIO], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    text = " ".join(shown(WELL, stream()).split())
    for expected in (
        "Backend: linux (this system's own)", "kernel 6.1.0", "libsctp 1.0.19", "CONNECTX yes",
        "AUTH yes off by default", "INTERLEAVING no off", "sysctl -w a.b=1", "net.sctp.auth_enable 0",
    ):
        assert expected in text


def test_cause_and_remedy_when_nothing_works() -> None:
    text = shown(ILL, io.StringIO())
    assert text.startswith("No backend works here.\nTried linux: [Errno 93] no such thing\n  remedy: modprobe sctp\n")
    assert "Features" not in text


@pytest.mark.parametrize(("diagnosis", "status"), [(WELL, 0), (ILL, 1)])
def test_status_and_json(
    diagnosis: Diagnosis, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(doctor, "diagnose", lambda: diagnosis)
    assert doctor.run(as_json=True) == status
    told = json.loads(capsys.readouterr().out)
    assert told["usable"] is (status == 0)
    assert told["backend"] == diagnosis.backend
    assert [attempt["remedy"] for attempt in told["attempts"]] == [attempt.remedy for attempt in diagnosis.attempts]
    assert set(told["features"]) == {feature.name for feature in diagnosis.features}


def test_an_error_that_no_attempt_tells_is_shown() -> None:
    nothing = dataclasses.replace(ILL, attempts=[], error="SCTPX_BACKEND=nonsense: there is linux")
    assert doctor.verdict(nothing) == ["No backend works here.", "SCTPX_BACKEND=nonsense: there is linux"]


def test_what_an_option_gives_is_named_first() -> None:
    features = {row[0]: row for row in doctor.sections(WELL)[1][2]}
    assert "NoDelay" in features["AUTH"][3]
    assert features["CONNECTX"][3] == ""
