# SPDX-License-Identifier: MIT
"""What every kind of socket has: its descriptor, addresses, time-out and end."""

import errno
import struct
import warnings
from collections.abc import Iterable
from socket import AF_INET6, AddressFamily
from typing import TYPE_CHECKING

from sctpx import _registry
from sctpx._address import Address, Addresses, PathLike, normalise
from sctpx._check import INT_MAX, buffer, flag, number, positive, seconds
from sctpx._errors import InvalidArgumentError
from sctpx._native._channel import Channel

if TYPE_CHECKING:
    from typing import Self

    from typing_extensions import Buffer

_ANY_IPV4 = "0.0.0.0"
_LARGEST_OPTION = 1 << 20


class Descriptor:
    """What every kind of socket has; waits for nothing.

    Sockets are closed by `with` or `close()`; one that is forgotten warns (ResourceWarning) and is closed then.
    """

    __slots__ = ("__weakref__", "_channel")
    _channel: Channel
    _style: int

    def _open(self, family: int, fileno: int | None) -> None:
        module = _registry.module()
        if fileno is None:
            self._channel = Channel.open(module, family, self._style)
        else:
            self._channel = Channel.adopt(module, number(fileno, "fileno", INT_MAX), self._style)

    def _take(self, channel: Channel) -> "Self":
        self._channel = channel
        return self

    def __del__(self) -> None:
        channel = getattr(self, "_channel", None)
        if channel is not None and not channel.closed:
            try:
                warnings.warn(f"unclosed {self!r}", ResourceWarning, source=self, stacklevel=2)
            finally:  # also where warnings are errors
                channel.close()

    def __repr__(self) -> str:
        name = type(self).__name__
        if not hasattr(self, "_channel"):
            return f"<{name}, not opened>"
        if self._channel.closed:
            return f"<{name}, closed>"
        try:
            local = ", ".join(f"{host}:{port}" for host, port in self._channel.local_addresses(0))
        except OSError:
            local = ""
        return f"<{name} {self.family.name}{f' {local}' if local else ''}>"

    @property
    def family(self) -> AddressFamily:
        """AF_INET or AF_INET6."""
        return self._channel.family

    @property
    def closed(self) -> bool:
        """Whether `close()`, `abort()` or `detach()` was called."""
        return self._channel.closed

    @property
    def max_message_size(self) -> int:
        """The most bytes that messages being put together may hold, 16 MiB by default; inherited by accept.

        It counts what was read of unfinished messages, of all associations of a socket together; what was not yet read
        is bounded by `options.ReceiveBuffer`. A message that goes beyond it is thrown away and reported by
        MessageTooLargeError when it ends; the association lives on.
        """
        return self._channel.receiver.max_message_size

    @max_message_size.setter
    def max_message_size(self, size: int) -> None:
        positive(size, "max_message_size")
        self._channel.receiver.max_message_size = size

    def fileno(self) -> int:
        """A descriptor for select, poll, epoll and event loops, on every backend; -1 when closed."""
        return self._channel.fileno()

    def detach(self) -> int:
        """Give the descriptor away; this object is closed then.

        Raises:
            UnsupportedError: on userland, whose sockets are no descriptors.
        """
        return self._channel.detach()

    def bind(self, addresses: Addresses, /) -> None:
        """Bind to one address or several (sctp_bindx, RFC 6458 §9.1); with port 0 one free port for all.

        Raises:
            InvalidArgumentError: bound already, an address of the wrong family, or different ports.
            DeniedError: a privileged port.
            SctpError: EADDRINUSE, EADDRNOTAVAIL.
        """
        listed = normalise(addresses)
        if self.family == AF_INET6:  # where any address means both families
            listed = [Address("::", port) if host == _ANY_IPV4 else Address(host, port) for host, port in listed]
        self._channel.bind(listed)

    def bindx_add(self, *addresses: PathLike) -> None:
        """Bind to more addresses, before there is an association (RFC 6458 §9.1); all or none of them.

        Raises:
            UnsupportedError: on a live association.
        """
        self._channel.bindx(self._of_mine(addresses), add=True)

    def bindx_remove(self, *addresses: PathLike) -> None:
        """Give up addresses, before there is an association (RFC 6458 §9.1).

        Raises:
            InvalidArgumentError: an address that is not bound, or the last one.
            UnsupportedError: on a live association.
        """
        self._channel.bindx(self._of_mine(addresses), add=False)

    def _of_mine(self, addresses: Iterable[PathLike]) -> list[Address]:
        """Addresses with this socket's port where they name none."""
        bound = self._channel.local_addresses(0)
        port = bound[0].port if bound else 0
        listed = [
            one for item in addresses for one in normalise(item if isinstance(item, tuple) else (item, port))
        ]
        if not listed:
            raise InvalidArgumentError(errno.EINVAL, "no addresses were given", operation="bindx")
        return listed

    def local_addresses(self) -> list[Address]:
        """The addresses bound to, a wildcard expanded; empty while not bound (RFC 6458 §9.5)."""
        return self._channel.local_addresses(0)

    def listen(self, backlog: int = 128) -> None:
        """Take associations from now on; a one-to-one socket hands them out by `accept`.

        About `backlog` of them wait for `accept`, further peers get no association. Nothing but the stack bounds how
        many an endpoint has, where `backlog` only says that it takes them.
        """
        self._channel.listen(number(backlog, "backlog", INT_MAX))

    def getsockopt(self, level: int, option: int, size: int = 4) -> bytes:
        """An option's raw bytes, numbers as this OS has them; for what sctpx does not know.

        Raises:
            UnsupportedError: where the backend has no such option.
        """
        level, option = _int(level, "level"), _int(option, "option")
        return self._channel.getsockopt(level, option, number(size, "size", _LARGEST_OPTION))

    def setsockopt(self, level: int, option: int, value: "int | Buffer") -> None:
        """Set a raw option; an int becomes a C int."""
        level, option = _int(level, "level"), _int(option, "option")
        raw = struct.pack("=i", _int(value, "value")) if isinstance(value, int) else bytes(buffer(value, "value"))
        self._channel.setsockopt(level, option, raw)


class Blocking:
    """Time-outs and closing, as in `socket`."""

    __slots__ = ()
    _channel: Channel

    def settimeout(self, timeout: float | None) -> None:
        """Limit every wait to `timeout` seconds; None: wait for ever; 0: never wait (BlockingIOError)."""
        if timeout is None:
            self._channel.timeout = -1
            return
        self._channel.timeout = max(int(seconds(timeout, "timeout") * 1e9), 1 if timeout else 0)

    def gettimeout(self) -> float | None:
        """The time-out in seconds, or None."""
        timeout = self._channel.timeout
        return None if timeout < 0 else timeout / 1e9

    def setblocking(self, blocking: bool) -> None:
        """settimeout(None) or settimeout(0); like a socket's, it takes 0 and 1 too."""
        given: object = blocking
        self._channel.timeout = -1 if flag(bool(given) if isinstance(given, int) else given, "blocking") else 0

    def close(self) -> None:
        """Close: what was sent is still delivered, in the background; `options.Linger` changes that.

        Calls that wait in other threads end with ClosedError. Closing again does nothing.
        """
        self._channel.close()

    def __enter__(self) -> "Self":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _int(value: object, name: str) -> int:
    """A C int; True and False are those of a switch."""
    return number(int(value) if isinstance(value, bool) else value, name, INT_MAX, ~INT_MAX)
