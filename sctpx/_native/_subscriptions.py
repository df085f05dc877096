# SPDX-License-Identifier: MIT
"""What the user wants to hear of, per socket and per association; some events reach the adapter anyway."""

from collections.abc import Iterable

from sctpx._native._decode import EVENTS
from sctpx._notifications import Event, EventType, Notification, SendFailed, UnknownNotification

_NO_CLASS = "one subscribes to a notification's class, derived from sctpx.Event, not to {!r}"


def expand(events: Iterable[EventType]) -> tuple[frozenset[EventType], bool]:
    """The concrete classes that were named, and whether `Event` itself, which stands for all, was among them."""
    wanted: set[EventType] = set()
    everything = False
    for event in events:
        if not isinstance(event, type):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(_NO_CLASS.format(event))
        if event is Event:
            everything = True
            wanted.update(EVENTS)
        elif event in EVENTS:
            wanted.add(event)
        else:
            raise TypeError(_NO_CLASS.format(event))
    return frozenset(wanted), everything


class Subscriptions:
    """The default of a socket, and what differs from it in single associations."""

    __slots__ = ("default", "ended", "own")

    def __init__(self, default: frozenset[EventType] = frozenset()) -> None:
        self.default: frozenset[EventType] = default
        self.own: dict[int, frozenset[EventType]] = {}
        self.ended: tuple[int, frozenset[EventType]] = 0, default

    def of(self, association: int) -> frozenset[EventType]:
        return self.own.get(association, self.default)

    def change(self, association: int, events: frozenset[EventType], on: bool) -> None:
        """For one association, or with 0 for the default."""
        before = self.of(association)
        after = before | events if on else before - events
        if association:
            self.own[association] = after
        else:
            self.default = after

    def keep(self, associations: Iterable[int]) -> None:
        """Make these associations independent of later changes of the default."""
        for association in associations:
            self.own.setdefault(association, self.default)

    def forget(self, association: int) -> None:
        if association in self.own:
            self.ended = association, self.own.pop(association)

    def wants(self, notification: Notification) -> bool:
        if isinstance(notification, UnknownNotification):
            return True
        # Linux tells of an association's end first, and at once then what it left unsent.
        ended, events = self.ended
        if isinstance(notification, SendFailed) and notification.association == ended and ended not in self.own:
            return SendFailed in events
        return type(notification) in self.of(notification.association)
