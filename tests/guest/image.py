# SPDX-License-Identifier: MIT
"""The guest's kernel and initial file system, made once from the distribution's own kernel package, then kept."""

import lzma
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

INIT = Path(__file__).with_name("init.sh")
TOOLS = ("qemu-system-x86_64", "busybox", "depmod", "modprobe", "cpio", "dpkg", "apt-get")
# Debian's cloud kernel has no 9p, so it is the full one; Ubuntu splits its modules off.
META_PACKAGES = ("linux-image-amd64", "linux-image-generic")
PARTS = re.compile(r"linux-(image|modules|modules-extra)-[0-9]")
HARDWARE = ("virtio_pci", "virtio_console", "9pnet_virtio", "9p")
NETWORK = ("ipv6", "sctp", "sctp_diag", "veth", "dummy", "af_packet", "sch_netem")
PARAMETERS = {"dummy.ko": " numdummies=0"}
SEARCH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


class GuestError(Exception):
    """The guest cannot be made, or died."""


@dataclass(frozen=True)
class Image:
    kernel: Path
    initrd: Path


def image() -> Image:
    """Return the guest's image, making it first where there is none yet.

    Raises:
        GuestError: a program or package is not there, named with what to install.
    """
    absent = [name for name in TOOLS if shutil.which(name, path=SEARCH) is None]
    if absent:
        raise GuestError(f"{', '.join(absent)} not found: apt install qemu-system-x86 busybox-static kmod cpio")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "sctpx-guest")
    made = Image(cache / "kernel", cache / "initrd")
    newest = max(path.stat().st_mtime for path in (INIT, Path(__file__)))
    if not made.initrd.exists() or made.initrd.stat().st_mtime < newest:
        cache.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache.parent) as folder:
            _make(Path(folder))
            cache.mkdir(exist_ok=True)
            for name in ("kernel", "initrd"):
                Path(folder, name).replace(cache / name)
    return made


def _make(folder: Path) -> None:
    tree = _kernel_tree(folder)
    (release,) = (path.name for path in (tree / "lib/modules").iterdir())
    _tool("depmod", "-b", str(tree), release)
    root = folder / "root"
    for name in ("bin", "modules"):
        (root / name).mkdir(parents=True)
    shutil.copy(shutil.which("busybox", path=SEARCH) or "busybox", root / "bin/busybox")
    shutil.copy(INIT, root / "init")
    (root / "init").chmod(0o755)
    modules = [_unpacked(path, root / "modules") for path in _modules(tree, release)]
    (root / "modules/order").write_text("".join(f"{name}{PARAMETERS.get(name, '')}\n" for name in modules))
    names = "\n".join(str(path.relative_to(root)) for path in sorted(root.rglob("*")))
    with (folder / "initrd").open("wb") as out:
        subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], input=names.encode(), stdout=out, cwd=root, check=True)
    (packed,) = (tree / "boot").glob("vmlinuz-*")
    (folder / "kernel").write_bytes(_uncompressed(packed.read_bytes()))


def _kernel_tree(folder: Path) -> Path:
    """Unpack the current kernel's packages; nothing is installed."""
    for meta in META_PACKAGES:
        depends = _tool("apt-cache", "depends", "--recurse", "--no-recommends", "--no-suggests", meta, check=False)
        parts = sorted({line for line in depends.splitlines() if PARTS.match(line)})
        if parts:
            break
    else:
        raise GuestError("apt knows no kernel package: run apt-get update as root, once")
    _tool("apt-get", "download", "-qq", *parts, cwd=folder)
    tree = folder / "tree"
    for package in folder.glob("*.deb"):
        _tool("dpkg", "-x", str(package), str(tree))
    if (tree / "usr/lib/modules").is_dir() and not (tree / "lib").exists():
        (tree / "lib").symlink_to("usr/lib")
    return tree


def _modules(tree: Path, release: str) -> list[Path]:
    """The files to load, each after those that it needs; what is built in needs none."""
    found: dict[Path, None] = {}
    for name in HARDWARE + NETWORK:
        for line in _tool("modprobe", "-d", str(tree), "-S", release, "--show-depends", name).splitlines():
            if line.startswith("insmod "):
                found[Path(line.split()[1])] = None
    return list(found)


def _unpacked(module: Path, folder: Path) -> str:
    """Copy a module; busybox loads none that is compressed."""
    plain = module.name if module.suffix == ".ko" else module.stem
    packed = module.read_bytes()
    if module.suffix == ".zst":
        data = subprocess.run(["zstd", "-dc"], input=packed, capture_output=True, check=True).stdout
    else:
        data = lzma.decompress(packed) if module.suffix == ".xz" else packed
    (folder / plain).write_bytes(data)
    return plain


def _uncompressed(kernel: bytes) -> bytes:
    """Unpack the kernel where that is easy, since unpacking itself takes it seconds in emulation."""
    start = kernel.find(b"\xfd7zXZ\0")
    return kernel if start < 0 else lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress(kernel[start:])


def _tool(*command: str, cwd: Path | None = None, check: bool = True) -> str:
    done = subprocess.run(
        command, cwd=cwd, text=True, capture_output=True, check=False, env={**os.environ, "PATH": SEARCH, "LC_ALL": "C"}
    )
    if check and done.returncode:
        raise GuestError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout
