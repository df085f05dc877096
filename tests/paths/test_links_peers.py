# SPDX-License-Identifier: MIT
"""The peer does not read for long, is silent, is killed, and comes back on the same addresses."""

import signal

import pytest

from sctpx.options import AssociationInfo, Linger
from tests.paths.lab import PORT, TUNED, Lab, stacks
from tests.support.common import eventually
from tests.support.ledger import reconcile, reconcile_alive
from tests.support.network import Host
from tests.support.records import Answer, Association, Ended, Path, Raised, Received, Record
from tests.support.traffic import End


def stays(end: End, seconds: float) -> None:
    """No word of the association's end for so long."""
    with pytest.raises(AssertionError, match="0 of 1"):
        end.wait(Record, lambda record: isinstance(record, Raised | Ended | Association), after=end.mark, limit=seconds)


@stacks(full="kernel userland kernel-userland userland-kernel")
def test_a_peer_that_does_not_read_for_long_loses_nothing(lab: Lab) -> None:
    # More than elsewhere: a busy machine may keep an end from answering for a while.
    limit = 12
    client, server = lab.pair(options=[AssociationInfo(max_retransmissions=limit)])
    server.do("pause")
    client.send(sizes=(20_000, 20_000))
    # Nothing but probes of its window; unanswered they would have ended the association twice.
    stays(client, 2 * TUNED.until_given_up(limit))
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
    reconcile(client.records, server.records, receiver_lives=False)
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
    assert [change.state for change in server.of(Association, after=mark)] == ["RESTARTED"]
    reconcile(server.records, [*client.of(Received), *again.of(Received)], receiver_lives=False)
