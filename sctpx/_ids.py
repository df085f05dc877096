# SPDX-License-Identifier: MIT
"""How associations are named, on one-to-many sockets."""

import enum
from typing import NewType, TypeAlias

from sctpx._address import Addresses

AssociationId = NewType("AssociationId", int)
"""Opaque; only the socket that gave it understands it."""
Destination: TypeAlias = AssociationId | Addresses
"""Whom a one-to-many socket sends to."""


class Scope(enum.Enum):
    """Which associations of a one-to-many socket an option or a subscription is for (RFC 6458 §7.2)."""

    FUTURE = 0
    CURRENT = 1
    ALL = 2
