# SPDX-License-Identifier: MIT
"""What people see: numbers, notifications, plain lines, and the live display."""

import io
import time
from pathlib import Path
from typing import get_args

import pytest

import sctpx
from sctpx import (
    Address,
    AssociationChange,
    AssociationId,
    CommState,
    ErrorCause,
    Notification,
    PathEvent,
    PeerAddressChange,
    PeerShutdown,
    SendFailed,
    UnknownNotification,
)
from sctpx._cli import view, words
from sctpx._cli.files import Source
from sctpx._cli.notifications import EVENTS, describe
from sctpx._cli.verdict import Summary, Verdict
from sctpx.options import PathInfo, PathState

ID = AssociationId(1)
PATH = PathInfo(
    address=Address("127.0.0.2", 9), state=PathState.ACTIVE, primary=True, cwnd=4380, srtt=0.00025, rto=1.0, mtu=1500,
)


@pytest.mark.parametrize(("number", "shown"), [
    (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (12_345_678, "12.3 MB"), (5e9, "5.0 GB"), (5e12, "5000.0 GB"),
])
def test_sizes(number: float, shown: str) -> None:
    assert words.size(number) == shown


@pytest.mark.parametrize(("number", "shown"), [
    (0.000025, "25 µs"), (0.0125, "12.5 ms"), (0.002, "2 ms"), (0.78285, "783 ms"), (3, "3.00 s"),
])
def test_durations(number: float, shown: str) -> None:
    assert words.seconds(number) == shown


def test_counts() -> None:
    assert [words.count(1, "file"), words.count(1763, "file")] == ["1 file", "1,763 files"]


@pytest.mark.parametrize(("srtt", "rto", "shown"), [
    (0.00025, 1.0, "250 µs"), (0.0, 1.0, "< 1 ms"), (0.0, 3.0, "not measured"),
])
def test_a_round_trip_of_zero_is_quick_or_unknown(srtt: float, rto: float, shown: str) -> None:
    path = PathInfo(
        address=PATH.address, state=PathState.ACTIVE, primary=False, cwnd=4380, srtt=srtt, rto=rto, mtu=1500,
    )
    assert words.round_trip(path, initial_rto=3.0) == shown


def test_tables_line_up() -> None:
    assert words.table([("a", "bbb", "c"), ("aaaa", "b", "")]) == ["  a     bbb  c", "  aaaa  b"]


@pytest.mark.parametrize(("notification", "shown"), [
    (AssociationChange(
        association=ID, state=CommState.UP, cause=ErrorCause.NONE, out_streams=16, in_streams=10, extensions=None,
        abort_chunk=b"", reason=b"",
    ), "association up, 16 streams out, 10 in"),
    (AssociationChange(
        association=ID, state=CommState.LOST, cause=ErrorCause.USER_INITIATED_ABORT, out_streams=0, in_streams=0,
        extensions=None, abort_chunk=b"", reason=b"enough",
    ), "association lost: user initiated abort (enough)"),
    (AssociationChange(
        association=ID, state=CommState.SHUTDOWN_COMPLETE, cause=ErrorCause.NONE, out_streams=0, in_streams=0,
        extensions=None, abort_chunk=b"", reason=b"",
    ), "association shutdown complete"),
    (PeerAddressChange(association=ID, address=Address("::1", 9), event=PathEvent.UNREACHABLE, error=110),
     "path ::1 unreachable"),
    (PeerAddressChange(association=ID, address=Address("::1", 9), event=PathEvent.MADE_PRIMARY, error=0),
     "path ::1 made primary"),
    (SendFailed(
        association=ID, data=b"12345", sent=False, cause=ErrorCause.NONE, stream=3, ppid=0, unordered=False, context=0,
        complete=True,
    ), "a message of 5 bytes on stream 3 failed: never sent"),
    (PeerShutdown(association=ID), "the peer shuts down"),
])
def test_notifications_in_words(notification: Notification, shown: str) -> None:
    assert describe(notification) == shown


def test_a_notification_newer_than_this_is_shown_too() -> None:
    assert "99" in describe(UnknownNotification(association=None, type=99, raw=b""))


def test_events_are_ones_that_can_be_subscribed_to() -> None:
    assert set(EVENTS) < {event for event in get_args(sctpx.Notification) if issubclass(event, sctpx.Event)}


def summary(problem: str = "", skipped: int = 0, graceful: bool = True) -> Summary:
    verdicts = [Verdict(Source(number, Path(f"/f/{number}"), 500), "ab", "ab", problem) for number in range(12)]
    return Summary(
        backend="linux", versions={"kernel": "6.1"}, route="loopback", paths=[PATH], initial_rto=3.0, verdicts=verdicts,
        skipped=["/x: Permission denied"] * skipped, strays=[], notifications=[], messages=12, seconds=0.5,
        graceful=graceful,
    )


@pytest.mark.parametrize(("made", "ok"), [
    (summary(), True), (summary("SHA-256 differs"), False), (summary(skipped=1), False),
    (summary(graceful=False), False),
])
def test_only_all_of_it_is_ok(made: Summary, ok: bool) -> None:
    assert made.ok is ok
    assert made.as_json()["ok"] is ok


def test_plain_summary() -> None:
    stream = io.StringIO()
    view.choose(stream).final(*summary("SHA-256 differs", skipped=1).for_view())
    shown = stream.getvalue()
    assert "\x1b" not in shown
    assert "127.0.0.2  active  primary  250 µs" in shown
    assert "throughput  12.0 kB/s, 24 messages/s" in shown
    assert "0 identical, 12 different" in shown
    assert "/f/9: SHA-256 differs" in shown
    assert "and 2 more" in shown
    assert "skipped     1 file" in shown


def test_plain_progress_is_a_line_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    plain = view.Plain(stream)
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with plain.transfer(1000):
        plain.progress(10)
        now += plain.EVERY
        plain.progress(500)
        plain.progress(600)
        row = words.path_row(PATH, 3.0)
        for _ in range(3):
            plain.paths([row])
        plain.notification("receiver", "association up")
    assert stream.getvalue().splitlines() == [
        "   50 %     500 B of 1.0 kB", "  path      127.0.0.2 active primary, round trip 250 µs",
        "  receiver  association up",
    ]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_live_display(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rich")
    monkeypatch.setenv("TERM", "xterm")
    stream = Screen()
    live = view.choose(stream)
    live.line("title [with brackets]", "good")
    with live.transfer(1000):
        live.paths([words.path_row(PATH, 3.0)])
        live.progress(400)
        live.notification("sender", "association up")
    live.final(*summary().for_view())
    shown = stream.getvalue()
    for expected in ("title [with brackets]", "association up", "127.0.0.2", "12 identical", "\x1b["):
        assert expected in shown


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(view.choose(Screen()), view.Plain)


def test_without_rich_a_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setitem(__import__("sys").modules, "sctpx._cli.terminal", None)
    assert isinstance(view.choose(Screen()), view.Plain)
