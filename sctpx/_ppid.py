# SPDX-License-Identifier: MIT
"""Payload protocol identifiers that IANA has assigned."""

import enum


class Ppid(enum.IntEnum):
    """Common payload protocols; wherever one is asked for, any 32-bit int will do."""

    NONE = 0
    IUA = 1
    M2UA = 2
    M3UA = 3
    SUA = 4
    M2PA = 5
    S1AP = 18
    RUA = 19
    HNBAP = 20
    X2AP = 27
    DIAMETER = 46
    DIAMETER_DTLS = 47
    NGAP = 60
    XNAP = 61
    F1AP = 62
    E1AP = 64
