# SPDX-License-Identifier: MIT
"""Options that make a stack speak all of SCTP, and that sctpx has no class for, by the stacks' own numbers."""

import contextlib
import struct
from collections.abc import Iterator
from pathlib import Path

import sctpx
from sctpx.options import FragmentInterleave

IPPROTO_SCTP = 132
Anyone = sctpx.Socket | sctpx.Endpoint

# By backend: usrsctp.h, and the kernel's linux/sctp.h.
_NUMBERS = {
    "userland": {
        "interleaving": 0x1206, "enable_reset": 0x900, "reset_streams": 0x901, "peer_primary": 6,
    },
    "linux": {
        "interleaving": 125, "enable_reset": 118, "reset_streams": 119, "peer_primary": 5,
        "auth": 129, "asconf": 128, "reconfig": 117,
    },
}  # fmt: skip
_ALL = struct.pack("=II", 0, 1)


def _set(sock: Anyone, name: str, value: bytes) -> None:
    sock.setsockopt(IPPROTO_SCTP, _NUMBERS[str(sctpx.backend.name)][name], value)


@contextlib.contextmanager
def allowed() -> Iterator[None]:
    """Let sockets have all of them, where that takes root."""
    if sctpx.backend.name != "linux":
        yield
        return
    sysctl = Path("/proc/sys/net/sctp/intl_enable")
    before = sysctl.read_text()
    sysctl.write_text("1")
    try:
        yield
    finally:
        sysctl.write_text(before)


def interleaving(sock: Anyone) -> None:
    """Send I-DATA, to those who can take it, and deliver several messages in pieces at once."""
    sock.set(FragmentInterleave(1 if sctpx.backend.name == "linux" else 2))  # a kernel has no more levels
    _set(sock, "interleaving", _ALL)


def everything(sock: Anyone) -> None:
    """Re-configuration, authentication, changes of address: before there is an association."""
    if sctpx.backend.name == "linux":
        for name in ("auth", "asconf", "reconfig"):
            _set(sock, name, _ALL)
    _set(sock, "enable_reset", struct.pack("=II", 0, 7))


def reset_streams(sock: sctpx.Socket) -> None:
    """Ask for new sequence numbers on all outgoing streams."""
    _set(sock, "reset_streams", struct.pack("=IHH", 0, 2, 0))


def peer_primary(sock: sctpx.Socket) -> None:
    """Ask the peer to send to an address of ours, which takes an ASCONF behind an AUTH."""
    (host, port) = sock.local_addresses()[0]
    address = struct.pack("=H", 2) + struct.pack("!H4B", port, *map(int, host.split("."))) + bytes(120)
    if sctpx.backend.name == "linux":
        _set(sock, "peer_primary", struct.pack("=I", 0) + address)
    else:
        _set(sock, "peer_primary", address + bytes(8))
