# SPDX-License-Identifier: MIT
"""The socket's own: buffers, and how it closes."""

from typing import ClassVar

from sctpx._native import _contract as c
from sctpx._option_record import OptionRecord
from sctpx.options._codec import Codec, Seconds, Whole, WholeSeconds
from sctpx.options._values import EndpointValue


class ReceiveBuffer(EndpointValue[int]):
    """Bytes of the receive buffer (RFC 6458 §8.1.6), as asked for: read back without Linux' doubling.

    It bounds what peers make a socket hold unread: on userland the user data of each association, which takes up to
    500 bytes more for each message; on Linux the memory of all associations together. Notifications come on top.
    """

    __slots__ = ()
    _symbol = c.OPT_RECEIVE_BUFFER
    _codec = Whole(1, 0x7FFFFFFF)


class SendBuffer(EndpointValue[int]):
    """Bytes of the send buffer (RFC 6458 §8.1.7), as asked for; the largest message that can be sent."""

    __slots__ = ()
    _symbol = c.OPT_SEND_BUFFER
    _codec = Whole(1, 0x7FFFFFFF)


class Linger(EndpointValue[float | None]):
    """What `close` does with unsent messages (RFC 6458 §8.1.4).

    None: deliver them in the background; 0: abort; above: wait so many whole seconds for their delivery.
    """

    __slots__ = ()
    _symbol = c.OPT_LINGER
    _codec: ClassVar[Codec] = Seconds(least=0.0, most=0xFFFF)
    _none = 0

    def _encode(self) -> dict[int, int]:
        return {0: 0, 1: 0} if self._value is None else {0: 1, 1: self._codec.encode(self._value)}

    @classmethod
    def _decode(cls, record: OptionRecord) -> object:
        return cls._codec.decode(record.fields[1]) if record.fields[0] else None


class AutoClose(EndpointValue[float | None]):
    """End associations of an endpoint that were idle for so many whole seconds (RFC 6458 §8.1.8); None: never."""

    __slots__ = ()
    _symbol = c.OPT_AUTO_CLOSE
    _codec = WholeSeconds(least=1.0, most=0x7FFFFFFF)
    _none = 0
