# SPDX-License-Identifier: MIT
"""Natively on userland: the peer is silent, does not read, is killed, and comes back on the same ports."""

import time
from collections.abc import Callable

import pytest

from sctpx import Address
from sctpx.options import AssociationInfo, ReceiveBuffer, RtoInfo, UdpEncapsulation
from tests.paths.relayed import QUICK, RTO, Relayed
from tests.support.common import LIMIT, eventually
from tests.support.effort import rounds
from tests.support.ledger import last_of_each_stream, reconcile
from tests.support.records import Association, Raised, Received, Reported
from tests.support.traffic import End, Setup


def test_a_peer_that_falls_silent_is_lost_and_all_of_it_reported(relayed: Callable[..., Relayed]) -> None:
    both = relayed(options=[AssociationInfo(max_retransmissions=3)])
    both.client.send(count=20)
    both.server.wait_received(20)
    eventually(lambda: both.client.status()["unacknowledged"] == 0, "the acknowledgements")
    both.net.cut()
    both.client.send(first=20, count=10)
    assert both.client.wait(Raised, limit=3 * LIMIT).error == "AssociationLostError"
    ledger = both.reconcile()
    assert set(ledger.reported) == set(range(20, 30))


def stalled(end: End) -> bool:
    """The peer's window is closed, and nothing but a probe of it is in flight."""
    status = end.status()
    return status["window"] == 0 and status["unacknowledged"] <= 1


def test_a_peer_that_does_not_read_for_long_is_not_given_up(relayed: Callable[..., Relayed]) -> None:
    both = relayed(options=[ReceiveBuffer(16_384)])
    both.server.do("pause")
    both.client.send(count=40, sizes=(3000, 3000))
    mark = both.client.mark
    eventually(lambda: stalled(both.client), "the end of its window")
    packets, until = both.net.seen.total() + rounds(60, 600), time.monotonic() + rounds(4, 12)
    # Twice as long at least as eight retransmissions last, and far more packets (probes, heartbeats, answers to both).
    while both.net.seen.total() < packets or time.monotonic() < until:
        assert not both.client.of(Raised)
        assert stalled(both.client), both.client.status()
    assert not both.client.of(Association, mark)
    both.server.do("resume")
    both.server.wait_received(40, limit=2 * LIMIT)
    both.client.wait_sent()
    both.reconcile_alive()


def test_a_killed_peer_is_lost(relayed: Callable[..., Relayed]) -> None:
    both = relayed(options=[AssociationInfo(max_retransmissions=3)])
    both.client.send(pace=0.001)
    both.server.wait_received(20)
    both.server.kill()
    assert both.client.wait(Raised, limit=3 * LIMIT).error == "AssociationLostError"
    both.client.wait_sent()
    both.reconcile(receiver_lives=False)


def test_a_killed_peer_that_is_back_knows_nothing_of_it(relayed: Callable[..., Relayed]) -> None:
    # Time enough to start a program.
    both = relayed(options=[AssociationInfo(max_retransmissions=100)])
    both.client.send(pace=0.005)
    both.server.wait_received(20)
    port = both.server.addresses[0].port
    both.server.kill()
    setup = Setup(
        local=[Address(one.host, port) for one in both.server.addresses],
        options=[*QUICK, UdpEncapsulation(both.net.far)],
    )
    with both.end(1, setup) as again:
        assert again.addresses[0].port == port
        # Its ABORT: no association of this tag.
        raised = both.client.wait(Raised, limit=3 * LIMIT)
        assert raised.error == "AbortedError", raised
        both.client.wait_sent()
        both.reconcile(receiver_lives=False)
        assert not again.of(Received)


# All that the window lets go is still in flight when the peer is back, and usrsctp goes on counting it.
LATE = RtoInfo(initial=10.0, min=10.0, max=10.0)


@pytest.mark.parametrize("rto", [pytest.param(RTO, id="after-time-outs"), pytest.param(LATE, id="before-any")])
def test_a_killed_client_that_is_back_restarts_the_association(relayed: Callable[..., Relayed], rto: RtoInfo) -> None:
    # Time enough to start a program.
    both = relayed(options=[AssociationInfo(max_retransmissions=100), rto])
    both.server.send(pace=0.001)
    both.client.wait_received(20)
    local = both.server.answer_to("connected")
    assert isinstance(local, list)
    # Packets of the old association would be answered by ABORT until the new one is being set up.
    both.net.cut()
    both.client.kill()
    mark, setups = both.server.mark, both.net.setups
    again = both.dial([Address(*one) for one in local], RTO)
    try:
        eventually(lambda: both.net.setups > setups, "an INIT")
        both.net.restore()
        again.answer_to("connected")
        both.server.wait(Association, after=mark)
        reached = len(again.of(Received))
        again.wait_received(reached + 20)
        both.server.stop()
        for number in last_of_each_stream(both.server.records):
            again.wait(Received, lambda one, number=number: one.number == number)  # type: ignore[misc]
        assert [one.state for one in both.server.of(Association, after=mark)] == ["RESTARTED"]
        # What the first one had not acknowledged is reported or sent to the second.
        ledger = reconcile(
            both.server.records, [*both.client.of(Received), *again.of(Received)], receiver_lives=False
        )
        assert all(one.cause == "NONE" for parts in ledger.reported.values() for one in parts), both.server.of(Reported)
    finally:
        again.end()
