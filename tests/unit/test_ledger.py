# SPDX-License-Identifier: MIT
"""The ledger of the suites about lost paths: it finds what must not happen, and takes what may."""

import pytest

from tests.support.ledger import last_of_each_stream, reconcile, reconcile_alive
from tests.support.records import NotTaken, Offered, Received, Record, Reported, content, context, dump, load


def offered(number: int, *, stream: int = 1, size: int = 8, ordered: bool = True) -> Record:
    return Offered(t=0.0, number=number, stream=stream, size=size, ordered=ordered)


def received(number: int, *, stream: int = 1, size: int = 8, ordered: bool = True, good: bool = True) -> Record:
    return Received(t=0.0, number=number, stream=stream, size=size, ordered=ordered, good=good, source="192.0.2.1")


def reported(number: int, *, sent: bool = True, at: int = 0, size: int = 8, wrong: int = 0) -> Record:
    return Reported(
        t=0.0, number=number, stream=1, size=size, context=context(number) + wrong, sent=sent, complete=size == 8,
        cause="NONE", at=at,
    )


BOTH = [offered(1), offered(2)]


@pytest.mark.parametrize(
    ("sender", "receiver"),
    [
        (BOTH, [received(1), received(2)]),
        (BOTH, [received(1)]),
        ([*BOTH, reported(2)], [received(1), received(2)]),
        ([offered(1, ordered=False), offered(2)], [received(2), received(1, ordered=False)]),
        ([offered(1, stream=2), offered(2)], [received(2), received(1, stream=2)]),
        ([*BOTH, NotTaken(t=0.0, number=2, error="", text="")], [received(1)]),
        ([*BOTH, reported(2, at=0, size=3), reported(2, at=3, size=5)], [received(1)]),
    ],
)
def test_what_may_happen(sender: list[Record], receiver: list[Record]) -> None:
    ledger = reconcile(sender, receiver, receiver_lives=len(receiver) != 1 or len(sender) != 2)
    assert len(ledger.delivered) == len(receiver)


@pytest.mark.parametrize(
    ("sender", "receiver", "said"),
    [
        (BOTH, [received(1)], "neither delivered nor reported: 1: 2"),
        (BOTH, [received(2), received(1)], "on stream 1 1 came behind 2"),
        (BOTH, [received(1), received(1), received(2)], "delivered twice: 1"),
        (BOTH, [received(1), received(2), received(3)], "delivered and never sent: 3"),
        (BOTH, [received(1, good=False), received(2)], "sent Offered"),
        (BOTH, [received(1, size=7), received(2)], "sent Offered"),
        (BOTH, [received(1, stream=2), received(2)], "sent Offered"),
        ([*BOTH, reported(2, sent=False)], [received(1), received(2)], "reported as never sent, and delivered"),
        ([*BOTH, reported(2, wrong=1)], [received(1)], "not with context"),
        ([*BOTH, reported(2), reported(2, at=-1)], [received(1)], "or twice"),
        ([*BOTH, reported(3)], [received(1), received(2)], "reported and never sent"),
        ([offered(1, size=9), reported(1)], [], "said to be all of"),
    ],
)
def test_what_must_not(sender: list[Record], receiver: list[Record], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        reconcile(sender, receiver)


@pytest.mark.parametrize(
    ("sender", "receiver"),
    [
        # What was acknowledged died with the receiver: all of it, or the beginning.
        (BOTH, []),
        (BOTH, [received(1)]),
        ([*BOTH, reported(2)], []),
        ([*BOTH, reported(2, sent=False)], []),
        # What was delivered, the acknowledgement was lost.
        ([*BOTH, reported(1), reported(2)], [received(1)]),
        ([*BOTH, reported(1)], [received(1), received(2)]),
        # Another stream's may be earlier or later.
        ([offered(1), offered(2, stream=2), reported(1)], []),
    ],
)
def test_what_may_die_with_the_receiver(sender: list[Record], receiver: list[Record]) -> None:
    reconcile(sender, receiver, receiver_lives=False)


THREE = [*BOTH, offered(3)]


@pytest.mark.parametrize(
    ("sender", "said"),
    [
        ([*BOTH, reported(1)], "neither delivered nor reported: 1: 2"),
        ([*BOTH, reported(1, sent=False)], "1: 2"),
        ([*THREE, reported(2)], "1: 3"),
        ([*THREE, reported(1, size=3), reported(3)], "1: 2"),
        ([offered(1), offered(2, ordered=False), reported(1)], "1: 2"),
    ],
)
def test_what_must_not_die_with_the_receiver(sender: list[Record], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        reconcile(sender, [], receiver_lives=False)


def test_gaps_may_be_acknowledged_behind_what_was_sent_only() -> None:
    reconcile([*THREE, reported(2)], [], receiver_lives=False, gaps=True)
    for parts in ([reported(2, sent=False)], [reported(2, size=3), reported(2, at=3, size=5, sent=False)]):
        with pytest.raises(AssertionError, match="neither delivered nor reported: 1: 3"):
            reconcile([*THREE, *parts], [], receiver_lives=False, gaps=True)


def test_the_last_of_each_stream() -> None:
    sender = [offered(1), offered(2, stream=2), offered(3), offered(4), NotTaken(t=0.0, number=4, error="", text="")]
    assert last_of_each_stream(sender) == [3, 2]


def test_what_was_acknowledged_is_not_reported() -> None:
    with pytest.raises(AssertionError, match="acknowledged and reported"):
        reconcile([*BOTH, reported(2)], [received(1), received(2)], acknowledged=range(3))


def test_nothing_is_reported_of_a_living_association() -> None:
    reconcile_alive(BOTH, [received(1), received(2)])
    with pytest.raises(AssertionError, match="reported of a living association"):
        reconcile_alive([*BOTH, reported(2)], [received(1), received(2)])


def test_records_are_the_same_after_their_line() -> None:
    for record in (offered(1), received(2), reported(3)):
        assert load(dump(record)) == record
    assert content(5, 4000)[:100] == content(5, 100) != content(6, 100)
