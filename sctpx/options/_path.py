# SPDX-License-Identifier: MIT
"""Paths: the peer's addresses, how they are and how they are watched."""

import enum
from dataclasses import dataclass

from sctpx._address import Address
from sctpx._native import _contract as c
from sctpx.options._base import PathGettable, PathOption
from sctpx.options._codec import COUNT16, SWITCH, Seconds, Whole
from sctpx.options._fields import NOT_GIVEN, Fields, fields_option
from sctpx.options._values import PathValue


class PathState(enum.Enum):
    """The state of a path."""

    ACTIVE = c.PATH_ACTIVE
    INACTIVE = c.PATH_INACTIVE
    POTENTIALLY_FAILED = c.PATH_POTENTIALLY_FAILED
    UNCONFIRMED = c.PATH_UNCONFIRMED
    UNKNOWN = c.PATH_UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class PathInfo(PathGettable["PathInfo"]):
    """How a path is (RFC 6458 §8.2.2); can only be read."""

    address: Address
    state: PathState
    primary: bool
    cwnd: int
    """Bytes."""
    srtt: float
    """Seconds on every platform, as fine as the stack counts."""
    rto: float
    """Seconds."""
    mtu: int
    """Bytes."""

    @classmethod
    def _of(cls, fields: tuple[int, ...], address: Address, primary: bool) -> "PathInfo":
        state, cwnd, srtt, rto, mtu, *_ = fields
        return cls(
            address=address,
            state=PathState(state),
            primary=primary,
            cwnd=cwnd,
            srtt=srtt / 1_000_000,
            rto=rto / 1_000_000,
            mtu=mtu,
        )


@fields_option
class PathParameters(PathOption["PathParameters"], Fields):
    """How paths are watched (RFC 6458 §8.1.12); with path= one, else all of the association."""

    _symbol = c.OPT_PATH_PARAMETERS
    _codecs = (
        ("heartbeat", SWITCH),
        ("heartbeat_interval", Seconds(least=0.0)),
        ("max_retransmissions", COUNT16),
        ("mtu_discovery", SWITCH),
        ("mtu", Whole(1, 0xFFFF)),
        ("dscp", Whole(0, 63)),
        ("flow_label", Whole(0, 0xFFFFF)),
    )
    heartbeat: bool = NOT_GIVEN
    heartbeat_interval: float = NOT_GIVEN
    """Seconds, to which the stack adds the path's RTO; setting it does not turn heartbeats on."""
    max_retransmissions: int = NOT_GIVEN
    mtu_discovery: bool = NOT_GIVEN
    mtu: int = NOT_GIVEN
    """Bytes; the stacks take it while `mtu_discovery` is off."""
    dscp: int = NOT_GIVEN
    """0..63."""
    flow_label: int = NOT_GIVEN


class UdpEncapsulation(PathValue[int]):
    """The peer's UDP port (RFC 6951 §6.1); 0: plain SCTP (userland: UnsupportedError).

    Platforms: Linux needs a UDP port of its own, net.sctp.udp_port, since before the socket was made; UnsupportedError
    while it is 0.
    """

    __slots__ = ()
    _symbol = c.OPT_UDP_ENCAPSULATION
    _codec = Whole(0, 0xFFFF)
