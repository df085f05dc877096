# SPDX-License-Identifier: MIT
"""From files to messages and back: what the demo's receiver notices."""

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sctpx import Address, AssociationId, Message, Outgoing
from sctpx._cli.files import Source, collect
from sctpx._cli.framing import HEADER, lane, pack
from sctpx._cli.intake import Intake
from sctpx._cli.sending import BATCH, Outbox
from sctpx._cli.verdict import Verdict, compare

PIECE = 100


def arrived(data: bytes, stream: int, ppid: int, unordered: bool) -> Message:
    return Message(
        data=data, size=len(data), complete=True, stream=stream, ppid=ppid, unordered=unordered, ssn=0, tsn=0,
        cumulative_tsn=0, context=0, association=AssociationId(1), source=Address("127.0.0.1", 9), next=None,
    )


def wire(message: Outgoing) -> Message:
    assert isinstance(message.data, tuple)
    assert message.stream is not None
    assert message.ppid is not None
    assert message.unordered is not None
    return arrived(b"".join(message.data), message.stream, message.ppid, message.unordered)


@pytest.fixture
def sources(tmp_path: Path) -> list[Source]:
    chance = random.Random(7)
    for number in range(60):
        (tmp_path / f"{number:02}").write_bytes(chance.randbytes(chance.choice([0, 1, PIECE, 250, 1000])))
    return collect([str(tmp_path)]).sources


def judge(sources: list[Source], change: Callable[[list[Message]], list[Message]]) -> tuple[list[Verdict], Intake]:
    """Send all, change what is on its way, and compare."""
    outbox, intake = Outbox(sources, PIECE), Intake()
    for message in change([wire(message) for batch in outbox.batches() for message in batch]):
        intake.take(message, message.data)
    assert outbox.messages >= len(sources)
    assert outbox.bytes <= sum(source.size for source in sources)
    return compare(sources, outbox.hashes, outbox.failures, intake.results()), intake


def problems(verdicts: list[Verdict]) -> dict[int, str]:
    return {verdict.source.number: verdict.problem for verdict in verdicts if verdict.problem}


def index_of(messages: list[Message], number: int, offset: int) -> int:
    return next(i for i, m in enumerate(messages) if HEADER.unpack_from(m.data)[:2] == (number, offset))


def longest(sources: list[Source], unordered: bool) -> int:
    return max((s for s in sources if lane(s.number).unordered == unordered), key=lambda s: s.size).number


def test_every_file_arrives_as_it_was(sources: list[Source]) -> None:
    verdicts, intake = judge(sources, lambda messages: messages)
    assert problems(verdicts) == {}
    assert intake.strays == []
    assert intake.files == len(sources)
    assert intake.bytes == sum(source.size for source in sources)
    for verdict in verdicts:
        assert verdict.sent == verdict.received == hashlib.sha256(verdict.source.path.read_bytes()).hexdigest()


def test_batches_are_full_and_streams_take_turns(sources: list[Source]) -> None:
    batches = list(Outbox(sources, PIECE).batches())
    assert {len(batch) for batch in batches[:-1]} == {BATCH}
    assert [message.stream for message in batches[0][:16]] == list(range(16))


def test_unordered_pieces_may_come_in_any_order(sources: list[Source]) -> None:
    def shuffle(messages: list[Message]) -> list[Message]:
        loose = [message for message in messages if message.unordered]
        random.Random(1).shuffle(loose)
        return loose + [message for message in messages if not message.unordered]

    verdicts, intake = judge(sources, shuffle)
    assert problems(verdicts) == {}
    assert intake.strays == []


def test_one_changed_bit_is_found(sources: list[Source]) -> None:
    victim = longest(sources, unordered=False)

    def corrupt(messages: list[Message]) -> list[Message]:
        at = index_of(messages, victim, PIECE)
        bad = bytearray(messages[at].data)
        bad[-1] ^= 1
        old = messages[at]
        messages[at] = arrived(bytes(bad), old.stream, old.ppid, old.unordered)
        return messages

    assert problems(judge(sources, corrupt)[0]) == {victim: "SHA-256 differs"}


def test_a_lost_piece_is_found(sources: list[Source]) -> None:
    victim = longest(sources, unordered=True)

    def lose(messages: list[Message]) -> list[Message]:
        del messages[index_of(messages, victim, PIECE)]
        return messages

    assert problems(judge(sources, lose)[0]) == {victim: f"incomplete: {PIECE} of {sources[victim].size} bytes"}


def test_a_file_that_never_came_is_found(sources: list[Source]) -> None:
    verdicts, _ = judge(sources, lambda messages: [m for m in messages if HEADER.unpack_from(m.data)[0] != 5])
    assert problems(verdicts) == {5: "never came"}


def test_disorder_within_a_stream_is_found(sources: list[Source]) -> None:
    victim = longest(sources, unordered=False)

    def swap(messages: list[Message]) -> list[Message]:
        a, b = index_of(messages, victim, 0), index_of(messages, victim, PIECE)
        messages[a], messages[b] = messages[b], messages[a]
        return messages

    assert problems(judge(sources, swap)[0]) == {
        victim: f"ordered, yet the piece at {PIECE} came where 0 was due",
    }


def test_disorder_between_files_of_a_stream_is_found() -> None:
    intake = Intake()
    for number in (16, 0):
        intake.take(arrived(pack(number, 0, 0), *lane(number)), pack(number, 0, 0))
    assert [result.problem for result in intake.results()] == ["", "ordered, yet file 16 of the same stream came first"]


@pytest.mark.parametrize("change", [(1, 0, False), (0, 1, False), (0, 0, True)])
def test_a_wrong_stream_ppid_or_order_is_found(change: tuple[int, int, bool]) -> None:
    stream, ppid, unordered = lane(0)
    message = arrived(pack(0, 0, 0), stream + change[0], ppid + change[1], unordered or change[2])
    intake = Intake()
    intake.take(message, message.data)
    (result,) = intake.results()
    assert result.problem.startswith("came as stream, PPID, unordered")


def test_twice_and_after_the_end_and_nonsense_are_found() -> None:
    intake, twice = Intake(), pack(6, 4, 8) + b"late"
    for data in (twice, twice):
        intake.take(arrived(data, *lane(6)), data)
    assert [result.problem for result in intake.results()] == ["the piece at 4 came twice"]
    for data in (pack(0, 0, 0), pack(0, 0, 0), b"nonsense"):
        intake.take(arrived(data, *lane(0)), data)
    assert intake.strays == ["file 0: a piece after its end", "a message of 8 bytes is too short for a header"]


def test_a_file_that_shrinks_or_vanishes_is_told_and_the_rest_goes_on(sources: list[Source]) -> None:
    shrunk, gone = longest(sources, unordered=False), longest(sources, unordered=True)
    sources[shrunk].path.write_bytes(b"x")
    sources[gone].path.unlink()
    found = problems(judge(sources, lambda messages: messages)[0])
    assert found == {
        shrunk: f"{sources[shrunk].path}: became shorter while it was sent",
        gone: f"{sources[gone].path}: No such file or directory",
    }
