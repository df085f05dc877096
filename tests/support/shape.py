# SPDX-License-Identifier: MIT
"""What a traffic program sends: how many messages, how large, on which streams, how fast."""

import itertools
import random
from collections.abc import Iterable
from dataclasses import dataclass

from tests.support.effort import SEED


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Messages `first`, `first` + 1 …; sizes, streams and orders are chosen by number, the same in every run."""

    first: int = 0
    count: int | None = None
    """None: until told to stop."""
    streams: int = 4
    sizes: tuple[int, int] = (1, 6000)
    """The least and the most bytes; most messages are small."""
    unordered: float = 0.1
    """How many of them go without order."""
    pace: float = 0.0
    """Seconds between two."""
    policy: str = ""
    """Such as "Timed(0.1)"; none: reliable."""

    def numbers(self) -> Iterable[int]:
        return itertools.count(self.first) if self.count is None else range(self.first, self.first + self.count)

    def of(self, number: int) -> tuple[int, int, bool]:
        """Stream, size and whether ordered."""
        chance = random.Random(SEED * 1_000_003 + number)
        least, most = self.sizes
        size = least + int((most - least) * chance.random() ** 3)
        return chance.randrange(self.streams), size, chance.random() >= self.unordered
