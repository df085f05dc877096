# SPDX-License-Identifier: MIT
"""The checksum of SCTP packets (RFC 9260 Appendix A)."""

from crc32c import crc32c

# Ports and verification tag, before it; with the four bytes of itself they are the common header.
_BEFORE = 8
_HEADER = _BEFORE + 4


def summed(packet: bytes) -> bytes:
    """With the checksum that a receiver wants to see; what has no room for it stays as it is."""
    if len(packet) < _HEADER:
        return packet
    before, after = packet[:_BEFORE], packet[_HEADER:]
    return before + crc32c(before + bytes(4) + after).to_bytes(4, "little") + after
