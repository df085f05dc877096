# SPDX-License-Identifier: MIT
"""The loop on a real association, over loopback: the pair has a time-out, so nothing here can hang."""

import pytest
from sctpx import AbortedError, Feature, Ppid, Socket
from sctpx.options import InitMessage
from sctpx.testing import requires

from m3ua_heartbeat import Kind, encode


def test_a_heartbeat_comes_back(served: Socket) -> None:
    served.send(encode(Kind.BEAT, b"12345678"), ppid=Ppid.M3UA)
    reply = served.recv_message()
    assert reply is not None
    assert (reply.data, reply.ppid) == (encode(Kind.BEAT_ACK, b"12345678"), Ppid.M3UA)


@pytest.mark.sctp_pair(options=[InitMessage(out_streams=17)])
def test_each_stream_is_answered_on_its_own(served: Socket) -> None:
    for stream in range(17):
        served.send(encode(Kind.BEAT, bytes([stream])), stream=stream, ppid=Ppid.M3UA)
    replies = [served.recv_message() for _ in range(17)]
    found = {reply.stream: reply.data for reply in replies if reply is not None}
    assert found == {stream: encode(Kind.BEAT_ACK, bytes([stream])) for stream in range(17)}


def test_who_does_not_speak_m3ua_is_aborted(served: Socket) -> None:
    served.send(b"GET / HTTP/1.1\r\n", ppid=Ppid.M3UA)
    with pytest.raises(AbortedError):
        served.recv()


def test_and_is_told_why(served: Socket) -> None:
    requires(Feature.ABORT_REASON)  # else skipped: the Linux kernel drops the reason
    served.send(b"GET / HTTP/1.1\r\n", ppid=Ppid.M3UA)
    with pytest.raises(AbortedError) as caught:
        served.recv()
    assert caught.value.reason == b"M3UA version 71"
