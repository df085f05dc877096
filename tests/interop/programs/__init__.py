# SPDX-License-Identifier: MIT
"""Against programs that others wrote: socat, ncat, lksctp-tools, and plain sockets of the standard library."""
