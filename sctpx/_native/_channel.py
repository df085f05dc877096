# SPDX-License-Identifier: MIT
"""One handle of a backend: its calls with Python's values, time-outs and exceptions. The facade's only way down."""

from collections.abc import Mapping, Sequence
from itertools import starmap
from socket import AddressFamily
from time import monotonic_ns
from typing import Any

from sctpx import _errors as e
from sctpx._address import Address
from sctpx._check import ID_MAX
from sctpx._features import Feature
from sctpx._native import _codec
from sctpx._native import _contract as c
from sctpx._native._failures import failure, timed_out, unsupported
from sctpx._native._module import Module
from sctpx._native._protocol import Lib
from sctpx._native._receiver import Receiver
from sctpx._option_record import OptionRecord

# What of the options is a feature, and tells why it cannot be had.
_FEATURES = {c.OPT_UDP_ENCAPSULATION: Feature.UDP_ENCAPSULATION}
# What a stack says of an association that has ended, some as its last word on why.
_ENDED = frozenset(
    {c.ENOTCONN, c.EPIPE, c.ECLOSED, c.ECONNRESET, c.ECONNABORTED, c.ECONNREFUSED, c.ETIMEDOUT}
)


class Channel:
    """A handle. Timeouts are nanoseconds as at the border: negative waits for ever, 0 does not wait."""

    __slots__ = (
        "accepted",
        "closed",
        "family",
        "ffi",
        "handle",
        "lib",
        "module",
        "paths",
        "peeled",
        "receiver",
        "style",
        "timeout",
        "watched",
    )

    def __init__(self, module: Module, handle: int) -> None:
        self.module: Module = module
        self.ffi: Any = module.ffi
        self.lib: Lib = module.lib
        self.handle: int = handle
        self.closed: bool = False
        self.timeout: int = -1
        self.family: AddressFamily = _codec.family_of(self.lib.sctpx_family_of(handle))
        self.style: int = self.lib.sctpx_style_of(handle)
        self.receiver: Receiver = Receiver(module, self.style == c.ONE_TO_ONE)
        self.watched: bool = False
        # Packed path addresses of sends, found once; an association's addresses seldom change.
        self.paths: dict[tuple[int, Any], bytes] = {}
        # Taken from the stack by accepts that a signal's handler ended: for the next ones.
        self.accepted: list[tuple[int, bytes]] = []
        # Likewise associations peeled off: handles, and channels that have what is kept of them.
        self.peeled: dict[int, int | Channel] = {}

    @classmethod
    def open(cls, module: Module, family: int, style: int) -> "Channel":
        handle = module.lib.sctpx_open(_codec.family_number(family), style)
        if handle < 0:
            raise failure(module, handle, "socket")
        return cls(module, handle)

    @classmethod
    def adopt(cls, module: Module, descriptor: int, style: int) -> "Channel":
        handle = module.lib.sctpx_adopt(descriptor)
        if handle < 0:
            raise failure(module, handle, "fileno")
        if module.lib.sctpx_style_of(handle) != style:
            module.lib.sctpx_detach(handle)
            kind = "one-to-one" if style == c.ONE_TO_ONE else "one-to-many"
            raise ValueError(f"descriptor {descriptor} is not a {kind} SCTP socket")
        channel = cls(module, handle)
        if style == c.ONE_TO_ONE and channel.connected():
            channel.watch()
        return channel

    # ---- results ----------------------------------------------------------------------------------------------
    def check(self, result: int, operation: str, subject: str | None = None) -> int:
        if result < 0:
            raise failure(self.module, result, operation, subject=subject)
        return result

    def check_open(self, operation: str) -> None:
        """Raise ClosedError where the stack may not be asked."""
        if self.closed:
            raise failure(self.module, -c.ECLOSED, operation)

    def unsupported(self, subject: str, reason: str) -> e.UnsupportedError:
        return unsupported(self.module, subject, reason)

    def deadline(self) -> int:
        return monotonic_ns() + self.timeout if self.timeout > 0 else 0

    def left(self, deadline: int) -> int:
        """The time-out to go on with, after a wait that was interrupted."""
        return max(deadline - monotonic_ns(), 0) if self.timeout > 0 else self.timeout

    def gave_up(self, operation: str) -> e.SctpError:
        """What EAGAIN means here: a time-out that passed, or a non-blocking socket."""
        return timed_out(operation) if self.timeout > 0 else failure(self.module, -c.EAGAIN, operation)

    def wait(self, ready: int, deadline: int, operation: str) -> int:
        """Wait until readable or writable; signal handlers run in between (PEP 475)."""
        while (result := self.lib.sctpx_wait(self.handle, ready, self.left(deadline))) == -c.EINTR:
            pass
        if result == 0:
            raise self.gave_up(operation)
        return self.check(result, operation)

    # ---- life ---------------------------------------------------------------------------------------------------
    def fileno(self) -> int:
        return -1 if self.closed else self.check(self.lib.sctpx_fileno(self.handle), "fileno")

    def detach(self) -> int:
        descriptor = self.check(self.lib.sctpx_detach(self.handle), "detach")
        self.closed = True
        return descriptor

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            lost = [handle for handle, _ in self.accepted]
            lost += [off if isinstance(off, int) else off.handle for off in self.peeled.values()]
            try:
                while self.lib.sctpx_close(self.handle) == -c.EINTR:  # it lingers
                    pass
            finally:
                for handle in lost:
                    self.lib.sctpx_close(handle)

    def listen(self, backlog: int) -> None:
        self.check(self.lib.sctpx_listen(self.handle, backlog), "listen")

    def accept(self) -> tuple[int, bytes]:
        """A handle for `accepting`, and its peer's raw address. After the last wait there is no call for a handler of
        a signal to run behind: it would throw the handle away (see _reading)."""
        peer = self.ffi.new("struct sctpx_address *")
        raw = self.ffi.buffer(peer)
        deadline, timeout = self.deadline(), self.timeout
        handle = -c.EINTR
        while handle == -c.EINTR:
            if self.accepted:
                one = self.accepted[0]
                del self.accepted[0]
                return one
            [handle] = starmap(self.lib.sctpx_accept, [(self.handle, peer, timeout)])
            if handle == -c.EINTR:
                timeout = self.left(deadline)
        if handle == -c.EAGAIN:
            raise self.gave_up("accept")
        if handle < 0:
            raise failure(self.module, handle, "accept")
        return handle, raw[:]

    def accepting(self, handle: int) -> "Channel":
        """The channel of an accepted handle, with what it inherits."""
        child = Channel(self.module, handle)
        child.watch()
        child.receiver.subscriptions.default = self.receiver.subscriptions.default
        child.receiver.max_message_size = self.receiver.max_message_size
        return child

    def peeloff(self, association: int) -> "Channel":
        """The association on a handle of its own, with what is kept of its messages and its subscriptions.

        Where a signal's handler raises, the next call for the association goes on.
        """
        self.check(self.lib.sctpx_family_of(self.handle), "peeloff")  # in a fork, nobody would release the lock
        with self.receiver.lock:
            off = self.peeled.get(association)
            if off is None:
                self.watch(association)  # before it is moved: what ends meanwhile would never be heard of
                [off] = starmap(self.lib.sctpx_peeloff, [(self.handle, association)])
                if off < 0:
                    raise failure(self.module, off, "peeloff")
                self.peeled[association] = off
            if isinstance(off, int):
                off = self._hand_over(association, Channel(self.module, off))
        del self.peeled[association]
        return off

    def _hand_over(self, association: int, child: "Channel") -> "Channel":
        child.watch()
        mine, its = self.receiver, child.receiver
        its.subscriptions.default = mine.subscriptions.of(association)
        its.max_message_size = mine.max_message_size
        partials, rest = mine.reassembly.split(association)
        moved = [item for item in mine.ready if getattr(item, "association", 0) == association]
        others = [item for item in mine.ready if getattr(item, "association", 0) != association]
        # All at once: nothing here is a call, in which a handler might raise.
        its.reassembly, mine.reassembly = partials, rest
        its.ready, mine.ready = moved, others
        self.peeled[association] = child
        mine.subscriptions.forget(association)
        return child

    # ---- addresses ----------------------------------------------------------------------------------------------
    def packed(self, addresses: Sequence[Address]) -> tuple[Any, int, int]:
        packed = _codec.pack_list(addresses)
        return self.ffi.from_buffer("struct sctpx_address[]", packed), len(packed), len(addresses)

    def bind(self, addresses: Sequence[Address]) -> None:
        self.check(self.lib.sctpx_bind(self.handle, *self.packed(addresses)), "bind")

    def bindx(self, addresses: Sequence[Address], add: bool) -> None:
        operation = "bindx_add" if add else "bindx_remove"
        self.check(self.lib.sctpx_bindx(self.handle, *self.packed(addresses), add), operation)

    def peer_addresses(self, association: int) -> list[Address]:
        return self._addresses(self.lib.sctpx_peer_addresses, association, "peer_addresses")

    def local_addresses(self, association: int) -> list[Address]:
        return self._addresses(self.lib.sctpx_local_addresses, association, "local_addresses")

    def _addresses(self, call: Any, association: int, operation: str) -> list[Address]:
        capacity = 16
        while True:
            room = self.ffi.new("struct sctpx_address[]", capacity)
            count = call(self.handle, association, room, capacity)
            if count == -c.EINVAL:  # the stacks' word for an id that is not, or no longer, one
                count = -c.ENOTCONN
            self.check(count, operation)
            if count <= capacity:
                return _codec.unpack_list(bytes(self.ffi.buffer(room))[: count * c.ADDRESS.size])
            capacity = count

    def connected(self) -> bool:
        """Whether a one-to-one socket has its association."""
        return self.lib.sctpx_peer_addresses(self.handle, 0, self.ffi.new("struct sctpx_address *"), 1) > 0

    def associations(self) -> list[int]:
        capacity = 64
        while True:
            room = self.ffi.new("int64_t[]", capacity)
            count = self.check(self.lib.sctpx_associations(self.handle, room, capacity), "associations")
            if count <= capacity:
                return list(room[0:count])
            capacity = count

    def exists(self, association: int) -> bool:
        if not 0 < association <= ID_MAX:
            return False
        return self.lib.sctpx_connect_result(self.handle, association) in (0, -c.EINPROGRESS)

    def find(self, peer: Address) -> int | None:
        """The id of the association with this peer, if there is one."""
        record, _, _ = self.packed([peer])
        found = self.lib.sctpx_find(self.handle, record)
        if found == -c.ENOTCONN:
            return None
        return self.check(found, "send")

    # ---- ending -------------------------------------------------------------------------------------------------
    def shutdown(self, association: int) -> None:
        if self.receiver.one_to_one and not self.watched:  # else nothing might tell of the end
            self.watch()
        self.check(self.lib.sctpx_shutdown(self.handle, association), "shutdown")

    def abort(self, association: int, reason: bytes) -> None:
        result = self.lib.sctpx_abort(self.handle, association, reason, len(reason))
        if -result not in _ENDED:
            self.check(result, "abort")

    # ---- options ------------------------------------------------------------------------------------------------
    def get_option(self, option: int, association: int, address: Address | None, subject: str) -> OptionRecord:
        record = self.option(option, association, address, {})
        result = self.lib.sctpx_get_option(self.handle, record, self.ffi.NULL, 0)
        self.check(result, "get", subject)
        id, raw, _, given, *fields = c.OPTION.unpack(self.ffi.buffer(record))
        found = _codec.unpack(raw) if raw[-2] != c.FAMILY_NONE else None
        return OptionRecord(association=id, address=found, given=given, fields=tuple(fields))

    def set_option(
        self, option: int, association: int, address: Address | None, fields: Mapping[int, int], subject: str
    ) -> None:
        record = self.option(option, association, address, fields)
        result = self.lib.sctpx_set_option(self.handle, record, self.ffi.NULL, 0)
        if result < 0:
            raise failure(self.module, result, "set", subject=subject, feature=_FEATURES.get(option))

    def option(self, option: int, association: int, address: Address | None, fields: Mapping[int, int]) -> Any:
        values = [fields.get(at, 0) for at in range(16)]
        given = sum(1 << at for at in fields)
        raw = _codec.pack(address) if address is not None else _codec.NO_ADDRESS
        packed = bytearray(c.OPTION.pack(association, raw, option, given, *values))
        return self.ffi.from_buffer("struct sctpx_option *", packed)

    def event(self, event: int, association: int, on: bool) -> int:
        """Ask the stack for a notification, or no longer; its answer as it is."""
        return self.lib.sctpx_set_option(
            self.handle, self.option(c.OPT_EVENT, association, None, {0: event, 1: int(on)}), self.ffi.NULL, 0
        )

    def watch(self, association: int = c.ASSOC_NONE) -> None:
        """Hear what becomes of an association that is up, whether or not the user asked.

        Its end tells why it was lost, and what unfinished messages die with it. Not before it is up: a notification
        that nobody sees would show the descriptor readable.
        """
        self.watched = self.receiver.one_to_one
        self.event(c.EVENT_ASSOCIATION, association, True)

    def getsockopt(self, level: int, option: int, size: int) -> bytes:
        room = self.ffi.new("char[]", size)
        length = self.check(self.lib.sctpx_getsockopt(self.handle, level, option, room, size), "getsockopt")
        return bytes(self.ffi.buffer(room, length))

    def setsockopt(self, level: int, option: int, value: bytes) -> None:
        self.check(self.lib.sctpx_setsockopt(self.handle, level, option, value, len(value)), "setsockopt")
