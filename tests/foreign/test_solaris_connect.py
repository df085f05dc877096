# SPDX-License-Identifier: MIT
"""Solaris' object code: several addresses where there is no connectx, and connectx where there is."""

from collections.abc import Iterator
from typing import Any

import pytest

from sctpx._native import _contract as c
from tests.foreign.solaris.fakes import functions
from tests.foreign.solaris.script import IPPROTO_SCTP, POLLIN, Fails, Gives, Lists, N, Receives, Script, pack, sockaddr

PEERS = [("192.0.2.1", 5000), ("192.0.2.2", 5000), ("192.0.2.3", 5000)]
SO_ERROR = (N["SOL_SOCKET"], N["SO_ERROR"])


@pytest.fixture
def script() -> Iterator[Script]:
    with Script() as made:
        yield made


def error(name: str) -> Gives:
    return Gives(N[name].to_bytes(4, "little"))


def connected(script: Script, state: str = "SCTP_ESTABLISHED") -> None:
    script.options[IPPROTO_SCTP, N["SCTP_STATUS"]] = Gives(pack("sctp_status", sstat_state=N[state]))


def begin(script: Script, handle: int, *peers: tuple[str, int]) -> int:
    script.calls.clear()
    return int(script.connectx(handle, *script.list_of(*peers), script.ffi.NULL, script.ffi.new("int64_t *")))


def targets(script: Script) -> list[bytes]:
    return [call.data for call in script.made("connect")]


