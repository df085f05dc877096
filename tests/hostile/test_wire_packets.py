# SPDX-License-Identifier: MIT
"""Hostile packets: the server takes no harm, and an association with somebody else does not notice them."""

import random
import socket
from collections.abc import Callable, Iterator

import pytest

from tests.support.common import LIMIT, SCALE, eventually
from tests.support.effort import chance, rounds
from tests.support.relay import stack_port

from . import native
from .corpus import chunks, corpus
from .degree import KERNEL, heavy, times
from .mutation import headed, mutated, noise
from .packets import FIRST, Chunk, Kind, Packet
from .peer import INIT, INTERLEAVED, SPOKEN, Peer, Refused
from .tap import Tap
from .target import Good, Target, target, undisturbed
from .victim import Setup

GROWTH = 8 << 20  # bytes: the stack's own free lists and what the allocator keeps
DESCRIPTORS = 8  # twice as many as the associations that a hostile peer may leave
BATCH = 64  # packets, which a UDP socket's buffer holds
OBJECTS = 6000  # of Python: 4096 addresses are remembered
SLOW = pytest.mark.slow
STYLES = ["many", pytest.param("one", marks=SLOW)]

# To a kernel also without UDP: who may make raw sockets may do anything.
WAYS = ["127.0.0.1", pytest.param("127.0.0.2", marks=SLOW), *(["raw"] if KERNEL else [])]

PEERS = [False, True]  # without I-DATA and with

pytestmark = pytest.mark.usefixtures("attackable")


@pytest.fixture(scope="module")
def victim(request: pytest.FixtureRequest, attackable: None) -> Iterator[Target]:
    with target(Setup(interleaves=getattr(request, "param", False))) as made:
        yield made


@pytest.fixture(params=STYLES)
def port(request: pytest.FixtureRequest, victim: Target) -> int:
    return victim.one if request.param == "one" else victim.many


def paced(victim: Target, port: int, count: int) -> Iterator[int]:
    """Numbers of packets to be sent, as fast as the server takes them: none of them, nor of the good association's, is
    lost in its UDP buffer."""
    with Peer(victim.udp_port, port, chance("pace")) as peer:
        for number in range(count):
            yield number
            if number % BATCH == BATCH - 1 or number == count - 1:
                assert peer.heard(), f"no answer behind packet {number}"


def throw(victim: Target, port: int, count: int, make: Callable[[int], bytes], *, way: str = "127.0.0.1") -> None:
    """Send from a UDP port of nobody's at an address, or without UDP."""
    raw = way == "raw"
    kind, protocol = (socket.SOCK_RAW, native.IPPROTO_SCTP) if raw else (socket.SOCK_DGRAM, 0)
    with socket.socket(socket.AF_INET, kind, protocol) as thrower:
        thrower.bind(("127.0.0.1" if raw else way, 0))
        for number in paced(victim, port, count):
            thrower.sendto(make(number), ("127.0.0.1", 0 if raw else victim.udp_port))


def stranger(random_source: random.Random, good: Good) -> int:
    """A port that is not the good association's."""
    while (found := random_source.randint(1, 65_535)) == good.port:
        pass
    return found


def unharmed(victim: Target, attack: Callable[[], None], *, left: int = 0) -> None:
    """Nothing is left of an attack: no memory, descriptor, thread or object, and but so many associations."""
    before = victim.report()
    most = before.associations + before.accepted + left
    attack()
    # It closes what its peers ended in its own time.
    eventually(lambda: (now := victim.report()).associations + now.accepted <= most, "the end of associations")
    after = victim.report()
    assert after.rss < before.rss + GROWTH
    assert after.stack < before.stack + GROWTH
    assert after.descriptors <= before.descriptors + DESCRIPTORS
    assert after.threads == before.threads
    assert after.objects < before.objects + OBJECTS


@pytest.mark.parametrize("way", ["raw" if KERNEL else "127.0.0.1"])
def test_packets_out_of_nothing(victim: Target, port: int, way: str) -> None:
    source = chance(f"packets out of nothing {way}")
    with undisturbed(victim, port) as good:

        def make(number: int) -> bytes:
            if number % 2:
                return noise(source)
            return headed(source, stranger(source, good), port, source.choice((0, source.getrandbits(32))))

        unharmed(victim, lambda: throw(victim, port, times(2000, 50_000), make, way=way))


@heavy
@pytest.mark.parametrize("way", WAYS)
def test_packets_of_every_kind_made_wrong(victim: Target, port: int, way: str) -> None:
    source, packets, others = chance(f"packets made wrong {way}"), corpus(), chunks()
    with undisturbed(victim, port) as good:

        def make(number: int) -> bytes:
            packet = source.choice(packets)
            tag = 0 if packet.tag == 0 else source.getrandbits(32)
            return mutated(source, packet.to(stranger(source, good), port, tag), others)

        unharmed(victim, lambda: throw(victim, port, times(1500, 30_000), make, way=way))


