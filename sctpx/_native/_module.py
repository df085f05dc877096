# SPDX-License-Identifier: MIT
"""A compiled backend module, and the buffers that its calls share."""

import importlib
from collections.abc import Callable
from typing import Any

from sctpx._features import BackendName
from sctpx._native import _contract as c
from sctpx._native._protocol import Lib

# One message at a time: most fit whole; what is larger comes in pieces of this size.
SINGLE_ARENA = 64 * 1024
# Batches: equal slots of 32 KiB on the stacks that fill several messages in one system call.
BATCH = 64
BATCH_ARENA = BATCH * 32 * 1024


class Arena:
    """Where received bytes land: `count` records beside a block of memory, with Python's view of both."""

    __slots__ = ("block", "count", "data", "records", "size", "view")

    def __init__(self, ffi: Any, allocate: Callable[..., Any], count: int, size: int) -> None:
        self.count: int = count
        self.size: int = size
        self.block: Any = allocate("char[]", size)
        self.data: Any = ffi.buffer(self.block)
        self.records: Any = ffi.new("struct sctpx_received[]", count)
        self.view: Any = ffi.buffer(self.records)


class Module:
    """`ffi` and `lib` of one backend. Arenas are pooled, so that a call never shares one with a signal handler."""

    __slots__ = ("_allocate", "_batches", "_singles", "ends", "ffi", "lib", "name")

    def __init__(self, name: BackendName, ffi: Any, lib: Lib) -> None:
        self.name: BackendName = name
        self.ffi: Any = ffi
        self.lib: Lib = lib
        # The process ends, and its sockets were closed on its own account.
        self.ends: bool = False
        self._allocate: Callable[..., Any] = ffi.new_allocator(should_clear_after_alloc=False)
        self._singles: list[Arena] = []
        self._batches: list[Arena] = []

    def single(self) -> Arena:
        try:
            return self._singles.pop()
        except IndexError:
            return Arena(self.ffi, self._allocate, 1, SINGLE_ARENA)

    def batch(self) -> Arena:
        try:
            return self._batches.pop()
        except IndexError:
            return Arena(self.ffi, self._allocate, BATCH, BATCH_ARENA)

    def give_back(self, arena: Arena) -> None:
        pool = self._singles if arena.count == 1 else self._batches
        if len(pool) < 8:
            pool.append(arena)

    def text(self, topic: int) -> str:
        """What the backend says of itself; empty where it has nothing to say."""
        room = self.ffi.new("char[]", 16384)
        length = self.lib.sctpx_describe(topic, room, 16384)
        return bytes(self.ffi.buffer(room, min(length, 16383))).decode(errors="replace") if length > 0 else ""

    def table(self, topic: int) -> dict[str, str]:
        """The same, for topics of `name=value` lines."""
        return dict(line.split("=", 1) for line in self.text(topic).splitlines() if "=" in line)

    @property
    def remedy(self) -> str | None:
        return self.text(c.TOPIC_REMEDY) or None


def load(name: BackendName) -> Module:
    """Import a backend's compiled module. Opens nothing and starts nothing; ImportError where it was not built."""
    compiled = importlib.import_module(f"sctpx._native._{name}")
    return Module(name, compiled.ffi, compiled.lib)
