# SPDX-License-Identifier: MIT
"""Every code block of the README runs, and does what the text around it says."""

import re
from pathlib import Path

import pytest

import sctpx
from sctpx import Ppid
from tests.support.common import LIMIT, Loopback, eventually
from tests.support.effort import native
from tests.support.shapes import EndpointPair, InBackground, Pair

README = Path(__file__).parents[2] / "README.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def run(block: str) -> dict[str, object]:
    names: dict[str, object] = {}
    exec(compile(block, str(README), "exec"), names)
    return names


def test_there_is_a_test_for_each_block() -> None:
    assert len(BLOCKS) == 4


def test_ten_lines(capsys: pytest.CaptureFixture[str], addresses: Loopback) -> None:
    run(BLOCKS[0])
    said = capsys.readouterr().out
    assert said.startswith("b'setup request' 3 60 [")
    assert "'127.0.0.1'" in said


def test_monitor(capsys: pytest.CaptureFixture[str], pair: Pair, background: InBackground) -> None:
    monitor = run(BLOCKS[1])["monitor"]
    active, passive = pair()
    assert callable(monitor)
    watching = background(lambda: monitor(passive))
    active.send(b"12345", stream=2, ppid=46)
    active.shutdown()
    watching.result()
    said = capsys.readouterr().out
    assert "5 bytes on stream 2, PPID 46" in said
    # The end may be met before the notification of it: see test_recv_many_mixes_messages_and_notifications.
    assert said.splitlines()[1:] in ([], ["SHUTDOWN_COMPLETE NONE"])


def test_serve(endpoints: EndpointPair, background: InBackground) -> None:
    serve = run(BLOCKS[2])["serve"]
    assert callable(serve)
    a, b, to_b, _ = endpoints()

    def until_closed() -> None:
        with pytest.raises(sctpx.ClosedError):
            serve(b)

    serving = background(until_closed)
    a.send(b"hello", to=to_b, stream=1)
    answer = a.recv_message()
    assert (answer.data, answer.stream) == (b"seen", 1)
    a.send(b"link", to=to_b, ppid=Ppid.M2PA)
    assert a.recv_message().data == b"seen"
    eventually(lambda: not b.associations, "the peeling off")
    b.close()
    serving.result()


@native
def test_your_own_tests(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(README.parent))
    # The ports of this process, which has its own stack.
    monkeypatch.delenv("SCTPX_UDP_PORT")
    monkeypatch.delenv("SCTPX_PEER_UDP_PORT")
    pytester.makepyfile(BLOCKS[3])
    pytester.runpytest_subprocess("--strict-markers", timeout=6 * LIMIT).assert_outcomes(passed=2)
