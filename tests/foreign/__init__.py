# SPDX-License-Identifier: MIT
"""FreeBSD's and Solaris' shims on a machine that has neither: compiled, linked, and their object code executed."""
