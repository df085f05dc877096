# SPDX-License-Identifier: MIT
"""Shutdowns and aborts between us and lksctp-tools' programs: each end sees what the other did."""

import signal

import pytest

import sctpx
from sctpx import AssociationChange, CommState, ErrorCause, PeerShutdown, SenderDry, Socket
from tests.support.common import LIMIT, drain, wait_for, wait_message
from tests.support.shapes import OneEndpoint, Opener, Server

from .payload import ends_well, is_aborted, lost
from .process import Process, Start
from .programs import HOST, SctpDarn, SctpTest
from .reports import WITNESSES

pytestmark = pytest.mark.slow

EVENTS = [AssociationChange, PeerShutdown]
STYLES = pytest.mark.parametrize("style", [(), ("-t",)], ids=["one-to-many", "one-to-one"])


def commanded(start: Start, to: sctpx.Address, style: tuple[str, ...] = ()) -> Process:
    """A client that has sent a message and waits for a command."""
    process = SctpDarn(("-I", *style)).send(start, to)
    process.write(b"snd=5\n")
    process.out.expect("New connection")
    process.out.expect("mode> ")
    return process


def accepted(listener: Socket, keep: Opener) -> Socket:
    ours = keep(listener.accept()[0])
    assert wait_message(ours).size == 5
    return ours


@STYLES
def test_their_shutdown(start: Start, server: Server, keep: Opener, style: tuple[str, ...]) -> None:
    listener = server(events=EVENTS)
    process = commanded(start, listener.local_addresses()[0], style)
    ours = accepted(listener, keep)
    process.write(b"shutdown\n")
    process.out.expect("Successfully SHUTDOWN")
    ends_well(ours)


@STYLES
def test_their_abort(start: Start, server: Server, keep: Opener, style: tuple[str, ...]) -> None:
    listener = server(events=EVENTS)
    process = commanded(start, listener.local_addresses()[0], style)
    ours = accepted(listener, keep)
    process.write(b"abort\n")
    process.out.expect("Successfully ABORT")
    is_aborted(ours)


def test_their_ends_at_an_endpoint(start: Start, endpoint: OneEndpoint) -> None:
    hub = endpoint(events=EVENTS)
    to = hub.local_addresses()[0]
    first, second = commanded(start, to), commanded(start, to)
    sender = wait_message(hub).association
    wait_message(hub)
    assert len(hub.associations) == 2
    first.write(b"abort\n")
    change = lost(hub)
    assert (change.state, change.cause, change.reason) == (CommState.LOST, ErrorCause.USER_INITIATED_ABORT, b"")
    assert change.association == sender
    second.write(b"shutdown\n")
    assert wait_for(hub, PeerShutdown).association != sender
    assert lost(hub).state is CommState.SHUTDOWN_COMPLETE
    assert not hub.associations


def test_their_end_as_a_server(start: Start, keep: Opener) -> None:
    """It receives when it is told to, and aborts once it knows the association."""
    process, address = SctpDarn(("-I",)).listen(start)
    ours = keep(sctpx.create_connection(address, LIMIT, events=EVENTS))
    process.write(b"rcv\n")
    process.out.expect("Received SCTP_COMM_UP")
    process.write(b"abort\n")
    is_aborted(ours)


@pytest.mark.parametrize("all_read", [True, False], ids=["all-read", "some-unread"])
@pytest.mark.parametrize("name", WITNESSES)
def test_their_death(start: Start, keep: Opener, name: str, all_read: bool) -> None:
    """The kernel shuts down for the dead, or aborts when there is something that they have not read."""
    process, address = WITNESSES[name].program.listen(start)
    ours = keep(sctpx.create_connection(address, LIMIT, events=[*EVENTS, SenderDry]))
    ours.send(b"some data")
    process.out.expect(r"Data 9 bytes|DATA\(9\)")
    if not all_read:
        wait_for(ours, SenderDry)
        process.signal(signal.SIGSTOP)
        ours.send(b"never read")
        wait_for(ours, SenderDry)
    process.signal(signal.SIGKILL)
    if all_read:
        wait_for(ours, PeerShutdown)
        assert [event for event in drain(ours) if not isinstance(event, AssociationChange | SenderDry)] == []
    else:
        is_aborted(ours)
    assert process.status() == -signal.SIGKILL


def connected(hub_or_socket: str, address: sctpx.Address, keep: Opener) -> Socket | sctpx.EndpointAssociation:
    if hub_or_socket == "socket":
        return keep(sctpx.create_connection(address, LIMIT))
    return keep(sctpx.create_endpoint((HOST, 0))).connect([address])


OURS = pytest.mark.parametrize("ours", ["socket", "endpoint"])


@OURS
def test_our_shutdown(start: Start, keep: Opener, ours: str) -> None:
    process, address = SctpTest().listen(start)
    darn, other = SctpDarn().listen(start)
    for where in (address, other):
        one = connected(ours, where, keep)
        one.send(b"some data")
        one.shutdown()
    process.out.expect("Data 9 bytes")
    process.out.expect(r"SCTP_ASSOC_CHANGE\(SHUTDOWN_COMPLETE\)")
    darn.out.expect(r"DATA\(9\)")
    darn.out.expect("ASSOC_CHANGE - SHUTDOWN_COMP")


@OURS
def test_our_abort(start: Start, keep: Opener, ours: str) -> None:
    process, address = SctpTest().listen(start)
    darn, other = SctpDarn().listen(start)
    for where, said in ((address, process), (other, darn)):
        one = connected(ours, where, keep)
        one.send(b"some data")
        said.out.expect(r"Data 9 bytes|DATA\(9\)")
        one.abort(b"why not")
    # The cause, as the notification has it: in network order.
    process.out.expect(r"SCTP_ASSOC_CHANGE\(COMMUNICATION_LOST\)\n\t\t\(assoc_change: state=1, error=3072")
    darn.out.expect("ASSOC_CHANGE - COMM_LOST")


def test_our_ends_of_one_to_one(start: Start, keep: Opener) -> None:
    """sctp_test takes the next association after a shutdown, and gives up after an abort."""
    process, address = SctpTest(("-T",)).listen(start)
    for _ in range(2):
        ours = keep(sctpx.create_connection(address, LIMIT))
        ours.send(b"some data")
        process.out.expect("Data 9 bytes")
        ours.close()
        process.out.expect("No association is present now")
    ours = keep(sctpx.create_connection(address, LIMIT))
    ours.send(b"some data")
    process.out.expect("Data 9 bytes")
    ours.abort()
    process.err.expect("recvmsg: Connection reset by peer")
    assert process.status() == 1


def test_their_socket_is_gone(start: Start, endpoint: OneEndpoint) -> None:
    """After an abort the same client begins again, in an association of its own."""
    hub = endpoint(events=EVENTS)
    process = commanded(start, hub.local_addresses()[0])
    before = wait_message(hub).association
    process.write(b"abort\n")
    assert lost(hub).association == before
    process.out.expect("mode> ")
    process.write(b"snd=7\n")
    again = wait_message(hub)
    assert (again.size, again.association != before) == (7, True)
    hub.associations[again.association].abort(b"never again")
    assert again.association not in hub.associations
