# SPDX-License-Identifier: MIT
"""Sending on a channel: one message or a batch; nothing but the bytes crosses where all is default."""

import errno
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from sctpx import _errors as e
from sctpx._check import buffer, flag, number, seconds, several
from sctpx._features import Feature
from sctpx._message import Buf, Message, Outgoing, Prio, PrPolicy, Reliable, Rtx, Timed
from sctpx._native import _codec
from sctpx._native import _contract as c
from sctpx._native._channel import Channel
from sctpx._native._failures import failure
from sctpx._native._how import PLAIN, How

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from sctpx._address import PathLike

Path = bytes  # a packed address of the association's
_U32 = 0xFFFFFFFF
_POLICY_FEATURES: dict[type, Feature] = {
    Timed: Feature.PR_TIMED,
    Rtx: Feature.PR_RTX,
    Prio: Feature.PR_PRIO,
    Buf: Feature.PR_BUF,
}


Resolve = Callable[[int, "PathLike"], Path]  # the association and a path of it to its packed address


def payload(data: Any) -> bytes | Any:
    """A message's bytes: bytes as they are, other buffers without a copy, pieces joined."""
    if isinstance(data, bytes):
        content: Any = data
    elif isinstance(data, str):
        raise TypeError("a message is bytes, not str: encode it")
    elif isinstance(data, (list, tuple)):
        content = _joined(cast("Sequence[Any]", data))
    else:
        content = buffer(data, "a message")
    if not len(content):
        raise e.InvalidArgumentError(errno.EINVAL, "an SCTP message has at least one byte", operation="send")
    return content


def _joined(pieces: Sequence[Any]) -> bytes:
    try:
        return b"".join(pieces)
    except TypeError:  # a buffer whose bytes do not lie in order, or none
        return b"".join([buffer(piece, "each piece of a message") for piece in pieces])


def judge(how: How) -> None:
    """Raise what `pack` would, but for the path, while there is no association yet."""
    pack(how._replace(path=None), 0, 0, lambda association, path: _codec.NO_ADDRESS)


def pack(how: How, association: int, extra: int, resolve: Resolve) -> bytes:
    """`struct sctpx_outgoing` of a message; ValueError and TypeError for what no stack could take."""
    flags, stream, ppid, context, path = extra, 0, 0, 0, _codec.NO_ADDRESS
    if how.stream is not None:
        flags |= c.SEND_STREAM
        stream = number(how.stream, "stream", 0xFFFF)
    if how.ppid is not None:
        flags |= c.SEND_PPID
        ppid = number(how.ppid, "ppid", _U32)
    if how.context is not None:
        flags |= c.SEND_CONTEXT
        context = number(how.context, "context", _U32)
    if how.unordered is not None:
        flags |= c.SEND_ORDER | (c.SEND_UNORDERED if flag(how.unordered, "unordered") else 0)
    policy, value = _policy(how.policy)
    if how.policy is not None:
        flags |= c.SEND_POLICY
    if how.path is not None:
        flags |= c.SEND_PATH
        path = resolve(association, how.path)
    if how.sack_immediately is not False and flag(how.sack_immediately, "sack_immediately"):
        flags |= c.SEND_SACK_NOW
    if how.eof is not False and flag(how.eof, "eof"):
        flags |= c.SEND_EOF
    if how.more is not False and flag(how.more, "more"):
        flags |= c.SEND_MORE
    return c.OUTGOING.pack(association, value, path, flags, ppid, context, stream, policy, 0, 0, 0)


def _policy(policy: PrPolicy | None) -> tuple[int, int]:
    match policy:
        case None | Reliable():
            return c.POLICY_RELIABLE, 0
        case Timed(lifetime=lifetime):
            if not seconds(lifetime, "lifetime", _U32 / 1000):
                raise ValueError(f"lifetime must be above 0, not {lifetime!r}")
            return c.POLICY_TIMED, max(1, round(lifetime * 1e6))
        case Rtx(retransmissions=count):
            return c.POLICY_RTX, number(count, "retransmissions", _U32)
        case Prio(priority=priority):
            return c.POLICY_PRIO, number(priority, "priority", _U32)
        case Buf(priority=priority):
            return c.POLICY_BUF, number(priority, "priority", _U32)
        case _:
            raise TypeError(f"policy must be Reliable, Timed, Rtx, Prio or Buf, not {policy!r}")


def send(channel: Channel, data: Any, how: How, association: int, resolve: Resolve, extra: int = 0) -> None:
    """One message, whole, or an error."""
    content = payload(data)
    if association or extra or how is not PLAIN:
        record = channel.ffi.from_buffer("struct sctpx_outgoing *", pack(how, association, extra, resolve))
    else:
        record = channel.ffi.NULL
    source = content if isinstance(content, bytes) else channel.ffi.from_buffer(content)
    timeout, deadline = channel.timeout, channel.deadline()
    while (result := channel.lib.sctpx_send(channel.handle, record, source, len(content), timeout)) == -c.EINTR:
        timeout = channel.left(deadline)
    if result < 0:
        feature = Feature.SEND_ALL if extra & c.SEND_ALL else None
        raise refusal(channel, result, "send", how, len(content), feature)


