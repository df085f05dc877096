# SPDX-License-Identifier: MIT
"""Links that lose, delay, reorder, repeat and damage packets: every message arrives once, whole and in order."""

import re

import pytest

from tests.paths.lab import Lab, stacks
from tests.support.common import LIMIT
from tests.support.effort import rounds
from tests.support.ledger import reconcile_alive
from tests.support.network import interface

IMPAIRMENTS = {
    **{f"loss-{percent}": f"loss {percent}%" for percent in (1, 5, 20, 30)},
    "bursts": "loss gemodel 5% 30%",
    "delay": "delay 40ms 20ms distribution normal",
    "reordering": "delay 20ms reorder 50% 30%",
    "duplication": "duplicate 30%",
    "corruption": "corrupt 5%",
    "all": "delay 10ms 5ms loss 5% duplicate 5% reorder 20% corrupt 2%",
}


def exchange(lab: Lab, how: str, count: int) -> None:
    """Messages both ways over two links that are both impaired."""
    client, server = lab.pair()
    for path in range(lab.net.paths):
        lab.net.netem(path, how)
    client.send(count=count)
    server.send(count=count)
    for sender, receiver in ((client, server), (server, client)):
        assert sender.wait_sent(limit=6 * LIMIT) == count
        receiver.wait_received(count, limit=6 * LIMIT)
        reconcile_alive(sender.records, receiver.records)
    # One in a hundred may not come up.
    if "loss" in how and "loss 1%" not in how:
        assert dropped(lab) > 0


def dropped(lab: Lab) -> int:
    """Packets that the impaired links threw away; of what else they do they keep no count."""
    told = "".join(
        host.do(f"tc -s qdisc show dev {interface(path)}") for host in lab.hosts for path in range(lab.net.paths)
    )
    return sum(map(int, re.findall(r"netem.*\n.*dropped (\d+)", told)))


@stacks(quick="kernel")
def test_a_tenth_of_the_packets_is_lost(lab: Lab) -> None:
    exchange(lab, "loss 10%", rounds(60, 200))


@pytest.mark.parametrize("how", IMPAIRMENTS)
@stacks(full="kernel userland")
def test_all_arrives_in_spite_of_it(lab: Lab, how: str) -> None:
    exchange(lab, IMPAIRMENTS[how], 100)


@stacks(full="kernel-userland userland-kernel")
def test_all_arrives_across_stacks(lab: Lab) -> None:
    exchange(lab, IMPAIRMENTS["all"], 100)
