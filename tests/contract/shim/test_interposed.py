# SPDX-License-Identifier: MIT
"""sctp_connectx(3), EFAULT and the firewall's EACCES and EPERM, by a system call that is made to fail."""

import errno
import os
import subprocess
import sys

import pytest

from sctpx._native import _contract as c
from tests.support.common import LIMIT

from .conftest import Shim
from .native import interposer

PROGRAM = """
import os, sctpx
from sctpx._native import _contract as c

sock = sctpx.Socket()
channel = sock._channel
id = channel.ffi.new("int64_t *")
os.environ["SCTPX_TEST_ERRNO"] = os.environ["SCTPX_TEST_LATER"]
peer = channel.ffi.new("struct sctpx_address *", {"bytes": [127, 0, 0, 1], "port": 9, "family": c.FAMILY_IPV4})
print(channel.lib.sctpx_connectx(channel.handle, peer, c.ADDRESS.size, 1, channel.ffi.NULL, id), id[0])
try:
    sock.connect(("127.0.0.1", 9))
except sctpx.SctpError as error:
    print(type(error).__name__, error.errno, error.operation)
sock.close()
"""
ROWS = {
    "EFAULT": (errno.EFAULT, c.EFAULT, "SctpError"),
    "EACCES_firewall": (errno.EACCES, c.EACCES, "DeniedError"),
    "EPERM_firewall": (errno.EPERM, c.EPERM, "DeniedError"),
    "ENETUNREACH": (errno.ENETUNREACH, c.ENETUNREACH, "SctpError"),
    "ENOMEM": (errno.ENOMEM, c.ENOMEM, "SctpError"),
}


@pytest.mark.parametrize(("native", "symbol", "kind"), ROWS.values(), ids=ROWS)
def test_connectx(shim: Shim, native: int, symbol: int, kind: str) -> None:
    assert _failing(shim, native) == [f"{-symbol} 0", f"{kind} {native} connect"]


def test_connectx_no_free_port(shim: Shim) -> None:
    """Whatever the stack's word for it is, it becomes EAGAIN, and not "would block"."""
    native = errno.EADDRINUSE if shim.backend == "userland" else errno.EAGAIN
    assert _failing(shim, native) == [f"{-c.ENOPORT} 0", f"SctpError {errno.EAGAIN} connect"]


def _failing(shim: Shim, native: int) -> list[str]:
    environment = {
        **os.environ,
        "LD_PRELOAD": f"{os.environ.get('LD_PRELOAD', '')} {interposer()}",  # a sanitizer's runtime comes first
        "SCTPX_BACKEND": shim.backend,
        "SCTPX_UDP_PORT": "0",
        "SCTPX_TEST_LATER": str(native),
    }
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=3 * LIMIT, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()
