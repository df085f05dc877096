# SPDX-License-Identifier: MIT
"""Several addresses at either end: bindx and connectx of lksctp-tools' programs and ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import sctpx
from sctpx import Address, PathEvent, PeerAddressChange
from sctpx.options import PathState
from tests.support.common import LIMIT, eventually, wait_for, wait_message
from tests.support.shapes import Opener, Server

from .process import Start
from .programs import SctpDarn, SctpTest, free_port

pytestmark = pytest.mark.slow

THREE = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]


def hosts(addresses: list[Address]) -> set[str]:
    return {address.host for address in addresses}


@pytest.mark.parametrize("program", [SctpTest(), SctpTest(("-T",)), SctpDarn(), SctpDarn(("-t",))], ids=str)
def test_their_bindx_at_our_connectx(start: Start, keep: Opener, program: SctpTest | SctpDarn) -> None:
    process, address = program.listen(start, "-B", THREE[1], "-B", THREE[2])
    ours = keep(sctpx.create_connection([Address(host, address.port) for host in THREE[:2]], LIMIT))
    assert hosts(ours.peer_addresses()) == set(THREE)
    eventually(lambda: all(path.state is PathState.ACTIVE for path in ours.paths()), "the confirmation of all paths")
    for number, host in enumerate(THREE):
        ours.send(bytes(10 + number), path=host)
        process.out.expect(rf"Data {10 + number} bytes|DATA\({10 + number}\)")


@pytest.mark.parametrize(
    "program", [SctpTest(("-C", "127.0.0.2", "-C", "127.0.0.1")), SctpDarn(("-c", "127.0.0.2"))], ids=str
)
def test_their_connectx_at_our_bindx(start: Start, server: Server, keep: Opener, program: SctpTest | SctpDarn) -> None:
    listener = server(paths=3)
    where = listener.local_addresses()[0]
    more = ("-c", 0, "-x", 1, "-X", 1) if isinstance(program, SctpTest) else ("-c", "127.0.0.1")
    process = program.send(start, where, "-B", "127.0.0.5", *more, host="127.0.0.4", port=free_port("127.0.0.4"))
    process.write(b"a line\n")
    ours = keep(listener.accept()[0])
    message = wait_message(ours)
    assert message.source.host in {"127.0.0.4", "127.0.0.5"}
    if isinstance(program, SctpDarn):
        told = process.out.expect(r"New connection, peer addresses\n((?:[\d.]+:\d+\n)+)")[1].split()
        assert sorted(told) == [f"{host}:{where.port}" for host in THREE]
        assert hosts(ours.peer_addresses()) == {"127.0.0.4", "127.0.0.5"}
        assert hosts(ours.local_addresses()) == set(THREE)


def test_addresses_they_removed_are_not_told(start: Start, keep: Opener) -> None:
    process, address = SctpDarn().listen(start, "-B", THREE[1], "-B", THREE[2], "-b", THREE[1])
    ours = keep(sctpx.create_connection(address, LIMIT))
    assert hosts(ours.peer_addresses()) == {THREE[0], THREE[2]}
    ours.send(b"by the other one", path=THREE[2])
    process.out.expect(r"DATA\(16\)")


def test_both_families(start: Start, keep: Opener) -> None:
    process, address = SctpDarn().listen(start, "-B", "127.0.0.1", host="::1")
    ours = keep(sctpx.create_connection(address, LIMIT, source=[("::1", 0), ("127.0.0.1", 0)]))
    assert hosts(ours.peer_addresses()) == {"::1", "127.0.0.1"}
    eventually(lambda: all(path.state is PathState.ACTIVE for path in ours.paths()), "the confirmation of all paths")
    for number, host in enumerate(["::1", "127.0.0.1"]):
        ours.send(bytes(10 + number), path=host)
        process.out.expect(rf"DATA\({10 + number}\)")


@pytest.fixture
def asconf() -> Iterator[None]:
    """Let every new socket take part in changes of addresses (RFC 5061), as those programs cannot ask for it."""
    names = [Path("/proc/sys/net/sctp", name) for name in ("addip_enable", "addip_noauth_enable", "auth_enable")]
    before = [name.read_text() for name in names]
    for name in names:
        name.write_text("1")
    yield
    for name, value in zip(names, before, strict=True):
        name.write_text(value)


def test_addresses_they_add_and_remove(start: Start, server: Server, keep: Opener, asconf: None) -> None:
    listener = server(events=[PeerAddressChange])
    process = SctpDarn(("-I",)).send(start, listener.local_addresses()[0], port=free_port())
    process.write(b"snd=5\n")
    ours = keep(listener.accept()[0])
    (only,) = ours.peer_addresses()
    for number, command in enumerate(["bindx-add=127.0.0.7", "peer_primary=127.0.0.7", "bindx-rem=127.0.0.1"]):
        process.write(f"{command}\n".encode())
        expected = [PathEvent.ADDED, PathEvent.MADE_PRIMARY, PathEvent.REMOVED][number]
        change = wait_for(ours, PeerAddressChange, lambda change, expected=expected: change.event is expected)  # type: ignore[misc]
        assert change.address == (Address("127.0.0.7", only.port) if number < 2 else only)
    assert ours.peer_addresses() == [Address("127.0.0.7", only.port)]
    ours.send(b"still")
    process.write(b"snd=6\n")
    assert wait_message(ours).source.host == "127.0.0.7"
