# SPDX-License-Identifier: MIT
"""The peer does not read for long, is silent, is killed, and comes back on the same addresses."""

import signal
import threading

import pytest

from sctpx.options import AssociationInfo, Linger
from tests.paths.lab import PORT, TUNED, Lab, stacks
from tests.support.common import SCALE, eventually
from tests.support.ledger import last_of_each_stream, reconcile, reconcile_alive
from tests.support.network import Host
from tests.support.records import Answer, Association, Ended, Offered, Path, Raised, Received, Record
from tests.support.traffic import End

# What a full packet of these links carries.
CHUNK = 1400


def stays(end: End, seconds: float) -> None:
    """No word of the association's end for so long."""
    with pytest.raises(AssertionError, match="0 of 1"):
        end.wait(Record, lambda record: isinstance(record, Raised | Ended | Association), after=end.mark, limit=seconds)


def closed(sender: End) -> bool:
    """Whether the sender may send nothing but a probe, as it sees its peer's window: 0, or too small for a chunk."""
    return sender.status()["window"] < CHUNK


def stalled(sender: End) -> bool:
    """Closed, and no message more was taken for a while, after the last acknowledgement that was delayed."""
    offered = len(sender.of(Offered))
    threading.Event().wait(0.3 * SCALE)
    return len(sender.of(Offered)) == offered and closed(sender)


@stacks(full="kernel userland kernel-userland userland-kernel")
def test_a_peer_that_does_not_read_for_long_loses_nothing(lab: Lab) -> None:
    # More than elsewhere: a busy machine may keep an end from answering for a while.
    limit = 12
    client, server = lab.pair(options=[AssociationInfo(max_retransmissions=limit)])
    server.do("pause")
    client.send(sizes=(20_000, 20_000))
    eventually(lambda: stalled(client), "the end of its window")
    offered = len(client.of(Offered))
    # Nothing but probes of its window; unanswered they would have ended the association twice.
    stays(client, 2 * TUNED.until_given_up(limit))
    assert closed(client), client.status()
    # All that was taken before filled the buffers: since then the sender waits with the next one.
    # A kernel takes what some of the probes carry, which may be what one message more waited for.
    assert len(client.of(Offered)) <= offered + 1
    server.do("resume")
    sent = client.stop()
    server.wait_received(sent)
    assert sent
    reconcile_alive(client.records, server.records)


@stacks(full="userland kernel-userland")
def test_a_stopped_peer_is_silent(lab: Lab) -> None:
    client, server = lab.pair()
    client.send(count=20)
    server.wait_received(20)
    mark = client.mark
    server.signal(signal.SIGSTOP)
    client.send(first=20)
    assert client.wait(Raised).error == "AssociationLostError"
    client.wait_sent(after=mark)
    unreachable = {path.host for path in client.of(Path, after=mark) if path.event == "UNREACHABLE"}
    assert unreachable == set(lab.hosts[1].addresses)
    server.signal(signal.SIGCONT)
    # To the client this association is none any more: it answers with ABORT.
    assert server.wait(Raised).error == "AbortedError"
    reconcile(client.records, server.records)


@stacks()
def test_a_killed_peer_and_the_one_that_takes_its_place(lab: Lab) -> None:
    client, server = lab.pair()
    client.send()
    server.wait_received(20)
    server.kill()
    raised = client.wait(Record, lambda record: isinstance(record, Raised | Ended))
    if lab.stacks[1] == "userland":
        # Nobody is left to say anything.
        assert isinstance(raised, Raised) and raised.error == "AssociationLostError"
    client.wait_sent()
    # As fast as can be: a receiver's UDP buffer may have run over.
    reconcile(client.records, server.records, receiver_lives=False, gaps=lab.stacks[1] == "userland")
    # Its UDP port is the next one's.
    client.kill()
    fresh = lab.start(1, port=PORT, options=TUNED.options)
    fresh.answer_to("listening")
    again = lab.start(0, peer=lab.addresses(1), options=TUNED.options)
    again.send(count=20)
    fresh.wait_received(20)
    reconcile_alive(again.records, fresh.records)


def sent(host: Host) -> int:
    """IPv4 packets that left a host, or would have."""
    names, values = (line.split() for line in host.do("grep ^Ip: /proc/net/snmp").splitlines())
    return int(values[names.index("OutRequests")])


@stacks()
def test_a_killed_client_that_is_back_restarts_the_association(lab: Lab) -> None:
    # Nothing is left where a kernel outlives the program, as after a crash of the machine; and there is time to start.
    client, server = lab.pair(options=[Linger(0), AssociationInfo(max_retransmissions=100)])
    connected = server.wait(Answer, lambda answer: answer.to == "connected").value
    assert isinstance(connected, list)
    server.send(pace=0.02)
    client.wait_received(20)
    mark = server.mark
    for path in range(lab.net.paths):
        lab.net.cut(path)
    client.kill()
    silent = sent(lab.hosts[0])
    again = lab.start(0, peer=lab.addresses(1), port=connected[0][1], options=TUNED.options)
    # Packets of the old association would be answered by ABORT until the new one is being set up.
    eventually(lambda: sent(lab.hosts[0]) > silent, "an INIT")
    for path in range(lab.net.paths):
        lab.net.clear(path)
    again.answer_to("connected")
    server.wait(Association, after=mark)
    reached = len(again.of(Received))
    again.wait_received(reached + 20)
    server.stop()
    for number in last_of_each_stream(server.records):
        again.wait(Received, lambda one, number=number: one.number == number)  # type: ignore[misc]
    assert [change.state for change in server.of(Association, after=mark)] == ["RESTARTED"]
    reconcile(server.records, [*client.of(Received), *again.of(Received)], receiver_lives=False)
