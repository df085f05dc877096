# SPDX-License-Identifier: MIT
"""All paths die: both ends are told so, in order, and of every message that was not acknowledged, and of no other."""

import time

from tests.paths.lab import TUNED, Lab, stacks
from tests.support.common import eventually
from tests.support.ledger import Ledger, reconcile
from tests.support.records import Association, NotTaken, Path, Raised, Record, Reported
from tests.support.traffic import End

SURE = 40


def acknowledged(sender: End, receiver: End, count: int) -> None:
    """Send so many, of which the sender then knows that they arrived."""
    mark = sender.mark
    sender.send(count=count)
    sender.wait_sent(after=mark)
    receiver.wait_received(count)
    eventually(lambda: sender.status()["unacknowledged"] == 0, "the last acknowledgement")


def told_in_order(end: End, mark: int, dead: set[str]) -> None:
    """Each path once, then the association's end and the error; the reports before the error too."""
    after = end.records[mark:]
    # Linux tells the end that listens a moment late which path is its primary.
    paths = [record for record in after if isinstance(record, Path) and record.event != "MADE_PRIMARY"]
    assert [path.event for path in paths] == ["UNREACHABLE"] * len(paths)
    assert {path.host for path in paths} == dead and len(paths) == len(dead)
    (lost,) = (record for record in after if isinstance(record, Association))
    assert lost.state == "LOST"
    told: list[Record] = [record for record in after if isinstance(record, Path | Association | Raised | Reported)]
    assert all(told.index(path) < told.index(lost) for path in paths)
    (raised,) = (record for record in told if isinstance(record, Raised))
    assert (raised.error, told[-1]) == ("AssociationLostError", raised)
    assert "no longer answers" in raised.text


def until_lost(lab: Lab, client: End, server: End) -> Ledger:
    """Cut both paths under a full send buffer."""
    acknowledged(client, server, SURE)
    mark = client.mark
    cut = time.monotonic()
    for path in range(lab.net.paths):
        lab.net.cut(path)
    client.send(first=SURE)
    raised = client.wait(Raised)
    assert TUNED.allows(raised.t - cut, limit=TUNED.association_limit), f"told after {raised.t - cut:.2f} s"
    client.wait_sent(after=mark)
    (refused,) = client.of(NotTaken)
    # Two threads wait, and a kernel tells one of them why: the receiver hears of it in any case.
    assert refused.error in ("AssociationClosedError", "AssociationLostError")
    told_in_order(client, mark, set(lab.hosts[1].addresses))
    ledger = reconcile(client.records, server.records, acknowledged=range(SURE))
    assert any(part.sent for parts in ledger.reported.values() for part in parts)
    assert any(not part.sent for parts in ledger.reported.values() for part in parts)
    return ledger


@stacks(quick="kernel userland")
def test_all_paths_die(lab: Lab) -> None:
    until_lost(lab, *lab.pair())


@stacks()
def test_the_end_that_only_listens_is_told_too(lab: Lab) -> None:
    client, server = lab.pair()
    mark = server.mark
    until_lost(lab, client, server)
    server.wait(Raised)
    told_in_order(server, mark, set(lab.hosts[0].addresses))


@stacks()
def test_one_path_dies_and_then_the_other(lab: Lab) -> None:
    client, server = lab.pair()
    lab.net.cut(0)
    for end, dead in zip((client, server), lab.of(0), strict=True):
        end.wait_path("UNREACHABLE", dead)
    acknowledged(client, server, SURE)
    marks = {client: client.mark, server: server.mark}
    lab.net.cut(1)
    client.send(first=SURE)
    server.send(first=SURE)
    for end, dead in zip((client, server), lab.of(1), strict=True):
        end.wait(Raised)
        end.wait_sent(after=marks[end])
        told_in_order(end, marks[end], {dead})
    reconcile(client.records, server.records, acknowledged=range(SURE))
    reconcile(server.records, client.records)
