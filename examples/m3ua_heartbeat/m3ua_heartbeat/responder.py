# SPDX-License-Identifier: MIT
"""What is answered, and the loop that answers."""

from sctpx import Message, Outgoing, Ppid, Socket

from m3ua_heartbeat.messages import UNSUPPORTED_TYPE, BadMessage, Kind, decode, encode, error

_ACKS: dict[int, Kind] = {
    Kind.ASP_UP: Kind.ASP_UP_ACK,
    Kind.ASP_DOWN: Kind.ASP_DOWN_ACK,
    Kind.BEAT: Kind.BEAT_ACK,
}


def answer(message: Message) -> Outgoing | None:
    """What goes back for a message, on the stream that it came on; None: nothing. Knows no socket.

    Raises:
        BadMessage: it is not M3UA.
    """
    if message.ppid != Ppid.M3UA:
        return None
    got = decode(message.data)
    if got.kind in _ACKS:
        # A heartbeat's data goes back as it came (RFC 4666 §3.5.6).
        data = encode(_ACKS[got.kind], got.parameters)
    elif got.kind in (Kind.ERROR, *_ACKS.values()):
        return None
    else:
        data = error(UNSUPPORTED_TYPE)
    return Outgoing(data, stream=message.stream, ppid=Ppid.M3UA)


def serve(sock: Socket) -> None:
    """Answer until the peer has ended the association; a peer that does not speak M3UA is told so, and aborted."""
    for message in sock.messages():
        try:
            reply = answer(message)
        except BadMessage as bad:
            sock.abort(str(bad).encode())
            return
        if reply is not None:
            sock.send_many([reply])
