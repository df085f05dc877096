# SPDX-License-Identifier: MIT
"""For users' own tests: connected sockets over loopback, messages out of nothing, and skips that give their reason.

Needs no kernel SCTP and no root: see `socket_pair` for the backend. With pytest, the fixture `sctp_pair` is there as
soon as sctpx is installed; everything works with unittest too.
"""

from sctpx.testing._messages import message as message
from sctpx.testing._messages import requires as requires
from sctpx.testing._pairs import endpoint_pair as endpoint_pair
from sctpx.testing._pairs import socket_pair as socket_pair

__all__ = ["endpoint_pair", "message", "requires", "socket_pair"]
