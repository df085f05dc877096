# SPDX-License-Identifier: MIT
"""A descriptor for a process, by which no other is meant once it has ended (Linux; the checkers know other systems)."""

import os
import signal
from collections.abc import Callable

opened: Callable[[int], int] = getattr(os, "pidfd_open", lambda pid: -1)
_send: Callable[[int, int], None] = getattr(signal, "pidfd_send_signal", lambda descriptor, number: None)


def send(descriptor: int, number: int) -> None:
    _send(descriptor, number)
