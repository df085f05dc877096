# SPDX-License-Identifier: MIT
"""A peer sends more than its window, nothing but small messages, too large ones, or such that never end.

What a server holds of it stays within the bounds that `ReceiveBuffer` and `max_message_size` state.
"""

import contextlib
from collections.abc import Iterator

import pytest

from tests.support.common import SCALE, eventually
from tests.support.effort import chance, rounds

from .degree import KERNEL, heavy
from .flood import BUFFER, DEAF, MAX_MESSAGE, PER_PACKET, SLACK, Gauge, end, endless, paced, small, whole
from .packets import FIRST, LAST, UNORDERED
from .peer import STEP, Peer
from .target import Target, target

pytestmark = pytest.mark.usefixtures("attackable")

# Bytes that userland takes for a message of one byte, where the receive buffer counts one.
EACH = 500
# Associations, and how many times the receive buffer each sends.
FLOODERS = 4 if KERNEL else 16
# Associations that each begin a message; many, as libusrsctp does not find one again that was read in 256 steps.
BEGINNERS = rounds(64, 128)
STYLES = ["many", *([] if KERNEL else [pytest.param("one", marks=pytest.mark.slow)])]


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def shared(attackable: None) -> Iterator[Target]:
    with target(DEAF) as made:
        yield made


@pytest.fixture
def deaf(shared: Target) -> Iterator[Target]:
    """A server that does not read; of a kernel one is enough, as its messages do not lie in the process."""
    if KERNEL:
        shared.ask("deaf")
        yield shared
        return
    with target(DEAF) as made:
        yield made


@contextlib.contextmanager
def connected(victim: Target, style: str, name: str, count: int = 1) -> Iterator[list[Peer]]:
    """Peers of associations that the server has accepted; they end when it does not read, and are gone then."""
    with contextlib.ExitStack() as stack:
        source = chance(f"flood {name} {style}")
        port = victim.one if style == "one" else victim.many
        before = victim.report()
        peers = [stack.enter_context(Peer(victim.udp_port, port, source)).connect() for _ in range(count)]
        victim.ask("read")
        if style == "one":
            eventually(lambda: victim.report().accepted == before.accepted + count, "the accepted sockets")
        victim.ask("deaf")
        yield peers
        victim.ask("deaf")
        for peer in peers:
            peer.abort()
        victim.ask("read")
        eventually(lambda: victim.report().accepted <= before.accepted, "the end of the sockets")
        eventually(lambda: victim.report().associations <= before.associations, "the end of the associations")


def all_received(victim: Target) -> int:
    """How many messages were read when nothing is left to be read: it does so between any two reports."""
    counts = [victim.report().received for _ in range(10)]
    while counts[0] != counts[-1]:
        counts = [*counts[1:], victim.report().received]
    return counts[-1]


@pytest.mark.parametrize("flags", [FIRST | LAST, FIRST | LAST | UNORDERED], ids=["ordered", "unordered"])
def test_messages_of_one_byte_that_nobody_reads(deaf: Target, style: str, flags: int) -> None:
    with connected(deaf, style, f"small {flags}") as (peer,):
        gauge = Gauge(deaf)
        small(peer, BUFFER + BUFFER // 4, flags=flags)
        assert gauge.growth().sum < BUFFER * EACH + SLACK
        assert gauge.growth().kernel <= 2 * BUFFER + PER_PACKET  # with the one that passes it
        received = deaf.report().received
        deaf.ask("read")
        # The packet that fills it is taken whole.
        assert 0 < all_received(deaf) - received <= BUFFER + PER_PACKET


@heavy
def test_messages_of_one_byte_before_the_association_is_accepted(deaf: Target) -> None:
    with Peer(deaf.udp_port, deaf.one, chance("not accepted")) as peer:
        gauge = Gauge(deaf)
        peer.connect()
        small(peer, BUFFER + BUFFER // 4)
        assert gauge.growth().sum < BUFFER * EACH + SLACK
        peer.abort()


@pytest.mark.parametrize("kind", [pytest.param("whole", marks=pytest.mark.slow), "gaps", "fragments"])
def test_no_more_than_the_receive_buffer_is_held(deaf: Target, style: str, kind: str) -> None:
    """Of whole messages, behind missing ones, and without their beginning's end, on very many streams."""
    with connected(deaf, style, kind, FLOODERS) as peers:
        gauge = Gauge(deaf)
        for peer in peers:
            for number in range(FLOODERS * BUFFER // 1000):
                flags = FIRST if kind == "fragments" else FIRST | LAST
                chunk = peer.data(bytes(1000), stream=number % 10, ssn=number // 10, flags=flags)
                if kind == "gaps" and number % 2:
                    continue
                peer.send(chunk)
                peer.receive_all()
        # A packet's buffers may be three times as large as what is in them.
        assert gauge.growth().process < FLOODERS * 3 * BUFFER + SLACK
        assert gauge.growth().kernel <= FLOODERS * 2 * BUFFER


@heavy
def test_a_message_that_never_ends(deaf: Target, style: str) -> None:
    """What was read of it counts until it is more than `max_message_size`; then nothing of it is kept."""
    with connected(deaf, style, "endless") as (peer,):
        gauge = Gauge(deaf)
        deaf.ask("read")
        for part in range(rounds(12, 48) if SCALE == 1 else 9):
            assert paced(peer, endless(peer, MAX_MESSAGE, first=part == 0))
            assert gauge.growth().sum < 2 * MAX_MESSAGE + 2 * BUFFER + SLACK
        assert deaf.report().errors.get("MessageTooLargeError", 0) == 0
        # Its end tells, and the association goes on.
        assert paced(peer, end(peer))
        eventually(lambda: bool(deaf.report().errors.get("MessageTooLargeError", 0)), "the error")
        received = deaf.report().received
        assert paced(peer, whole(peer, b"small", ssn=1))
        eventually(lambda: deaf.report().received > received, "the message behind it")


@heavy
def test_messages_above_max_message_size(deaf: Target, style: str) -> None:
    count = rounds(2, 20)
    with connected(deaf, style, "huge") as (peer,):
        gauge, before = Gauge(deaf), deaf.report()
        deaf.ask("read")
        for number in range(count):
            assert paced(peer, endless(peer, 2 * MAX_MESSAGE, ssn=number))
            assert paced(peer, end(peer, ssn=number))
        eventually(
            lambda: deaf.report().errors.get("MessageTooLargeError", 0)
            == before.errors.get("MessageTooLargeError", 0) + count,
            "the errors",
        )
        assert deaf.report().received == before.received
        assert gauge.growth().sum < 2 * MAX_MESSAGE + 2 * BUFFER + SLACK


def test_unfinished_messages_are_bounded_in_sum(deaf: Target) -> None:
    """`max_message_size` is for all of a one-to-many socket's associations together."""
    with connected(deaf, "many", "sum", BEGINNERS) as peers:
        gauge = Gauge(deaf)
        deaf.ask("read")
        for peer in peers:
            assert paced(peer, endless(peer, 3 * BUFFER // 2))
        assert gauge.growth().sum < 2 * MAX_MESSAGE + SLACK


@heavy
def test_an_unfinished_message_keeps_nobody_elses_back(deaf: Target) -> None:
    """However many pieces the other one is read in."""
    with connected(deaf, "many", "kept back", 2) as (idle, other):
        deaf.ask("read")
        received = deaf.report().received
        assert paced(idle, endless(idle, 2 * BUFFER))
        assert paced(other, endless(other, 300 * 2 * STEP), batch=2)
        assert paced(other, end(other))
        eventually(lambda: deaf.report().received > received, "the message")
