# SPDX-License-Identifier: MIT
"""What crosses the border when a message is sent, and what is refused before it does."""

import array
import ctypes
import errno
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sctpx
from sctpx import Address, Buf, Message, Outgoing, Prio, Reliable, Rtx, Timed
from sctpx._native import _codec, _sender
from sctpx._native import _contract as c
from sctpx._native._how import PLAIN, How
from tests.unit.fake import PEER, FakeLib, channel

U32 = 0xFFFFFFFF
PATH = Address("192.0.2.7", 3868)


def resolve(association: int, path: object) -> bytes:
    assert path == "192.0.2.7"
    return _codec.pack(PATH)


def packed(how: How, association: int = 0, extra: int = 0) -> dict[str, Any]:
    values = c.OUTGOING.unpack(_sender.pack(how, association, extra, resolve))
    return dict(zip(c.OUTGOING_FIELDS, values, strict=True))


def sent(data: Any, how: How = PLAIN, association: int = 0, extra: int = 0) -> tuple[bytes, bytes]:
    lib = FakeLib()
    _sender.send(channel(lib), data, how, association, resolve, extra)
    [one] = lib.sent
    return one


def received(data: bytes = b"data", **fields: Any) -> Message:
    given: dict[str, Any] = {
        "size": len(data), "complete": True, "stream": 5, "ppid": 46, "unordered": True, "ssn": 1, "tsn": 2,
        "cumulative_tsn": 3, "context": 4, "association": sctpx.AssociationId(3), "source": PEER, "next": None,
    }  # fmt: skip
    return Message(data=data, **(given | fields))


def test_a_plain_message_is_its_bytes_alone() -> None:
    assert sent(b"hello") == (b"", b"hello")


@pytest.mark.parametrize(
    ("how", "fields"),
    [
        (How(), {"flags": 0}),
        (How(stream=0), {"flags": c.SEND_STREAM}),
        (How(stream=0xFFFF), {"flags": c.SEND_STREAM, "stream": 0xFFFF}),
        (How(ppid=U32), {"flags": c.SEND_PPID, "ppid": U32}),
        (How(ppid=sctpx.Ppid.DIAMETER), {"flags": c.SEND_PPID, "ppid": 46}),
        (How(unordered=False), {"flags": c.SEND_ORDER}),
        (How(unordered=True), {"flags": c.SEND_ORDER | c.SEND_UNORDERED}),
        (How(context=9), {"flags": c.SEND_CONTEXT, "context": 9}),
        (How(policy=Reliable()), {"flags": c.SEND_POLICY, "policy": c.POLICY_RELIABLE}),
        (How(policy=Timed(0.5)), {"flags": c.SEND_POLICY, "policy": c.POLICY_TIMED, "policy_value": 500_000}),
        (How(policy=Timed(1e-9)), {"flags": c.SEND_POLICY, "policy": c.POLICY_TIMED, "policy_value": 1}),
        (How(policy=Rtx(0)), {"flags": c.SEND_POLICY, "policy": c.POLICY_RTX, "policy_value": 0}),
        (How(policy=Prio(U32)), {"flags": c.SEND_POLICY, "policy": c.POLICY_PRIO, "policy_value": U32}),
        (How(policy=Buf(7)), {"flags": c.SEND_POLICY, "policy": c.POLICY_BUF, "policy_value": 7}),
        (How(path="192.0.2.7"), {"flags": c.SEND_PATH, "path": _codec.pack(PATH)}),
        (How(sack_immediately=True), {"flags": c.SEND_SACK_NOW}),
        (How(eof=True), {"flags": c.SEND_EOF}),
        (How(more=True), {"flags": c.SEND_MORE}),
    ],
)
def test_each_argument_has_its_place(how: How, fields: dict[str, Any]) -> None:
    nothing = dict.fromkeys(c.OUTGOING_FIELDS, 0) | {"path": _codec.NO_ADDRESS}
    assert packed(how) == nothing | fields


@given(st.integers(0, 0xFFFF), st.integers(0, U32), st.integers(0, U32), st.booleans(), st.integers(1, 2**62))
def test_arguments_together(stream: int, ppid: int, context: int, unordered: bool, association: int) -> None:
    record = packed(How(stream, ppid, unordered, context, Rtx(3)), association, c.SEND_ALL)
    assert record["association"] == association
    assert (record["stream"], record["ppid"], record["context"]) == (stream, ppid, context)
    assert (record["policy"], record["policy_value"]) == (c.POLICY_RTX, 3)
    assert bool(record["flags"] & c.SEND_UNORDERED) == unordered
    assert record["flags"] & c.SEND_ALL


