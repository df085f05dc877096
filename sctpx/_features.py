# SPDX-License-Identifier: MIT
"""What a backend may or may not have, and how it answers for it."""

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from sctpx._native import _contract as c

if TYPE_CHECKING:
    from sctpx import options

BackendName: TypeAlias = Literal["linux", "freebsd", "solaris", "userland"]


class Feature(enum.Enum):
    """A capability; `supports(Feature.X)` and `backend.features[Feature.X]` tell whether it is there."""

    CONNECTX = c.FEATURE_CONNECTX
    PEELOFF = c.FEATURE_PEELOFF
    EXPLICIT_EOR = c.FEATURE_EXPLICIT_EOR
    SEND_ALL = c.FEATURE_SEND_ALL
    NEXT_INFO = c.FEATURE_NEXT_INFO
    PR_TIMED = c.FEATURE_PR_TIMED
    PR_RTX = c.FEATURE_PR_RTX
    PR_PRIO = c.FEATURE_PR_PRIO
    PR_BUF = c.FEATURE_PR_BUF
    AUTH = c.FEATURE_AUTH
    ASCONF = c.FEATURE_ASCONF
    AUTO_ASCONF = c.FEATURE_AUTO_ASCONF
    RECONFIG = c.FEATURE_RECONFIG
    INTERLEAVING = c.FEATURE_INTERLEAVING
    ABORT_REASON = c.FEATURE_ABORT_REASON
    SCHEDULERS = c.FEATURE_SCHEDULERS
    UDP_ENCAPSULATION = c.FEATURE_UDP_ENCAPSULATION
    POTENTIALLY_FAILED = c.FEATURE_POTENTIALLY_FAILED
    PLPMTUD = c.FEATURE_PLPMTUD
    ECN = c.FEATURE_ECN
    NR_SACK = c.FEATURE_NR_SACK
    PACKET_DROP = c.FEATURE_PACKET_DROP
    ZERO_CHECKSUM = c.FEATURE_ZERO_CHECKSUM
    STATISTICS = c.FEATURE_STATISTICS
    DSCP = c.FEATURE_DSCP
    SENDER_DRY = c.FEATURE_SENDER_DRY
    BATCH_SYSCALLS = c.FEATURE_BATCH_SYSCALLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Whether a feature can be had."""

    present: bool
    """As it is, or by `needs`."""
    reason: str
    """Such as "off by default: net.sctp.auth_enable is 0"."""
    needs: "options.EndpointSettable | None"
    """An option to set before the association."""
    remedy: str | None
    """A command, where no option will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A backend that was tried, and what came of it."""

    name: BackendName
    error: OSError | ImportError | None
    remedy: str | None
