# SPDX-License-Identifier: MIT
"""That a message takes the path it was told: only a path with traffic of its own is measured."""

from .shapes import Pair
from .support import eventually, wait_message


def test_the_path_asked_for_carries_the_message(pair: Pair) -> None:
    active, passive = pair(paths=2)
    (idle,) = [path for path in active.paths() if not path.primary]
    active.send(b"by the other path", path=idle.address)
    assert wait_message(passive).data == b"by the other path"

    def measured() -> bool:
        now = active.get(type(idle), path=idle.address)
        return (now.srtt, now.rto) != (idle.srtt, idle.rto)

    eventually(measured, "the measurement of the path")
