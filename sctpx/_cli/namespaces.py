# SPDX-License-Identifier: MIT
"""Two network namespaces of the demo's own, joined by two veth pairs.

They have no names and nothing outside them is touched: they exist as long as the two processes do, so there is nothing
to clean up, not even after a crash. The sender moves into the first by starting itself again; the receiver is started
in the second.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from sctpx._cli.control import DemoError
from sctpx._cli.route import Route

# Addresses for documentation (RFC 5737): nobody's.
CLIENT = ("192.0.2.1", "198.51.100.1")
SERVER = ("192.0.2.2", "198.51.100.2")
NAMES = ("sctpx0", "sctpx1")
ENTER = ("unshare", "--net")  # as root, or inside a user namespace
ENTER_AS_USER = ("unshare", "--user", "--map-root-user", "--net")
REHEARSAL = "ip link add sctpx0 type veth peer name sctpx1 && ip addr add 192.0.2.1/24 dev sctpx0 && ip link set lo up"


class Interface(NamedTuple):
    name: str
    address: str


def interfaces(addresses: Sequence[str]) -> list[Interface]:
    """Name the ends of the pairs and their addresses, for one side."""
    return [Interface(name, f"{address}/24") for name, address in zip(NAMES, addresses, strict=True)]


def route() -> Route:
    return Route("namespaces", SERVER, CLIENT, "two paths: network namespaces joined by two veth pairs")


def way_in() -> tuple[str, ...] | None:
    """Find out how such namespaces can be had, by trying it in one that is gone at once; None: not at all."""
    if not (shutil.which("ip") and shutil.which("unshare")):
        return None
    for way in (ENTER, ENTER_AS_USER):
        try:
            tried = subprocess.run([*way, "sh", "-c", REHEARSAL], check=False, capture_output=True, timeout=10)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if tried.returncode == 0:
            return way
    return None


def move_in(way: Sequence[str], arguments: Sequence[str], backend: str) -> NoReturn:
    """Become `python -m sctpx ARGUMENTS` in a new namespace."""
    sys.stdout.flush()
    sys.stderr.flush()
    command = [*way, sys.executable, "-m", "sctpx", *arguments]
    os.execvpe(command[0], command, {**os.environ, "SCTPX_BACKEND": backend})


def join(receiver: int) -> None:
    """Lay the two pairs from here into the namespace of the process `receiver`, and bring this side up."""
    for name in NAMES:
        _ip("link", "add", name, "type", "veth", "peer", "name", name, "netns", str(receiver))
    bring_up(interfaces(CLIENT))


def bring_up(ends: Sequence[Interface]) -> None:
    """Give the interfaces of this namespace their addresses."""
    _ip("link", "set", "lo", "up")
    for name, address in ends:
        _ip("address", "add", address, "dev", name)
        _ip("link", "set", name, "up")


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], check=False, capture_output=True, text=True, timeout=30)
    if done.returncode:
        raise DemoError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