@heavy
def test_right_addresses_and_ports_with_wrong_tags(victim: Target, port: int) -> None:
    """The attacker sends out of the good association's own UDP port; nothing but the tag tells who it is."""
    source, others = chance("wrong tags"), chunks()
    packets = [packet for packet in corpus() if packet.tag]
    with (
        stack_port() as own,
        Tap(own, victim.udp_port, port) as tap,
        undisturbed(victim, port, tap.options) as good,
    ):
        right = {packet.tag for packet in tap.packets}

        def attack() -> None:
            for _ in paced(victim, port, times(1500, 30_000)):
                packet = source.choice(packets)
                while (tag := source.getrandbits(32)) in right:
                    pass
                tap.inject(mutated(source, packet.to(good.port, port, tag), others))

        unharmed(victim, attack)


def test_inits_that_nothing_follows(victim: Target, port: int) -> None:
    """As fast as the server answers: none is lost on the way, nor does the good association have to retransmit."""
    source = chance("inits")
    with undisturbed(victim, port) as good, Peer(victim.udp_port, port, source) as peer:

        def attack() -> None:
            unanswered = 0
            for _ in range(times(3000, 50_000) // BATCH):
                for _ in range(BATCH):
                    peer.own_port, peer.own_tag = stranger(source, good), source.randint(1, 0xFFFFFFFF)
                    peer.send(peer.init())
                unanswered += BATCH - peer.received(BATCH)
            assert unanswered == 0

        unharmed(victim, attack)


@heavy
@pytest.mark.parametrize("victim", PEERS, ids=["plain", "interleaving"], indirect=True)
def test_a_hostile_peer_ends_no_association_but_its_own(victim: Target, port: int) -> None:
    source, packets, others = chance("hostile peer"), corpus(), chunks()
    with undisturbed(victim, port) as good:

        def attack() -> None:
            for number in range(times(60, 1500)):
                with Peer(victim.udp_port, port, source, spoken=source.choice((SPOKEN, INTERLEAVED))) as peer:
                    peer.own_port = 20_000 + number
                    if peer.own_port == good.port:
                        continue
                    try:
                        peer.connect()
                    except Refused:
                        continue
                    for _ in range(source.randint(1, 30)):
                        peer.send_raw(mutated(source, peer.fitted(source.choice(packets)), others))
                        if source.random() < 0.5:
                            peer.receive_all()
                    peer.abort()

        # Some may outlive their peer's ABORT: of 1,500 one-to-one, one did.
        unharmed(victim, attack, left=4)
        report = victim.report()
        # Whatever became of them, the errors say that the association was lost or aborted, and nothing else.
        assert set(report.errors) <= {"AbortedError", "AssociationLostError", "MessageTooLargeError"}, report.errors


# ---- what a stack gets wrong, see docs/reliability.md -------------------------------------------------------------
@heavy
def test_a_forged_init_ends_no_association() -> None:
    """It has no tag to be checked (RFC 9260 §8.5.1), so nothing in it may touch an association that is up."""
    with target() as victim, Peer(victim.udp_port, victim.many, chance("forged init")).connect() as peer:
        # No incoming streams: not allowed (§3.3.2).
        forged = Chunk(Kind.INIT, INIT.pack(1, 1 << 20, 10, 0, 1))
        peer.send(forged, tag=0)
        peer.receive(0.5)
        peer.send(peer.data(b"good"))
        eventually(lambda: bool(victim.report().received), "the message", limit=2.0)
        assert not any("LOST" in event for event in victim.report().events)


@heavy
def test_a_packet_with_a_wrong_tag_does_not_move_the_peer() -> None:
    """RFC 6951 §5.4: the UDP port is learned from packets that belong to the association."""
    source = chance("moved")
    with target(Setup(reads=False)) as victim, Peer(victim.udp_port, victim.one, source).connect() as peer:
        peer.send(peer.data(b"good 0"))
        assert peer.settled()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as forger:
            forged = Packet(peer.own_port, victim.one, peer.tag ^ 1, (Chunk(Kind.HEARTBEAT, bytes(8)),))
            forger.sendto(bytes(forged), ("127.0.0.1", victim.udp_port))
            # Packets are taken in order: an answer to a later one says that the forged one was seen.
            with Peer(victim.udp_port, victim.one, source) as other:
                other.connect()
            victim.ask("read")
            forger.settimeout(SCALE)
            with pytest.raises(TimeoutError):
                forger.recv(2000)


@heavy
def test_a_wrong_checksum_is_noticed() -> None:
    with target() as victim, Peer(victim.udp_port, victim.one, chance("checksum")).connect() as peer:
        peer.abort()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.2", 0))
            other.settimeout(1.0)
            raw = bytes(Packet(1025, victim.one, 0, (peer.init(),)))
            other.sendto(raw[:8] + bytes(4) + raw[12:], ("127.0.0.1", victim.udp_port))
            with pytest.raises(TimeoutError):
                other.recv(2000)


@heavy
def test_a_message_that_its_peer_aborts_is_not_given_out_and_does_no_harm() -> None:
    """On both kinds of socket, while it is being read: libusrsctp alone does not survive it."""
    with target() as victim:
        for number in range(rounds(60, 800)):
            port = victim.many if number % 2 else victim.one
            with Peer(victim.udp_port, port, chance(f"endless {number}")) as peer:
                peer.own_port = 20_000 + number
                peer.connect(limit=0.5 * LIMIT)
                for at in range(110):
                    peer.send(peer.data(bytes(1200), flags=FIRST if at == 0 else 0))
                peer.abort()
        assert victim.report().received == 0
