# SPDX-License-Identifier: MIT
"""Notifications in words, and which of them the demo asks for."""

from typing import assert_never

import sctpx
from sctpx import Notification

# SenderDry and its like come with every pause, and say nothing to somebody who watches files go by.
EVENTS = (
    sctpx.AssociationChange, sctpx.PeerAddressChange, sctpx.RemoteErrorReport, sctpx.SendFailed, sctpx.PeerShutdown,
    sctpx.PartialDeliveryAborted,
)


def describe(notification: Notification) -> str:
    """Put a notification into words."""
    match notification:
        case sctpx.AssociationChange(state=sctpx.CommState.UP, out_streams=outgoing, in_streams=incoming):
            return f"association up, {outgoing} streams out, {incoming} in"
        case sctpx.AssociationChange(state=state, cause=cause, reason=reason):
            words = f"association {_words(state.name)}"
            words += f": {_words(cause.name)}" if cause else ""
            return words + (f" ({reason.decode(errors='replace')})" if reason else "")
        case sctpx.PeerAddressChange(address=address, event=event):
            # Not the error: on Linux it is 2 when a heartbeat succeeded.
            return f"path {address.host} {_words(event.name)}"
        case sctpx.RemoteErrorReport(cause=cause):
            return f"the peer reports an error: {_words(cause.name)}"
        case sctpx.SendFailed(sent=sent, data=data, stream=stream):
            fate = "sent, never acknowledged" if sent else "never sent"
            return f"a message of {len(data)} bytes on stream {stream} failed: {fate}"
        case sctpx.PeerShutdown():
            return "the peer shuts down"
        case sctpx.PartialDeliveryAborted(stream=stream):
            return f"a message on stream {stream} was given up half-way"
        case (
            sctpx.AdaptationIndication() | sctpx.AuthenticationEvent() | sctpx.SenderDry()
            | sctpx.NotificationsStopped() | sctpx.StreamReset() | sctpx.AssociationReset() | sctpx.StreamChange()
            | sctpx.UnknownNotification()
        ):
            return str(notification)
        case _:
            assert_never(notification)


def _words(name: str) -> str:
    return name.lower().replace("_", " ")
