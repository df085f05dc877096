# SPDX-License-Identifier: MIT
"""Descriptors given away and taken over: kernels can, userland says why not."""

import os

import pytest

import sctpx
from sctpx import Endpoint, Socket, UnsupportedError
from tests.support.common import wait_message
from tests.support.shapes import EndpointPair, Opener, Pair

ON_DESCRIPTORS = sctpx.backend.name != "userland"


def test_detach_and_take_over(pair: Pair, keep: Opener) -> None:
    a, b = pair()
    if not ON_DESCRIPTORS:
        with pytest.raises(UnsupportedError, match="detach") as caught:
            a.detach()
        assert caught.value.backend == sctpx.backend.name
        with pytest.raises(UnsupportedError):
            Socket(fileno=b.fileno())
        a.send(b"still here")
        assert wait_message(b).data == b"still here"
        return
    descriptor = a.detach()
    assert a.closed
    assert a.fileno() == -1
    again = keep(Socket(fileno=descriptor))
    assert again.fileno() == descriptor
    again.send(b"from the new owner", stream=1, ppid=7)
    message = wait_message(b)
    assert (message.data, message.stream, message.ppid) == (b"from the new owner", 1, 7)
    again.shutdown()
    assert b.recv() is None
    assert again.recv() is None


def test_a_descriptor_of_another_style_or_kind_is_refused(endpoints: EndpointPair) -> None:
    if not ON_DESCRIPTORS:
        with pytest.raises(UnsupportedError):
            Endpoint(fileno=0)
        return
    hub = endpoints().a
    copy = os.dup(hub.fileno())
    try:
        with pytest.raises(ValueError, match="one-to-one"):
            Socket(fileno=copy)
        os.fstat(copy)
    finally:
        os.close(copy)
