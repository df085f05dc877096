# SPDX-License-Identifier: MIT
"""What is in a wheel, and that it speaks with the tree that it was made from."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from email.parser import Parser
from pathlib import Path

import pytest

import build_ffi
import sctpx
from sctpx import Address
from sctpx.options import UdpEncapsulation
from tests.support.common import LIMIT, SCALE
from tests.support.shapes import Opener

from . import talk
from .conftest import ROOT

pytestmark = pytest.mark.timeout(400 * SCALE)


def test_it_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        files = {name for name in archive.namelist() if not name.endswith("/")}
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "sctpx").rglob("*.py")}
    modules = {f"sctpx/_native/_{name}.abi3.so" for name in build_ffi.selection()}
    info = f"sctpx-{sctpx.__version__}.dist-info"
    about = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "top_level.txt", "licenses/LICENSE"}
    assert files == sources | modules | {"sctpx/py.typed", "_sctpx_pytest.py"} | {f"{info}/{name}" for name in about}


def test_it_is_for_all_later_pythons(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        about = Parser().parsestr(archive.read(f"sctpx-{sctpx.__version__}.dist-info/WHEEL").decode())
        data = Parser().parsestr(archive.read(f"sctpx-{sctpx.__version__}.dist-info/METADATA").decode())
    assert wheel.name.startswith(f"sctpx-{sctpx.__version__}-cp311-abi3-")
    assert str(about["Tag"]).startswith("cp311-abi3-")
    assert about["Root-Is-Purelib"] == "false"
    assert (data["Version"], data["Requires-Python"]) == (sctpx.__version__, ">=3.11")
    needed = [line for line in data.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert [line.split(">")[0] for line in needed] == ["cffi"]


class Wheel:
    """The wheel's half of a conversation, in a process and an empty folder of its own."""

    def __init__(self, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self.process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def told(self) -> dict[str, str]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate(timeout=LIMIT)[1]
        told: dict[str, str] = json.loads(line)
        return told

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate(timeout=LIMIT)


Start = Callable[..., Wheel]


@pytest.fixture
def start(installed: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Start talk.py with the wheel, and hold that it is the wheel's sctpx which it has."""
    started: list[Wheel] = []

    def begin(*arguments: object) -> Wheel:
        source = Path(talk.__file__).read_text(encoding="utf-8")
        command = [sys.executable, "-S", "-c", source, *map(str, arguments), str(LIMIT)]
        wheel = Wheel(command, {**environment, "SCTPX_PEER_UDP_PORT": str(sctpx.backend.udp_port)}, tmp_path)
        started.append(wheel)
        assert not list(tmp_path.iterdir())
        told = wheel.told()
        assert Path(told["file"]) == installed / "sctpx/__init__.py"
        assert Path(sctpx.__file__) == ROOT / "sctpx/__init__.py"
        assert told["version"] == sctpx.__version__
        return wheel

    yield begin
    for wheel in started:
        wheel.end()


@pytest.mark.parametrize("ending", ["close", "abort"])
@pytest.mark.parametrize("speaker", ["wheel", "source"])
@pytest.mark.parametrize("listener", ["wheel", "source"])
def test_wheel_and_source_understand_each_other(
    start: Start, keep: Opener, listener: str, speaker: str, ending: str
) -> None:
    speaks = "yes" if speaker == "wheel" else "no"
    if listener == "wheel":
        wheel = start("listen", speaks, ending, "127.0.0.1", 0)
        told = wheel.told()
        address, options = Address("127.0.0.1", int(told["port"])), [UdpEncapsulation(int(told["udp_port"]))]
        sock = keep(sctpx.create_connection(address, LIMIT, options=options))
    else:
        server = keep(sctpx.create_server(("127.0.0.1", 0)))
        wheel = start("connect", speaks, ending, "127.0.0.1", server.local_addresses()[0].port)
        sock = keep(server.accept()[0])
    ours = talk.converse(sock, speaker == "source", ending)
    theirs = wheel.told()
    assert int(theirs["udp_port"]) != sctpx.backend.udp_port
    heard = "closed" if ending == "close" else f"USER_INITIATED_ABORT: {talk.REASON.decode()}"
    assert (ours, theirs["ended"]) == ((ending, heard) if speaker == "source" else (heard, ending))
    assert wheel.process.wait(LIMIT) == 0
