# SPDX-License-Identifier: MIT
"""Solaris' object code: messages with the ancillary data of its own, notifications, states and options."""

from collections.abc import Iterator
from typing import Any

import pytest

from sctpx._native import _contract as c
from tests.foreign.solaris.script import (
    IPPROTO_SCTP,
    Fails,
    Gives,
    N,
    Receives,
    Script,
    ancillary,
    pack,
    sockaddr,
    unpack,
)  # fmt: skip


@pytest.fixture
def script() -> Iterator[Script]:
    with Script() as made:
        yield made


def outgoing(script: Script, **fields: int) -> Any:
    how = script.ffi.new("struct sctpx_outgoing *")
    for name, value in fields.items():
        setattr(how, name, value)
    return how


def decoded(script: Script, raw: bytes) -> Any:
    out = script.ffi.new("struct sctpx_notification *")
    assert script.notification_decode(raw, len(raw), out) == 0
    return out


def received(script: Script, handle: int, arena: Any) -> Any:
    record = script.ffi.new("struct sctpx_received *")
    assert script.receive(handle, record, 1, arena, len(arena), 0) == 1
    return record


def test_a_send_without_arguments_has_no_ancillary_data(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    assert script.send(handle, script.ffi.NULL, b"plain", 5, 0) == 0
    (call,) = script.made("sendmsg")
    assert (call.data, call.more) == (b"plain", b"")
    assert call.arguments[2] == N["MSG_NOSIGNAL"] | N["MSG_DONTWAIT"]
    assert script.close(handle) == 0


def test_a_send_carries_one_sndrcvinfo_of_this_system(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV4, c.ONE_TO_MANY)
    flags = c.SEND_STREAM | c.SEND_PPID | c.SEND_CONTEXT | c.SEND_ORDER | c.SEND_UNORDERED | c.SEND_POLICY
    how = outgoing(script, association=7, flags=flags, stream=3, ppid=0x01020304, context=99, policy=c.POLICY_TIMED,
                   policy_value=1500)  # fmt: skip
    assert script.send(handle, how, b"x", 1, 0) == 0
    (call,) = script.made("sendmsg")
    assert len(call.more) == 12 + 32
    assert [unpack("cmsghdr", call.more, name) for name in ("cmsg_level", "cmsg_type")] == [
        IPPROTO_SCTP, N["SCTP_SNDRCV"],
    ]  # fmt: skip
    assert int.from_bytes(call.more[:4], "little") == 44
    info = call.more[12:]
    assert unpack("sctp_sndrcvinfo", info, "sinfo_stream") == 3
    assert info[8:12] == bytes([1, 2, 3, 4]), "network order"
    assert unpack("sctp_sndrcvinfo", info, "sinfo_context") == 99
    assert unpack("sctp_sndrcvinfo", info, "sinfo_timetolive") == 2, "milliseconds, rounded up"
    assert unpack("sctp_sndrcvinfo", info, "sinfo_flags") == N["MSG_UNORDERED"] | N["MSG_PR_SCTP"]
    assert unpack("sctp_sndrcvinfo", info, "sinfo_assoc_id") == 7
    assert script.close(handle) == 0


@pytest.mark.parametrize("flag", ["SEND_AUTH_KEY", "SEND_SACK_NOW", "SEND_MORE", "SEND_ALL"])
def test_what_this_system_lacks_is_unsupported(script: Script, flag: str) -> None:
    handle = script.open_(c.FAMILY_IPV4, c.ONE_TO_MANY)
    how = outgoing(script, association=7, flags=vars(c)[flag])
    assert script.send(handle, how, b"x", 1, 0) == -c.EUNSUPPORTED
    assert not script.made("sendmsg")
    assert script.close(handle) == 0


def test_a_message_is_told_by_sndrcv(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV6, c.ONE_TO_MANY)
    info = pack("sctp_sndrcvinfo", sinfo_stream=4, sinfo_ssn=5, sinfo_flags=N["MSG_UNORDERED"],
                sinfo_ppid=bytes([0, 0, 0, 46]), sinfo_context=6, sinfo_tsn=7, sinfo_cumtsn=8,
                sinfo_assoc_id=9)  # fmt: skip
    script.answer("recvmsg", Receives(b"hello", control=ancillary(N["SCTP_SNDRCV"], info),
                                      source=sockaddr("192.0.2.7", 4000)))  # fmt: skip
    arena = script.ffi.new("char[]", 100)
    record = received(script, handle, arena)
    assert (record.stream, record.ssn, record.ppid, record.context) == (4, 5, 46, 6)
    assert (record.tsn, record.cumulative_tsn, record.association) == (7, 8, 9)
    assert record.flags == c.RECEIVE_END | c.RECEIVE_UNORDERED
    assert bytes(record.source.bytes)[10:] == b"\xff\xff\xc0\x00\x02\x07", "mapped, on an IPv6 socket"
    assert bytes(script.ffi.buffer(arena, 5)) == b"hello"
    assert script.close(handle) == 0


def test_a_shutdown_event_has_a_length_of_16_bits(script: Script) -> None:
    raw = bytearray(pack("sctp_shutdown_event", sse_type=N["SCTP_SHUTDOWN_EVENT"], sse_length=12, sse_assoc_id=5))
    assert decoded(script, bytes(raw)).association == 5
    raw[6:8] = b"\xff\xff"  # which nobody promised to clear
    assert decoded(script, bytes(raw)).event == c.EVENT_PEER_SHUTDOWN
    raw[4:6] = (40).to_bytes(2, "little")
    out = script.ffi.new("struct sctpx_notification *")
    assert script.notification_decode(bytes(raw), len(raw), out) == -c.EINVAL, "it says that it is longer"


def test_an_adaptation_is_in_network_order(script: Script) -> None:
    raw = pack("sctp_adaptation_event", sai_type=N["SCTP_ADAPTATION_INDICATION"], sai_length=16,
               sai_adaptation_ind=bytes([1, 2, 3, 4]), sai_assoc_id=5)  # fmt: skip
    assert decoded(script, raw).value == 0x01020304


@pytest.mark.parametrize(
    ("state", "symbol"),
    [("SCTP_COMM_UP", c.COMM_UP), ("SCTP_COMM_LOST", c.COMM_LOST), ("SCTP_RESTART", c.COMM_RESTARTED),
     ("SCTP_SHUTDOWN_COMP", c.COMM_SHUTDOWN_COMPLETE), ("SCTP_CANT_STR_ASSOC", c.COMM_CANT_START)],
)  # fmt: skip
def test_what_became_of_an_association(script: Script, state: str, symbol: int) -> None:
    raw = pack("sctp_assoc_change", sac_type=N["SCTP_ASSOC_CHANGE"], sac_length=20, sac_state=N[state], sac_error=12,
               sac_outbound_streams=32, sac_inbound_streams=16, sac_assoc_id=5)  # fmt: skip
    out = decoded(script, raw)
    assert (out.event, out.state, out.cause, out.association) == (c.EVENT_ASSOCIATION, symbol, 12, 5)
    assert (out.out_streams, out.in_streams) == (32, 16)


def test_a_path_s_change_names_it_by_a_plain_address(script: Script) -> None:
    raw = pack("sctp_paddr_change", spc_type=N["SCTP_PEER_ADDR_CHANGE"], spc_length=276,
               spc_aaddr=sockaddr("192.0.2.1", 0), spc_state=N["SCTP_ADDR_UNREACHABLE"], spc_error=3,
               spc_assoc_id=5)  # fmt: skip
    out = decoded(script, raw)
    assert (out.event, out.state, out.association) == (c.EVENT_PATH, c.PATH_EVENT_UNREACHABLE, 5)
    assert bytes(out.address.bytes)[:4] == bytes([192, 0, 2, 1])
    assert script.notification_decode(raw[:-1], len(raw) - 1, out) == -c.EINVAL


def test_a_failed_send_says_which(script: Script) -> None:
    raw = pack("sctp_send_failed", ssf_type=N["SCTP_SEND_FAILED"], ssf_flags=N["SCTP_DATA_SENT"], ssf_length=53,
               ssf_error=12, ssf_info=pack("sctp_sndrcvinfo", sinfo_stream=3, sinfo_ppid=bytes([0, 0, 0, 9]),
                                           sinfo_context=77), ssf_assoc_id=5)  # fmt: skip
    out = decoded(script, raw + b"bytes")
    assert (out.event, out.state, out.cause) == (c.EVENT_SEND_FAILED, 1, 12)
    assert (out.stream, out.ppid, out.context) == (3, 9, 77)
    assert (out.data_offset, out.data_length, out.association) == (48, 5, 5)


@pytest.mark.parametrize(
    ("native", "symbol"),
    [("SCTP_CLOSED", None), ("SCTP_BOUND", None), ("SCTP_LISTEN", None), ("SCTP_COOKIE_WAIT", "COOKIE_WAIT"),
     ("SCTP_COOKIE_ECHOED", "COOKIE_ECHOED"), ("SCTP_ESTABLISHED", "ESTABLISHED"),
     ("SCTP_SHUTDOWN_PENDING", "SHUTDOWN_PENDING"), ("SCTP_SHUTDOWN_SENT", "SHUTDOWN_SENT"),
     ("SCTP_SHUTDOWN_RECEIVED", "SHUTDOWN_RECEIVED"), ("SCTP_SHUTDOWN_ACK_SENT", "SHUTDOWN_ACK_SENT")],
)  # fmt: skip
def test_states_are_negative_until_it_is_up(script: Script, native: str, symbol: str | None) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    path = pack("sctp_paddrinfo", spinfo_address=sockaddr("192.0.2.1", 5000), spinfo_state=N["SCTP_ACTIVE"],
                spinfo_srtt=20, spinfo_rto=300, spinfo_mtu=1500, spinfo_cwnd=4380)  # fmt: skip
    status = pack("sctp_status", sstat_state=N[native], sstat_rwnd=1000, sstat_outstrms=32, sstat_primary=path)
    script.options[IPPROTO_SCTP, N["SCTP_STATUS"]] = Gives(status)
    option = script.ffi.new("struct sctpx_option *", {"option": c.OPT_STATUS})
    result = script.get_option(handle, option, script.ffi.NULL, 0)
    if symbol is None:
        assert result == -c.ENOTCONN
    else:
        assert (result, option.fields[0]) == (0, vars(c)[f"STATE_{symbol}"])
        assert option.fields[7] == c.PATH_ACTIVE
        # In ticks, of which there are a hundred a second.
        assert (option.fields[9], option.fields[10]) == (200_000, 3_000_000)
    assert script.close(handle) == 0


def test_options_are_set_by_their_own_numbers_and_units(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    script.options[IPPROTO_SCTP, N["SCTP_RTOINFO"]] = Gives(pack("sctp_rtoinfo", srto_initial=3000, srto_max=60000))
    option = script.ffi.new("struct sctpx_option *", {"option": c.OPT_RTO_INFO, "given": 2})
    option.fields[1] = 250_000
    script.calls.clear()
    assert script.set_option(handle, option, script.ffi.NULL, 0) == 0
    (call,) = script.made("setsockopt")
    assert call.arguments[1:3] == (IPPROTO_SCTP, N["SCTP_RTOINFO"])
    assert unpack("sctp_rtoinfo", call.data, "srto_min") == 250
    assert script.get_option(handle, option, script.ffi.NULL, 0) == 0
    assert option.fields[0] == 3_000_000
    assert script.close(handle) == 0


def test_events_are_one_struct_in_which_data_io_stays_on(script: Script) -> None:
    handle = script.open_(c.FAMILY_IPV4, c.ONE_TO_MANY)
    (first,) = [call for call in script.made("setsockopt") if call.arguments[2] == N["SCTP_EVENTS"]]
    assert first.data == bytes([1, 1, 0, 0, 0, 0, 1, 0]), "and associations, whose ids nothing else tells"
    option = script.ffi.new("struct sctpx_option *", {"option": c.OPT_EVENT, "given": 3})
    option.fields[0], option.fields[1] = c.EVENT_PATH, 1
    assert script.set_option(handle, option, script.ffi.NULL, 0) == 0
    (call,) = script.made("setsockopt")
    assert call.data == bytes([1, 1, 1, 0, 0, 0, 1, 0])
    option.fields[0] = c.EVENT_SENDER_DRY
    assert script.set_option(handle, option, script.ffi.NULL, 0) == -c.EUNSUPPORTED
    assert script.close(handle) == 0


@pytest.mark.parametrize("name", ["EPIPE", "ENOTCONN", "ESHUTDOWN"])
def test_a_send_on_what_is_not_connected(script: Script, name: str) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    script.answer("sendmsg", Fails(name))
    assert script.send(handle, script.ffi.NULL, b"x", 1, 0) == (-c.EPIPE if name == "ESHUTDOWN" else -c.ENOTCONN)
    assert script.close(handle) == 0


@pytest.mark.parametrize("variant", ["oracle", "5_10"])
def test_sigpipe_is_kept_away_where_no_flag_does_it(variant: str) -> None:
    with Script(variant) as script:
        handle = script.open_(c.FAMILY_IPV4)
        script.calls.clear()
        script.answer("sendmsg", Fails("EPIPE"))
        assert script.send(handle, script.ffi.NULL, b"x", 1, 0) == -c.ENOTCONN
        told = [call.name for call in script.calls]
        assert told.index("pthread_sigmask") < told.index("sendmsg") < told.index("sigtimedwait")
        assert told.count("pthread_sigmask") == 2
        script.calls.clear()
        script.answer("sigismember", 1)
        script.answer("sendmsg", Fails("EPIPE"))
        assert script.send(handle, script.ffi.NULL, b"x", 1, 0) == -c.ENOTCONN
        assert not script.made("sigtimedwait"), "that signal was somebody else's"
        assert script.close(handle) == 0


@pytest.mark.parametrize("name", ["EBADF", "ENOTSOCK", "EINVAL", "EFAULT", "ENOBUFS", "ENOPROTOOPT"])
def test_errors_of_reading_an_option(script: Script, name: str) -> None:
    handle = script.open_(c.FAMILY_IPV4)
    option = script.ffi.new("struct sctpx_option *", {"option": c.OPT_NO_DELAY})
    script.answer("sctp_opt_info", Fails(name))
    expected = c.EUNSUPPORTED if name == "ENOPROTOOPT" else vars(c)[name]
    assert script.get_option(handle, option, script.ffi.NULL, 0) == -expected
    assert script.close(handle) == 0


@pytest.mark.parametrize("name", ["EMSGSIZE", "EAGAIN", "ENOBUFS", "ENOMEM", "EBADF", "ENOTSOCK", "EINTR", "EFAULT"])
def test_errors_of_a_send(script: Script, name: str) -> None:
    handle = script.open_(c.FAMILY_IPV4, c.ONE_TO_MANY)
    script.answer("sendmsg", Fails(name))
    assert script.send(handle, outgoing(script, association=7), b"x", 1, 0) == -vars(c)[name]
    assert script.close(handle) == 0


@pytest.mark.parametrize("name", ["EAGAIN", "EINTR", "EBADF", "ENOTSOCK", "ENOMEM", "ECONNRESET", "ETIMEDOUT"])
def test_errors_of_a_receive(script: Script, name: str) -> None:
    handle = script.open_(c.FAMILY_IPV4, c.ONE_TO_MANY)
    script.answer("recvmsg", Fails(name))
    record, arena = script.ffi.new("struct sctpx_received *"), script.ffi.new("char[]", 16)
    assert script.receive(handle, record, 1, arena, 16, 0) == -vars(c)[name]
    assert script.close(handle) == 0
