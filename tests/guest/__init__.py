# SPDX-License-Identifier: MIT
"""A real Linux kernel with SCTP for hosts whose own has none: `python -m tests.guest COMMAND…`.

QEMU emulates a PC that runs Debian's (or Ubuntu's) kernel. Its root file system is the host's, shared by 9p, so the
command finds the same files and what it writes is written on the host. It has two processors, loopback and no network.
"""
