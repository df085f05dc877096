# SPDX-License-Identifier: MIT
"""Network namespaces (Linux): `enter()` one of one's own, in a process made for it; `visit()` that of a process."""

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Iterator

_CLONE_NEWNET = 0x40000000
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


def enter() -> None:
    """Leave the machine's network for an empty one with nothing but loopback, up."""
    _check(_libc().unshare(_CLONE_NEWNET))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))


@contextlib.contextmanager
def visit(pid: int) -> Iterator[None]:
    """Let this thread be in a process's network: the sockets that it makes meanwhile stay there."""
    with open("/proc/thread-self/ns/net", "rb") as home, open(f"/proc/{pid}/ns/net", "rb") as there:
        _check(_libc().setns(there.fileno(), _CLONE_NEWNET))
        try:
            yield
        finally:
            _check(_libc().setns(home.fileno(), _CLONE_NEWNET))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def sysctl(name: str, value: str) -> None:
    """Set one of this namespace's own."""
    with open(f"/proc/sys/{name.replace('.', '/')}", "w", encoding="ascii") as file:
        file.write(value)
