# SPDX-License-Identifier: MIT
"""lksctp-tools' servers print what they receive from our clients, and how it was sent."""

import random

import pytest

import sctpx
from sctpx import Endpoint, Outgoing
from tests.support.common import LIMIT, wait_message
from tests.support.effort import chance, rounds
from tests.support.shapes import OneEndpoint, Opener

from .payload import sizes, text
from .process import Process, Start
from .programs import SctpDarn, SctpTest
from .reports import WITNESSES, Received, Witness

STREAMS = 10
_SHOWN = bytes(number if 0x20 <= number < 0x7F else ord(".") for number in range(256))


@pytest.fixture(params=WITNESSES)
def witness(request: pytest.FixtureRequest) -> Witness:
    return WITNESSES[request.param]


def any_message(random: random.Random, size: int) -> tuple[bytes, Outgoing]:
    """Its data apart too."""
    # The last byte is printed as it is.
    data = random.choice([text(random, size), random.randbytes(size - 1) + b"."])
    stream, ppid = random.randrange(STREAMS), random.randrange(1 << 32)
    return data, Outgoing(data, stream=stream, ppid=ppid, unordered=random.random() < 0.3)


def expect_greeting(process: Process) -> None:
    """sctp_test does not tell how the first message was sent: a notification has used up its place for that."""
    process.out.expect(r"Data 1 bytes.*\n|DATA\(1\):  \n")


def check(report: Received, data: bytes, message: Outgoing) -> None:
    """It was received as it was sent; of the data it has as much as the program prints, as it does."""
    told = (report.size, report.stream, report.ppid, report.unordered)
    assert told == (len(data), message.stream, message.ppid, message.unordered)
    assert data.translate(_SHOWN).startswith(report.start)


@pytest.mark.parametrize("style", ["socket", "endpoint"])
def test_sizes_streams_ppids_and_order(
    start: Start, keep: Opener, endpoint: OneEndpoint, witness: Witness, style: str
) -> None:
    process, address = witness.program.listen(start)
    one = keep(sctpx.create_connection(address, LIMIT)) if style == "socket" else endpoint().connect([address])
    one.send(b"!")
    expect_greeting(process)
    random = chance("witness")
    ssn = [1] + [0] * (STREAMS - 1)
    tsn: int | None = None
    for size in sizes(random):
        data, message = any_message(random, size)
        one.send(data, stream=message.stream, ppid=message.ppid, unordered=message.unordered)
        report = witness.report(process)
        check(report, data, message)
        if not message.unordered:
            assert report.ssn == ssn[report.stream]
            ssn[report.stream] += 1
        assert tsn is None or 0 < (report.tsn - tsn) % (1 << 32) < 1 << 16
        tsn = report.tsn


@pytest.mark.slow
def test_a_batch_keeps_the_order_of_its_streams(start: Start, keep: Opener, witness: Witness) -> None:
    process, address = witness.program.listen(start)
    ours = keep(sctpx.create_connection(address, LIMIT))
    ours.send(b"!")
    expect_greeting(process)
    random = chance("batch")
    batch = [any_message(random, random.choice([1, 9, 100, 1452, 5000])) for _ in range(rounds(30, 200))]
    ours.send_many([message for _, message in batch])
    reports = [witness.report(process) for _ in batch]
    as_sent = sorted(reports, key=lambda report: (report.tsn - reports[0].tsn + (1 << 31)) % (1 << 32))
    for report, (data, message) in zip(as_sent, batch, strict=True):
        check(report, data, message)
    for stream in range(STREAMS):
        ordered = [report.ssn for report in reports if report.stream == stream and not report.unordered]
        assert ordered == sorted(ordered)


@pytest.mark.slow
def test_many_of_ours_at_one_of_theirs(start: Start, keep: Opener, endpoint: OneEndpoint) -> None:
    """sctp_darn is one-to-many: each of our associations has an id of its own there."""
    process, address = SctpDarn().listen(start)
    clients = [keep(sctpx.create_connection(address, LIMIT)) for _ in range(rounds(3, 20))]
    hub = endpoint()
    seen: set[int] = set()
    for number, client in enumerate(clients):
        client.send(b"client %d." % number, stream=number % STREAMS)
        report = WITNESSES["sctp_darn"].report(process)
        assert (report.start, report.stream) == (b"client %d" % number, number % STREAMS)
        seen.add(report.association)
    hub.send(b"endpoint.", to=[address], stream=3, ppid=7)
    report = WITNESSES["sctp_darn"].report(process)
    assert (report.start, report.stream, report.ppid) == (b"endpoint", 3, 7)
    assert len({*seen, report.association}) == len(clients) + 1


@pytest.mark.slow
def test_one_of_ours_at_many_of_theirs(start: Start, endpoint: OneEndpoint) -> None:
    servers = [program.listen(start) for program in (SctpTest(), SctpDarn(), SctpTest(("-T",)), SctpDarn(("-t",)))]
    hub: Endpoint = endpoint()
    ids = [hub.connect([address]).id for _, address in servers]
    assert set(hub.associations) == set(ids)
    hub.send_all(b"to each")
    for process, _ in servers:
        process.out.expect(r"Data 7 bytes. First 7 bytes: to each|DATA\(7\):  to eac")


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("-t",)], ids=["one-to-many", "one-to-one"])
def test_bytes_of_all_sizes_come_back(start: Start, keep: Opener, options: tuple[str, ...]) -> None:
    _, address = SctpDarn(("-e", *options)).listen(start)
    ours = keep(sctpx.create_connection(address, LIMIT))
    random = chance("echo")
    for size in sizes(random):
        data = random.randbytes(size)
        ours.send(data, stream=size % STREAMS, ppid=size)
        answer = wait_message(ours)
        assert (answer.data, answer.stream, answer.ppid) == (data, 0, 0)
