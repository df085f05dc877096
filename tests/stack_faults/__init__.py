# SPDX-License-Identifier: MIT
"""Minimal programs that show what a stack gets wrong by itself; see README.md beside it."""
