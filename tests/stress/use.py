# SPDX-License-Identifier: MIT
"""What this process uses of the system: descriptors, threads (the C libraries' too) and memory."""

import ctypes
import gc
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.support.common import eventually

MIB = 1024 * 1024


class Use(NamedTuple):
    descriptors: int
    threads: int
    memory: int
    """Resident and not of files, in bytes, after what is free was given back."""


def use() -> Use:
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    found = re.search(r"RssAnon:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return Use(len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task")), int(found[1]) * 1024)


def assert_steady(cycle: Callable[[], object], count: int, memory: int, warm_up: int) -> None:
    """Run a cycle so often; afterwards no descriptor or thread is left, and less than so much memory.

    What a first few cycles keep, such as tables that grow once, is no growth.
    """
    for _ in range(warm_up):
        cycle()
    before = use()
    for _ in range(count):
        cycle()

    # What was closed a moment ago is given back a moment later.
    def given_back() -> bool:
        now = use()
        return now.descriptors <= before.descriptors and now.threads <= before.threads

    eventually(given_back, f"the end of what {count} cycles opened")
    eventually(lambda: use().memory - before.memory < memory, f"memory as before {count} cycles")
