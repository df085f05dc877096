# SPDX-License-Identifier: MIT
"""One run of the emulated machine."""

import os
import shlex
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from tests.guest.image import GuestError, Image

# Not the machine's: where the shell is, and where the host keeps its temporary files.
NOT_PASSED = {"PWD", "OLDPWD", "SHLVL", "_", "TMPDIR"}
KERNEL_LINE = "console=ttyS0 panic=-1 quiet mitigations=off tsc=reliable nohpet cryptomgr.notests audit=0 apparmor=0"


def run(image: Image, command: Sequence[str], *, folder: str, limit: float) -> int:
    """Run a command in the guest and return its exit status; its output goes to ours.

    Raises:
        TimeoutError: it did not end within `limit` seconds.
        GuestError: the guest ended without a status.
    """
    # Not under a name that is a tmpfs in the guest.
    with tempfile.TemporaryDirectory(prefix="sctpx-guest-", dir="/var/tmp") as name:
        work = Path(name)
        (work / "script").write_text(_script(command, folder))
        late = _emulate(image, work, limit)
        status = (work / "status").read_text().strip() if (work / "status").exists() else ""
        if status:
            return int(status)
        console = (work / "console").read_text(errors="replace")[-4000:] if (work / "console").exists() else ""
        said = console + (work / "qemu").read_text(errors="replace")
        if late:
            raise TimeoutError(f"no result after {limit:g} s\n{said}")
        raise GuestError(f"the machine died\n{said}")


def _script(command: Sequence[str], folder: str) -> str:
    exports = [f"export {name}={shlex.quote(value)}\n" for name, value in os.environ.items()
               if name.isidentifier() and name not in NOT_PASSED]
    # Files over 9p are slow, and no file of the host should change by a test run.
    exports.append("export TMPDIR=/dev/shm PYTHONDONTWRITEBYTECODE=1\n")
    return "".join(exports) + f"cd {shlex.quote(folder)} || exit 126\nexec {shlex.join(command)}\n"


def _emulate(image: Image, work: Path, limit: float) -> bool:
    """Return whether the time was up."""
    with (work / "qemu").open("wb") as log:
        ends = [os.pipe(), os.pipe()]
        pumps = [
            threading.Thread(target=_pump, args=(end[0], stream))
            for end, stream in zip(ends, (sys.stdout.buffer, sys.stderr.buffer), strict=True)
        ]
        writers = [end[1] for end in ends]
        sys.stdout.flush()
        for pump in pumps:
            pump.start()
        try:
            machine = subprocess.Popen(
                _command_line(image, work, *writers), pass_fds=writers,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )
        finally:
            for writer in writers:
                os.close(writer)
        try:
            machine.wait(limit)
        except subprocess.TimeoutExpired:
            return True
        finally:
            machine.kill()
            machine.wait()
            for pump in pumps:
                pump.join()
        return False


def _command_line(image: Image, work: Path, out: int, err: int) -> list[str]:
    # passthrough keeps owners and modes, for which QEMU must be root; as anyone else the guest has that user's rights.
    security = "passthrough" if os.geteuid() == 0 else "none"
    words = [
        # Forced: /dev/kvm can open and then hang where the host is itself a guest.
        "qemu-system-x86_64", "-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max,la57=off", "-smp", "2", "-m", "2G",
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-nic", "none",
        "-serial", f"file:{work}/console", "-kernel", str(image.kernel), "-initrd", str(image.initrd),
        "-append", f"{KERNEL_LINE} sctpx.script={work}/script",
        "-virtfs", f"local,path=/,mount_tag=host,security_model={security},multidevs=remap",
        "-device", "virtio-serial",
    ]
    for name, path in (("out", f"/dev/fd/{out}"), ("err", f"/dev/fd/{err}"), ("status", f"{work}/status")):
        words += ["-chardev", f"file,id={name},path={path}", "-device", f"virtserialport,chardev={name},name={name}"]
    return words


def _pump(source: int, stream: BinaryIO) -> None:
    """Copy to the end. A reader that went away must not stall the guest, so its part is thrown away."""
    open_still = True
    with os.fdopen(source, "rb", buffering=0) as pipe:
        while data := pipe.read(65536):
            try:
                if open_still:
                    stream.write(data)
                    stream.flush()
            except OSError:
                open_still = False
