# SPDX-License-Identifier: MIT
"""Run a Python module with usrsctp's checksums on, which it leaves out where both ends are on one address.

    python -m tests.paths.checked PYTHON -m MODULE ARGUMENT…
"""

import ctypes
import runpy
import sys

import sctpx

if __name__ == "__main__":
    sctpx.create_endpoint(("::1", 0)).close()  # usrsctp starts, and sets its variables
    ctypes.CDLL("libusrsctp.so.2").usrsctp_sysctl_set_sctp_no_csum_on_loopback(0)
    sys.argv = sys.argv[3:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
