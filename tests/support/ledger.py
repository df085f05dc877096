# SPDX-License-Identifier: MIT
"""The ledger of one direction: what became of every message, and that nothing became of it that must not.

`reconcile(sender, receiver)` raises AssertionError unless, whatever happened to the paths and the peer,

- every message was delivered or reported (SendFailed), and none was that had not been sent; where the receiver was
  killed, what it had acknowledged died with it: that is the beginning of what was sent on each stream;
- none was delivered twice, or with other bytes, or on another stream;
- ordered messages of a stream were delivered in the order of sending;
- none was delivered of which any part was reported with `sent=False`;
- the parts of a message are parts of it, in order, none twice, with its context and stream.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from tests.support.records import NotTaken, Offered, Received, Record, Reported, context


@dataclass
class Ledger:
    sent: dict[int, Offered] = field(default_factory=dict)
    delivered: dict[int, Received] = field(default_factory=dict)
    reported: dict[int, list[Reported]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        never = sum(any(not part.sent for part in parts) for parts in self.reported.values())
        done = f"{len(self.sent)} sent, {len(self.delivered)} delivered"
        return f"{done}, {len(self.reported)} reported ({never} as never sent)"

    @property
    def unaccounted(self) -> list[int]:
        return [number for number in self.sent if number not in self.delivered and number not in self.reported]


def reconcile(
    sender: Iterable[Record],
    receiver: Iterable[Record],
    *,
    acknowledged: Container[int] = (),
    receiver_lives: bool = True,
    sender_lives: bool = True,
    gaps: bool = False,
) -> Ledger:
    """Compare the two ends' records of one direction.

    Args:
        acknowledged: messages of which the sender knows that they were; none of them may be reported.
        receiver_lives: false: what its stack had acknowledged may have died with it.
        gaps: packets may have been lost before the receiver died, and later ones acknowledged by gap blocks.
        sender_lives: false: what it knew and did not tell may have died with it.
    """
    ledger = Ledger()
    _sent(ledger, sender)
    _received(ledger, receiver)
    _reports(ledger, acknowledged)
    lost = ledger.unaccounted if receiver_lives else _not_acknowledged(ledger, gaps)
    if sender_lives and lost:
        ledger.wrong.append(f"neither delivered nor reported: {brief(lost)}")
    assert not ledger.wrong, f"{ledger}\n" + "\n".join(ledger.wrong[:20])
    return ledger


def reconcile_alive(sender: Iterable[Record], receiver: Iterable[Record]) -> Ledger:
    """The same for an association that lived on: all was delivered, and nothing reported."""
    ledger = reconcile(sender, receiver)
    assert not ledger.reported, f"{ledger}: reported of a living association: {brief(list(ledger.reported))}"
    assert ledger.delivered.keys() == ledger.sent.keys()
    return ledger


def _sent(ledger: Ledger, records: Iterable[Record]) -> None:
    for record in records:
        match record:
            case Offered(number=number):
                assert number not in ledger.sent, f"the program sent {number} twice"
                ledger.sent[number] = record
            case NotTaken(number=number):
                del ledger.sent[number]
            case Reported(number=number):
                ledger.reported.setdefault(number, []).append(record)
            case _:
                pass


def _received(ledger: Ledger, records: Iterable[Record]) -> None:
    order = {number: at for at, number in enumerate(ledger.sent)}
    last: dict[int, int] = {}
    for one in records:
        if not isinstance(one, Received):
            continue
        number = one.number
        sent = ledger.sent.get(number)
        if sent is None:
            ledger.wrong.append(f"delivered and never sent: {number}")
            continue
        if number in ledger.delivered:
            ledger.wrong.append(f"delivered twice: {number}")
            continue
        ledger.delivered[number] = one
        if not one.good or (one.stream, one.size, one.ordered) != (sent.stream, sent.size, sent.ordered):
            ledger.wrong.append(f"sent {sent}, delivered {one}")
        if one.ordered:
            before = last.get(one.stream)
            if before is not None and order[before] > order[number]:
                ledger.wrong.append(f"on stream {one.stream} {number} came behind {before}")
            last[one.stream] = number


def _reports(ledger: Ledger, acknowledged: Container[int]) -> None:
    for number, parts in ledger.reported.items():
        sent = ledger.sent.get(number)
        if sent is None:
            ledger.wrong.append(f"reported and never sent: {parts}")
            continue
        if number in acknowledged:
            ledger.wrong.append(f"acknowledged and reported: {parts}")
        if number in ledger.delivered and not all(part.sent for part in parts):
            ledger.wrong.append(f"reported as never sent, and delivered: {parts}")
        for part in parts:
            if part.at < 0 or (part.stream, part.context) != (sent.stream, context(number)):
                ledger.wrong.append(f"no part of {sent}, or twice, or not with context {context(number)}: {part}")
            if part.complete and part.size != sent.size:
                ledger.wrong.append(f"said to be all of {sent}: {part}")


def _not_acknowledged(ledger: Ledger, gaps: bool) -> list[int]:
    """What became nothing of, and cannot have been acknowledged.

    On both stacks the messages of a stream leave in the order of sending, ordered or not. So no message has been
    acknowledged behind one that was never sent; nor, without gaps, behind one that was not acknowledged, which is why
    it is reported. Between streams nothing follows: usrsctp takes them in turn.
    """
    found, over = [], set()
    for number, sent in ledger.sent.items():
        parts = ledger.reported.get(number, [])
        if any(not (gaps and part.sent) for part in parts):
            over.add(sent.stream)
        elif not parts and number not in ledger.delivered and sent.stream in over:
            found.append(number)
    return found


def last_of_each_stream(sender: Iterable[Record]) -> list[int]:
    """When these have arrived, and nothing is lost on the way, all others have."""
    ledger = Ledger()
    _sent(ledger, sender)
    return list({one.stream: number for number, one in ledger.sent.items()}.values())


def brief(numbers: Sequence[int]) -> str:
    return f"{len(numbers)}: " + ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