def test_one_address_is_one_connect(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    script.answer("connect", Fails("EINPROGRESS"))
    assert begin(script, handle, PEERS[0]) == -c.EINPROGRESS
    assert targets(script) == [sockaddr(*PEERS[0])]
    connected(script)
    assert script.connect_result(handle, 0) == 0
    assert script.close(handle) == 0


def test_addresses_are_tried_in_turn_each_on_a_new_socket(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    script.answer("connect", Fails("EINPROGRESS"), Fails("EINPROGRESS"), Fails("EINPROGRESS"))
    assert begin(script, handle, *PEERS) == -c.EINPROGRESS
    tried = targets(script)
    for _ in range(2):
        script.options[SO_ERROR] = error("ECONNREFUSED")
        assert script.connect_result(handle, 0) == -c.EINPROGRESS
        told = [call.name for call in script.calls]
        assert told.index("socket") < told.index("dup2") < told.index("connect")
        tried += targets(script)
    assert tried == [sockaddr(*peer) for peer in PEERS]
    script.options[SO_ERROR] = Gives(bytes(4))
    connected(script)
    assert script.connect_result(handle, 0) == 0
    assert script.close(handle) == 0


def test_when_all_fail_the_last_one_s_reason_is_told_once(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    script.answer("connect", Fails("EINPROGRESS"), Fails("EINPROGRESS"))
    assert begin(script, handle, *PEERS[:2]) == -c.EINPROGRESS
    script.options[SO_ERROR] = error("ETIMEDOUT")
    assert script.connect_result(handle, 0) == -c.EINPROGRESS
    script.options[SO_ERROR] = error("ECONNREFUSED")
    assert script.connect_result(handle, 0) == -c.ECONNREFUSED
    script.options[SO_ERROR] = Gives(bytes(4))
    assert script.connect_result(handle, 0) == -c.ENOTCONN
    assert script.close(handle) == 0


@pytest.mark.parametrize("name", ["ECONNREFUSED", "ENETUNREACH", "EADDRINUSE", "EINVAL", "EACCES"])
def test_what_fails_at_once_makes_way_for_the_next(script: Script, name: str) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    script.answer("connect", Fails(name), Fails("EINPROGRESS"))
    assert begin(script, handle, *PEERS) == -c.EINPROGRESS
    assert targets(script) == [sockaddr(*peer) for peer in PEERS[:2]]
    assert script.close(handle) == 0


@pytest.mark.parametrize(
    ("name", "symbol"),
    [("ECONNREFUSED", c.ECONNREFUSED), ("ENETUNREACH", c.ENETUNREACH), ("EADDRNOTAVAIL", c.EADDRNOTAVAIL),
     ("EAGAIN", c.ENOPORT), ("EBADF", c.EBADF), ("ENOTSOCK", c.ENOTSOCK), ("EACCES", c.EACCES)],
)  # fmt: skip
def test_errors_of_the_only_address(script: Script, name: str, symbol: int) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    script.answer("connect", Fails(name))
    assert begin(script, handle, PEERS[0]) == -symbol
    assert script.close(handle) == 0


def test_lists_are_checked_before_any_call(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    room, size, count = script.list_of(*PEERS)
    script.calls.clear()
    assert script.connectx(handle, room, size, 0, script.ffi.NULL, script.ffi.NULL) == -c.EINVAL
    assert script.connectx(handle, room, size - 1, count, script.ffi.NULL, script.ffi.NULL) == -c.E2BIG
    assert not script.made("connect")
    assert script.close(handle) == 0


def test_nothing_is_kept_when_a_connecting_socket_is_closed(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    blocks = script.blocks
    script.answer("connect", Fails("EINPROGRESS"))
    assert begin(script, handle, *PEERS) == -c.EINPROGRESS
    assert script.blocks > blocks
    assert script.close(handle) == 0
    assert script.blocks == blocks


def test_where_there_is_connectx_it_gets_the_whole_array() -> None:
    with Script("oracle") as script:
        handle = script.open_(c.FAMILY_IPV4)
        script.answer("sctp_connectx", Fails("EINPROGRESS"))
        assert begin(script, handle, *PEERS) == -c.EINPROGRESS
        (call,) = script.made("sctp_connectx")
        assert call.arguments[2] == 3
        assert script.close(handle) == 0


def test_a_wait_ends_with_its_time_or_now_and_then_for_signals(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    assert script.wait(handle, c.READABLE, 100_000_000) == 0
    assert script.wait(handle, c.READABLE, -1) == -c.EINTR
    script.events = [POLLIN]
    assert script.wait(handle, c.READABLE, -1) == c.READABLE
    assert script.close(handle) == 0


def test_every_function_of_the_contract_is_reached(script: Script) -> None:
    ffi, null = script.ffi, script.ffi.NULL
    text, number, record = ffi.new("char[]", 4096), ffi.new("int64_t[]", 8), ffi.new("struct sctpx_received *")
    listed = script.list_of(PEERS[0])
    option = ffi.new("struct sctpx_option *", {"option": c.OPT_NO_DELAY, "given": 1})
    support = ffi.new("struct sctpx_support *")
    lengths: Any = ffi.new("uint32_t[]", [1, 2])
    hub, sock = script.open_(c.FAMILY_IPV4, c.ONE_TO_MANY), script.open_(c.FAMILY_IPV4)
    script.options[IPPROTO_SCTP, N["SCTP_NODELAY"]] = Gives(bytes([1, 0, 0, 0]))
    script.options[IPPROTO_SCTP, N["SCTP_INITMSG"]] = Gives(bytes(8))
    script.options[N["SOL_SOCKET"], N["SO_TYPE"]] = Gives(N["SOCK_STREAM"].to_bytes(4, "little"))
    script.options[N["SOL_SOCKET"], N["SO_DOMAIN"]] = Gives(N["AF_INET"].to_bytes(4, "little"))
    assert script.start(0, 0) == 0 and script.probe() == 0 and script.udp_port() == -c.EUNSUPPORTED
    assert script.describe(c.TOPIC_REMEDY, text, 4096) > 0
    assert script.support_of(c.FEATURE_PEELOFF, support) == 0 and support.present == 1
    assert script.schedulers() == 0 and script.error_of(0, N["ECONNREFUSED"]) == c.ECONNREFUSED
    assert script.bind(sock, *listed) == 0 and script.bindx(sock, *listed, 1) == 0
    assert script.listen(sock, 5) == 0
    script.answer("accept4", Gives(sockaddr(*PEERS[0])))
    child = script.accept(sock, ffi.new("struct sctpx_address *"), 0)
    assert child > 0 and script.style_of(child) == c.ONE_TO_ONE and script.family_of(child) == c.FAMILY_IPV4
    assert script.connectx(hub, *listed, null, number) in (0, -c.EINPROGRESS)
    assert script.connect_result(hub, 1) == -c.ENOTCONN
    assert script.peer_addresses(child, 0, ffi.new("struct sctpx_address[]", 2), 2) == -c.ENOTCONN
    script.answer("sctp_getladdrs", Lists((sockaddr(*PEERS[0]),)))
    assert script.local_addresses(child, 0, ffi.new("struct sctpx_address[]", 2), 2) == 1
    assert script.associations(hub, number, 8) == 0
    assert script.find(hub, listed[0]) == -c.ENOTCONN
    peeled = script.peeloff(hub, 3)
    assert peeled > 0 and script.close(peeled) == 0
    assert script.get_option(sock, option, null, 0) == 0 and option.fields[0] == 1
    assert script.set_option(sock, option, null, 0) == 0
    assert script.setsockopt(sock, IPPROTO_SCTP, N["SCTP_NODELAY"], text, 4) == 0
    assert script.getsockopt(sock, IPPROTO_SCTP, N["SCTP_NODELAY"], text, 4) == 4
    assert script.send(child, null, b"abc", 3, 0) == 0
    assert script.send_many(child, null, 0, b"abc", lengths, 2, 0) == 2
    script.answer("recvmsg", Receives(b"x"))
    assert script.receive(child, record, 1, text, 4096, 0) == 1
    assert script.notification_decode(bytes(4), 4, ffi.new("struct sctpx_notification *")) == -c.EINVAL
    script.events = [POLLIN]
    assert script.wait(child, c.READABLE, 0) == c.READABLE
    assert script.shutdown(child, 0) == 0 and script.abort(child, 0, null, 0) == 0
    descriptor = script.fileno(child)
    assert script.detach(child) == descriptor
    adopted = script.adopt(descriptor)
    assert adopted > 0
    for handle in (adopted, hub, sock):
        assert script.close(handle) == 0
    assert script.exit(0) == 0
    assert sorted(set(functions()) - script.reached) == []
