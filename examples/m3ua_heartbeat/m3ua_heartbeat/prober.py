# SPDX-License-Identifier: MIT
"""A heartbeat on every path: whether M3UA at the other end is alive, not only its SCTP."""

from time import monotonic

from sctpx import Address, Ppid, Socket

from m3ua_heartbeat.messages import BadMessage, Kind, M3ua, decode, encode


def probe(sock: Socket) -> dict[Address, float]:
    """Seconds that a heartbeat took, for each path; one after the other.

    Raises:
        sctpx.SctpTimeoutError: the peer, or its M3UA, does not answer.
        BadMessage: it answered something else.
    """
    took: dict[Address, float] = {}
    for path in sock.paths():
        about = str(path.address).encode()
        began = monotonic()
        sock.send(encode(Kind.BEAT, about), path=path.address, ppid=Ppid.M3UA)
        reply = sock.recv_message()
        if reply is None:
            raise BadMessage("the association ended")
        if decode(reply.data) != M3ua(Kind.BEAT_ACK, about):
            raise BadMessage(f"not the answer to a heartbeat: {reply.data!r}")
        took[path.address] = monotonic() - began
    return took
