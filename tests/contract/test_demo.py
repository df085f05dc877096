# SPDX-License-Identifier: MIT
"""The two commands as a user runs them, on the backend under test."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import sctpx
from tests.support.common import LIMIT

ROOT = Path(__file__).parents[2]


def environment() -> dict[str, str]:
    """Return ours without the UDP port that this process has, and with the backend that it runs on."""
    ours = {name: value for name, value in os.environ.items() if not name.endswith("UDP_PORT")}
    return {**ours, "SCTPX_BACKEND": str(sctpx.backend.name)}


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sctpx", *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=5 * LIMIT,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file of every kind: empty, tiny, as large as a piece and one more, and of many pieces; 40 in all."""
    sizes = [0, 1, 32768, 32769, 400_000] + [17 * number for number in range(35)]
    for number, size in enumerate(sizes):
        (tmp_path / f"{number:02}").write_bytes(hashlib.shake_128(bytes([number])).digest(size))
    return tmp_path


def test_demo_moves_files_over_its_paths_and_every_hash_is_equal(folder: Path) -> None:
    done = command("demo", "--json", str(folder))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["backend"] == sctpx.backend.name
    assert (told["ok"], told["files"], told["identical"], told["different"]) == (True, 40, 40, [])
    assert told["graceful_shutdown"] is True
    assert told["sha256"] == {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
    assert told["bytes"] == sum(file.stat().st_size for file in folder.iterdir())
    assert len(told["paths"]) == (1 if told["route"] == "single" else 2)
    assert {path["state"] for path in told["paths"]} == {"active"}
    assert {note["side"] for note in told["notifications"]} == {"sender", "receiver"}
    assert any("association up, 16 streams out, 16 in" in note["text"] for note in told["notifications"])


def test_demo_says_in_plain_lines_what_it_does(folder: Path) -> None:
    done = command("demo", str(folder))
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "40 identical, 0 different" in done.stdout
    assert ("userland" in done.stdout.splitlines()[0]) == (sctpx.backend.name == "userland")
    assert "graceful" in done.stdout


def test_demo_tells_what_it_could_not_read_and_sends_the_rest(folder: Path) -> None:
    done = command("demo", "--json", str(folder / "04"), str(folder / "missing"))
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert (told["identical"], told["different"]) == (1, [])
    assert told["skipped"] == [f"{folder / 'missing'}: No such file or directory"]
    assert "missing" in done.stderr


def test_demo_with_nothing_to_send_says_so(tmp_path: Path) -> None:
    done = command("demo", str(tmp_path))
    assert done.returncode == 1
    assert "nothing to send" in done.stdout


def test_ctrl_c_ends_both_processes(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as large:
        large.truncate(20_000_000_000)
    demo = subprocess.Popen(
        [sys.executable, "-m", "sctpx", "demo", str(tmp_path)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert demo.stdout is not None
    with demo.stdout:
        for line in demo.stdout:
            if "association up" in line:
                break
        demo.send_signal(signal.SIGINT)
        rest = demo.stdout.read()  # ends when the last process that has the pipe does: the receiver too
    assert demo.wait(LIMIT) == 128 + signal.SIGINT, rest
    assert rest.splitlines()[-1] == "interrupted: both processes ended"
    assert "Traceback" not in rest


def test_doctor_finds_the_backend_well() -> None:
    done = command("doctor", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["usable"], told["backend"], told["error"]) == (True, sctpx.backend.name, None)
    assert set(told["features"]) == {feature.name for feature in sctpx.Feature}
    for feature, support in sctpx.backend.features.items():
        assert told["features"][feature.name]["present"] is support.present
    assert dict(sctpx.backend.versions).items() <= told["versions"].items()
    plain = command("doctor")
    assert plain.returncode == 0
    assert str(sctpx.backend.name) in plain.stdout


def test_doctor_names_what_is_wrong() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sctpx", "doctor", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=5 * LIMIT,
        env={**environment(), "SCTPX_BACKEND": "nonsense"},
    )
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["usable"] is False
    assert "nonsense" in told["error"]