def refusal(
    channel: Channel, result: int, operation: str, how: How, size: int, feature: Feature | None = None
) -> e.SctpError:
    """The exception for a send that failed, naming what in the message the stack would not have."""
    if result == -c.EAGAIN:
        return channel.gave_up(operation)
    if result == -c.ENOTCONN:
        return failure(channel.module, -c.EPIPE, operation)
    if result == -c.ESTREAM:
        stream = "that of options.DefaultSend" if how.stream is None else how.stream
        text = f"the association has no outgoing stream {stream}"
        return e.InvalidStreamError(errno.EINVAL, text, operation=operation)
    if result == -c.EMSGSIZE:
        return _too_large(channel, operation, size)
    if result == -c.EUNSUPPORTED:
        if how.more:
            return failure(channel.module, result, operation, subject="more", feature=Feature.EXPLICIT_EOR)
        feature = _POLICY_FEATURES.get(type(how.policy), feature)
        subject = type(how.policy).__name__ if how.policy is not None else operation
        return failure(channel.module, result, operation, subject=subject, feature=feature)
    return failure(channel.module, result, operation)


def _too_large(channel: Channel, operation: str, size: int) -> e.MessageTooLargeError:
    limit = 0
    record = channel.ffi.new("struct sctpx_option *", {"option": c.OPT_SEND_BUFFER})
    if channel.lib.sctpx_get_option(channel.handle, record, channel.ffi.NULL, 0) >= 0:
        limit = int(record.fields[0])
    hint = channel.module.text(c.TOPIC_SEND_BUFFER)
    text = f"a message of {size} bytes is more than the send buffer takes ({limit}): set options.SendBuffer{hint}"
    if size <= limit:
        text = f"a message of {size} bytes does not fit into a packet, and options.DisableFragments is on"
    return e.MessageTooLargeError(errno.EMSGSIZE, text, operation=operation, size=size, limit=limit)


def send_many(
    channel: Channel, messages: Sequence[Any], records: bytes, each: bool, hows: Callable[[int], How]
) -> int:
    """A batch lying end to end; `records` is one for all, one for each, or empty. How many went."""
    lengths = channel.ffi.new("uint32_t[]", [len(one) for one in messages])
    data = b"".join(messages)
    source = channel.ffi.from_buffer(data)
    array = channel.ffi.from_buffer("struct sctpx_outgoing[]", records) if records else channel.ffi.NULL
    deadline, sent, at, total = channel.deadline(), 0, 0, len(messages)
    timeout = channel.timeout
    while sent < total:
        how = array + sent if each else array
        result = channel.lib.sctpx_send_many(
            channel.handle, how, each, source + at, lengths + sent, total - sent, timeout
        )
        if result > 0:
            at += sum(lengths[sent : sent + result])
            sent += result
        timeout = channel.left(deadline)
        if result > 0 or result == -c.EINTR:
            continue
        if result == -c.EAGAIN and channel.timeout == 0 and sent:
            return sent
        error = refusal(channel, result, "send_many", hows(sent), lengths[sent])
        if not sent:
            raise error
        raise e.PartialBatchError(
            error.errno or 0, f"{sent} of {total} messages went", operation="send_many", sent=sent
        ) from error
    return sent


def how_of(message: Outgoing | Message) -> How:
    """What an Outgoing says, or how a received message came: stream, ppid and ordering are kept."""
    if isinstance(message, Message):
        return How(stream=message.stream, ppid=message.ppid, unordered=message.unordered)
    return How(
        stream=message.stream,
        ppid=message.ppid,
        unordered=message.unordered,
        context=message.context,
        policy=message.policy,
        path=message.path,
        sack_immediately=message.sack_immediately,
    )


def _judged(message: Any) -> Any:
    """A message of a batch; TypeError for what is none, before an endless batch is at its end."""
    payload(message.data if isinstance(message, (Outgoing, Message)) else message)
    return message


def batch(
    messages: "Iterable[Outgoing | Message | Buffer]", common: How, association: int, resolve: Resolve
) -> tuple[list[Any], bytes, list[How] | None]:
    """Payloads and records of a batch for one association: a single record when all are plain buffers."""
    if isinstance(messages, (bytearray, memoryview)):
        raise TypeError("send_many takes a list of messages, not one buffer")
    given = messages if isinstance(messages, (list, tuple)) else [_judged(one) for one in several(messages, "messages")]
    if not any(isinstance(one, (Outgoing, Message)) for one in given):
        plain = common is PLAIN and not association
        return [payload(one) for one in given], b"" if plain else pack(common, association, 0, resolve), None
    hows = [how_of(one) if isinstance(one, (Outgoing, Message)) else common for one in given]
    data = [payload(one.data if isinstance(one, (Outgoing, Message)) else one) for one in given]
    return data, b"".join(pack(how, association, 0, resolve) for how in hows), hows
