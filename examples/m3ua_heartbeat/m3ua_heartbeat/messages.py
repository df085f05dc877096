# SPDX-License-Identifier: MIT
"""M3UA messages as bytes (RFC 4666 §3): a header of eight bytes, then parameters, which are passed on as they are."""

import struct
from dataclasses import dataclass
from enum import IntEnum

_HEADER = struct.Struct("!BxHI")
_PARAMETER = struct.Struct("!HHI")
_VERSION = 1
_ERROR_CODE = 0x000C


class Kind(IntEnum):
    """Class and type, as the two bytes that they are in the header."""

    ERROR = 0x0000
    ASP_UP = 0x0301
    ASP_DOWN = 0x0302
    BEAT = 0x0303
    ASP_UP_ACK = 0x0304
    ASP_DOWN_ACK = 0x0305
    BEAT_ACK = 0x0306


UNSUPPORTED_TYPE = 0x04  # an error code (RFC 4666 §3.8.1)


class BadMessage(ValueError):
    """What came is not M3UA."""


@dataclass(frozen=True)
class M3ua:
    kind: int  # a Kind where it is known
    parameters: bytes


def encode(kind: Kind, parameters: bytes = b"") -> bytes:
    return _HEADER.pack(_VERSION, kind, _HEADER.size + len(parameters)) + parameters


def error(code: int) -> bytes:
    return encode(Kind.ERROR, _PARAMETER.pack(_ERROR_CODE, _PARAMETER.size, code))


def decode(data: bytes) -> M3ua:
    """BadMessage says what is wrong with it."""
    if len(data) < _HEADER.size:
        raise BadMessage(f"{len(data)} bytes are no M3UA header")
    version, kind, length = _HEADER.unpack_from(data)
    if version != _VERSION:
        raise BadMessage(f"M3UA version {version}")
    if length != len(data):
        raise BadMessage(f"M3UA length {length} in a message of {len(data)} bytes")
    return M3ua(kind, data[_HEADER.size :])
