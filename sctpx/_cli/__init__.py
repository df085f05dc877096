# SPDX-License-Identifier: MIT
"""The command line: `demo` (files over two paths) and `doctor` (what works here, and why not)."""
