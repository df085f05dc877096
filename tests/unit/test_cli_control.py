# SPDX-License-Identifier: MIT
"""The demo's control channel: two processes, and no way for one to outlive the other."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sctpx._cli import control
from sctpx._cli.control import DemoError, Line, Peer, integer, items, parse, text

SAY = "import json, sys\ndef say(**line): print(json.dumps(line), flush=True)\n"


@contextmanager
def peer(program: str, heard: list[Line] | None = None) -> Iterator[Peer]:
    lines = [] if heard is None else heard
    with Peer([sys.executable, "-c", SAY + program], dict(os.environ), lines.append) as other:
        yield other


def test_events_are_expected_and_the_rest_is_heard() -> None:
    heard: list[Line] = []
    program = """say(event='ready'); order = json.loads(input())
say(event='progress', bytes=order['n']); print('plain words'); say(event='done')"""
    with peer(program, heard) as other:
        other.expect("ready", 30)
        other.tell({"event": "serve", "n": 5})
        other.expect("done", 30)
    assert heard == [{"event": "progress", "bytes": 5}, {"event": "words", "text": "plain words"}]


def test_its_error_is_ours() -> None:
    program = "say(event='error', text='bind: in use')"
    with peer(program) as other, pytest.raises(DemoError, match="in use"):
        other.expect("listening", 30)


def test_its_early_end_is_told_with_what_it_said() -> None:
    heard: list[Line] = []
    with peer("sys.exit('Traceback: it broke')", heard) as other, pytest.raises(DemoError, match="status 1"):
        other.expect("listening", 30)
    assert text(heard[0], "text") == "Traceback: it broke"


def test_silence_has_an_end() -> None:
    with peer("sys.stdin.read()") as other, pytest.raises(DemoError, match="'ready'"):
        other.expect("ready", 0.05)


def test_it_ends_when_the_block_does() -> None:
    with peer("say(event='ready'); sys.stdin.read()") as other:
        other.expect("ready", 30)
        pid = other.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_one_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "CLOSING", 0.05)
    with peer("say(event='ready')\nimport threading; threading.Event().wait()") as other:
        other.expect("ready", 30)
        pid = other.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_telling_one_that_is_gone_is_found_out_by_expecting() -> None:
    with peer("") as other:
        with pytest.raises(DemoError):
            other.expect("ready", 30)
        other.tell({"event": "serve"})


@pytest.mark.parametrize("line", ["", "words", "[1]", "1", '{"event"'])
def test_what_is_no_object_is_words(line: str) -> None:
    assert parse(line + "\n") == {"event": "words", "text": line}


def test_fields_of_another_kind_are_empty() -> None:
    line: Line = {"event": "done", "files": 3, "bytes": "x"}
    assert (text(line, "files"), integer(line, "bytes"), items(line, "files")) == ("", 0, [])
