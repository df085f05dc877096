# SPDX-License-Identifier: MIT
"""Forked children of the tests' process, which run one function and nothing of the test."""

import gc
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from typing import Self

import pytest

import sctpx
from sctpx._registry import registry
from tests.support.common import LIMIT, eventually

STARTS_ANEW = sctpx.backend.name != "userland"


def in_child(action: Callable[[], object], *, exits: bool = False, limit: float = LIMIT) -> None:
    """Run it in a fork, and fail with what it printed; `exits`: let the child end as an interpreter does."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # later Pythons warn of the stack's own threads
        child = os.fork()
    if child == 0:
        _act(action, writer, exits)
    os.close(writer)
    status = -1

    def ended() -> bool:
        nonlocal status
        found, status = os.waitpid(child, os.WNOHANG)
        return found == child

    try:
        eventually(ended, "the end of the child", limit=limit)
    except AssertionError:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    finally:
        with os.fdopen(reader) as said:
            told = said.read()
    assert os.waitstatus_to_exitcode(status) == 0, told


def _act(action: Callable[[], object], writer: int, exits: bool) -> None:
    status = 1
    try:
        action()
        status = 0
    except BaseException:
        os.write(writer, traceback.format_exc().encode()[:4000])
    finally:
        if not exits or status:
            os._exit(status)
    # What an interpreter's end does, without pytest's part of it.
    sys.stderr = os.fdopen(writer, "w")
    gc.collect()
    registry.exit()
    os._exit(0)


def refused(call: Callable[[], object]) -> None:
    """Assert that it fails at once, and says that this is a fork."""
    with pytest.raises(sctpx.UnsupportedError, match="fork"):
        call()


class Holding:
    """A thread that is inside some call all the time."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._ended = threading.Event()
        self._call = call
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._ended.is_set():
            self._call()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(LIMIT)