@pytest.mark.parametrize(
    "how",
    [How(stream=-1), How(stream=0x10000), How(ppid=-1), How(ppid=U32 + 1), How(context=-1), How(context=U32 + 1),
     How(policy=Rtx(-1)), How(policy=Rtx(U32 + 1)), How(policy=Prio(-1)), How(policy=Buf(U32 + 1)),
     How(policy=Timed(0)), How(policy=Timed(-1)), How(policy=Timed(float("nan"))), How(policy=Timed(float("inf"))),
     How(policy=Timed(5e6))],
)  # fmt: skip
def test_out_of_range(how: How) -> None:
    with pytest.raises(ValueError):
        packed(how)


@pytest.mark.parametrize("wrong", ["1", 1.0, True, b"1", [1]])
@pytest.mark.parametrize("name", ["stream", "ppid", "context"])
def test_numbers_are_ints(name: str, wrong: Any) -> None:
    with pytest.raises(TypeError, match=name):
        packed(How(**{name: wrong}))


@pytest.mark.parametrize("wrong", [0.5, Rtx, "rtx", (1, 2)])
def test_a_policy_is_one_of_five(wrong: Any) -> None:
    with pytest.raises(TypeError, match="policy"):
        packed(How(policy=wrong))


@pytest.mark.parametrize(
    "data",
    [b"\1\2\3\4", bytearray(b"\1\2\3\4"), memoryview(b"\1\2\3\4"), memoryview(b"\1\0\2\0\3\0\4\0")[::2],
     array.array("I", [0x04030201]), (ctypes.c_uint32 * 1)(0x04030201), memoryview(b"\1\2\3\4").cast("B", (2, 2)),
     [b"\1\2", bytearray(b"\3"), memoryview(b"\4")], (b"\1\2\3\4",)],
    ids=lambda data: type(data).__name__,
)  # fmt: skip
def test_any_buffer_and_pieces(data: Any) -> None:
    assert sent(data) == (b"", b"\1\2\3\4")


@pytest.mark.parametrize("empty", [b"", bytearray(), [], (), [b""], memoryview(b"")])
def test_an_empty_message_is_refused(empty: Any) -> None:
    with pytest.raises(sctpx.InvalidArgumentError) as caught:
        sent(empty)
    assert caught.value.errno == errno.EINVAL


@pytest.mark.parametrize("wrong", ["text", 5, None, ["text"], [5], object()])
def test_what_is_no_buffer(wrong: Any) -> None:
    with pytest.raises(TypeError):
        sent(wrong)


@pytest.mark.parametrize(
    ("result", "error", "number"),
    [
        (c.EAGAIN, sctpx.WouldBlockError, errno.EAGAIN),
        (c.EPIPE, sctpx.AssociationClosedError, errno.EPIPE),
        (c.EMSGSIZE, sctpx.MessageTooLargeError, errno.EMSGSIZE),
        (c.EUNSUPPORTED, sctpx.UnsupportedError, errno.EOPNOTSUPP),
        (c.ESTREAM, sctpx.InvalidStreamError, errno.EINVAL),
        (c.ECLOSED, sctpx.ClosedError, errno.EBADF),
    ],
)
def test_what_the_stack_refuses(result: int, error: type[sctpx.SctpError], number: int) -> None:
    lib = FakeLib()
    lib.results["sctpx_send"] = -result
    with pytest.raises(error) as caught:
        _sender.send(channel(lib), b"x" * 9, How(policy=Prio(1)), 0, resolve)
    assert (caught.value.errno, caught.value.operation) == (number, "send")
    if isinstance(caught.value, sctpx.UnsupportedError):
        assert caught.value.subject == "Prio"
    if isinstance(caught.value, sctpx.MessageTooLargeError):
        assert caught.value.size == 9
        assert "SendBuffer" in str(caught.value)


def test_an_association_that_is_gone_is_one_error_on_endpoints() -> None:
    lib = FakeLib(c.ONE_TO_MANY)
    lib.results["sctpx_send"] = -c.ENOTCONN
    with pytest.raises(sctpx.AssociationClosedError):
        _sender.send(channel(lib), b"x", PLAIN, 5, resolve)


