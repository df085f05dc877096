# SPDX-License-Identifier: MIT
"""The receiving calls that one-to-one and one-to-many sockets share, but for the end of the stream."""

from collections.abc import Callable, Iterator

from sctpx._check import function, positive
from sctpx._message import Message
from sctpx._native import _reading
from sctpx._native._channel import Channel
from sctpx._notifications import Notification, OnNotification

Item = Message | Notification


def message(channel: Channel, on_notification: OnNotification | None) -> Message | None:
    """The next message; notifications on the way are skipped, or handed over. The time-out is for all of it."""
    function(on_notification, "on_notification")
    deadline = channel.deadline()
    while True:
        item = _reading.recv(channel, deadline)
        match item:  # not isinstance(): a signal's handler could raise behind the call, and the message be lost
            case None | Message():
                return item
            case _ if on_notification is not None:
                on_notification(item)
            case _:
                pass


def many(channel: Channel, max_messages: int) -> list[Item]:
    positive(max_messages, "max_messages")
    return _reading.recv_many(channel, max_messages, channel.deadline())


def until_none(call: Callable[[], Item | None]) -> Iterator[Item]:
    while (item := call()) is not None:
        yield item


def messages(channel: Channel, on_notification: OnNotification | None) -> Iterator[Message]:
    while (item := message(channel, on_notification)) is not None:
        yield item
