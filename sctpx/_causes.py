# SPDX-License-Identifier: MIT
"""Error causes as they stand in ABORT and ERROR chunks."""

import enum


class ErrorCause(enum.IntEnum):
    """A cause code (RFC 9260 §3.3.10 and successors); unknown codes keep their value."""

    NONE = 0
    INVALID_STREAM = 1
    MISSING_PARAMETER = 2
    STALE_COOKIE = 3
    OUT_OF_RESOURCE = 4
    UNRESOLVABLE_ADDRESS = 5
    UNRECOGNIZED_CHUNK = 6
    INVALID_PARAMETER = 7
    UNRECOGNIZED_PARAMETERS = 8
    NO_USER_DATA = 9
    COOKIE_WHILE_SHUTTING_DOWN = 10
    RESTART_WITH_NEW_ADDRESSES = 11
    USER_INITIATED_ABORT = 12
    PROTOCOL_VIOLATION = 13
    DELETE_LAST_ADDRESS = 0xA0
    UNSUPPORTED_HMAC = 0x105

    @classmethod
    def _missing_(cls, value: object) -> "ErrorCause | None":
        if not isinstance(value, int):
            return None
        cause = int.__new__(cls, value)
        cause._name_ = f"UNKNOWN_{value}"
        cause._value_ = value
        return cause

    def __reduce_ex__(self, protocol: object) -> tuple[type["ErrorCause"], tuple[int]]:
        # By number: early releases of Python 3.11 go by the name, which the class does not have for an unknown one.
        return type(self), (self.value,)
