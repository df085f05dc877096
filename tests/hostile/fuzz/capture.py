# SPDX-License-Identifier: MIT
"""A pytest plugin that keeps one raw notification of each kind that a stack sent: where the fuzzers begin.

    SCTPX_BACKEND=userland python -m pytest -p tests.hostile.fuzz.capture tests/contract

writes notifications_userland.txt beside this file, a line of hexadecimal digits each.
"""

import sys
from pathlib import Path

import sctpx
from sctpx._native import _codec, _decode
from sctpx._native._module import Module
from sctpx._notifications import Notification

LONGEST = 512
_kinds: dict[object, bytes] = {}
_decode_raw = _decode.decode


def _keep(module: Module, raw: bytes, source: bytes = _codec.NO_ADDRESS) -> Notification:
    notification = _decode_raw(module, raw, source)
    state = getattr(notification, "state", None) or getattr(notification, "event", None)
    kind = (int.from_bytes(raw[:2], sys.byteorder), state, len(raw) > 64)
    if len(raw) <= LONGEST:
        _kinds.setdefault(kind, raw)
    return notification


def pytest_configure() -> None:
    _decode.decode = _keep


def pytest_unconfigure() -> None:
    name = f"notifications_{sctpx.backend.name}.txt"
    lines = sorted(raw.hex() for raw in _kinds.values())
    Path(__file__).with_name(name).write_text("".join(f"{line}\n" for line in lines))
