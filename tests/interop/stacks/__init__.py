# SPDX-License-Identifier: MIT
"""Across stacks: userland in one network namespace, the kernel's SCTP over UDP in another."""
