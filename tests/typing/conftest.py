# SPDX-License-Identifier: MIT
"""The programs are read by the checkers, never run."""

collect_ignore_glob = ["programs/*", "promise/*", "misuse.py"]