def test_a_time_out_is_no_would_block() -> None:
    lib = FakeLib()
    lib.results["sctpx_send"] = -c.EAGAIN
    with pytest.raises(TimeoutError):
        _sender.send(channel(lib, 1.0), b"x", PLAIN, 0, resolve)


def batch(messages: Any, common: How = PLAIN, association: int = 0) -> tuple[list[bytes], list[dict[str, Any]], bool]:
    data, records, hows = _sender.batch(messages, common, association, resolve)
    unpacked = [dict(zip(c.OUTGOING_FIELDS, one, strict=True)) for one in c.OUTGOING.iter_unpack(records)]
    return [bytes(one) for one in data], unpacked, hows is not None


def test_a_batch_of_plain_buffers_needs_no_record() -> None:
    assert batch([b"a", bytearray(b"b")]) == ([b"a", b"b"], [], False)


def test_a_batch_with_common_arguments_needs_one() -> None:
    data, records, each = batch(iter([b"a", b"b"]), How(stream=3), 7)
    assert (data, each) == ([b"a", b"b"], False)
    [record] = records
    assert (record["association"], record["flags"], record["stream"]) == (7, c.SEND_STREAM, 3)


def test_a_mixed_batch_has_one_for_each() -> None:
    data, records, each = batch([b"a", Outgoing(b"b", stream=4, ppid=9), received(b"c")], How(stream=3))
    assert (data, each) == ([b"a", b"b", b"c"], True)
    assert [(one["stream"], one["ppid"]) for one in records] == [(3, 0), (4, 9), (5, 46)]
    assert [one["flags"] for one in records] == [
        c.SEND_STREAM,
        c.SEND_STREAM | c.SEND_PPID,
        c.SEND_STREAM | c.SEND_PPID | c.SEND_ORDER | c.SEND_UNORDERED,
    ]


def test_every_field_of_outgoing_is_sent() -> None:
    one = Outgoing(
        [b"a", b"b"], stream=1, ppid=2, unordered=True, context=3, policy=Timed(1), path="192.0.2.7",
        sack_immediately=True,
    )  # fmt: skip
    assert _sender.how_of(one) == How(1, 2, True, 3, Timed(1), "192.0.2.7", True)
    assert batch([one])[0] == [b"ab"]


@pytest.mark.parametrize("wrong", [b"bytes", bytearray(b"x"), memoryview(b"x"), "text", ["text"], [5], 5, None])
def test_a_batch_is_a_list_of_messages(wrong: Any) -> None:
    with pytest.raises(TypeError):
        batch(wrong)


def go(results: Sequence[int], count: int, timeout: float | None = None) -> tuple[int, list[bytes]]:
    """Send `count` messages of growing length; what the stack is offered each time it answers one of `results`."""
    lib = FakeLib()
    answers = iter(results)
    one = channel(lib, timeout)
    offered: list[bytes] = []

    def take(handle: int, how: Any, each: int, data: Any, lengths: Any, left: int, timeout: int) -> int:
        offered.append(bytes(one.ffi.buffer(data, sum(lengths[at] for at in range(left)))))
        return next(answers)

    lib.results["sctpx_send_many"] = take
    messages = [bytes([65 + at]) * (at + 1) for at in range(count)]
    return _sender.send_many(one, messages, b"", False, lambda at: PLAIN), offered


def test_a_batch_goes_on_where_the_stack_stopped() -> None:
    assert go([1, -c.EINTR, 2], 3) == (3, [b"ABBCCC", b"BBCCC", b"BBCCC"])


def test_non_blocking_tells_how_many_went() -> None:
    assert go([2, -c.EAGAIN], 3, 0.0)[0] == 2


def test_nothing_is_sent_of_an_empty_batch() -> None:
    assert go([], 0) == (0, [])


def test_an_error_after_some_says_how_many_went() -> None:
    with pytest.raises(sctpx.PartialBatchError) as caught:
        go([2, -c.EPIPE], 3)
    assert caught.value.sent == 2
    assert caught.value.errno == errno.EPIPE
    assert isinstance(caught.value.__cause__, sctpx.AssociationClosedError)


@pytest.mark.parametrize(("result", "timeout"), [(c.EPIPE, None), (c.EAGAIN, 0.0)])
def test_an_error_before_any_is_that_error(result: int, timeout: float | None) -> None:
    with pytest.raises(sctpx.SctpError) as caught:
        go([-result], 3, timeout)
    assert not isinstance(caught.value, sctpx.PartialBatchError)
    assert caught.value.operation == "send_many"
