# SPDX-License-Identifier: MIT
"""`supports()` and the behaviour agree, and the backend says what it is."""

import socket
from typing import get_args

import pytest

import sctpx
from sctpx import Feature, UnsupportedError
from sctpx.options import ReceiveBuffer
from tests.support.common import wait_message
from tests.support.shapes import EndpointPair, Opener, Pair, Server


def test_every_feature_has_an_answer() -> None:
    assert set(sctpx.backend.features) == set(Feature)
    for feature, support in sctpx.backend.features.items():
        assert sctpx.supports(feature) == support.present
        if not support.present:
            assert support.reason
        assert support.needs is None or support.present


def test_what_is_no_feature_is_an_error() -> None:
    with pytest.raises(TypeError):
        sctpx.supports("AUTH")  # type: ignore[arg-type]


def test_the_backend_tells_what_it_is() -> None:
    backend = sctpx.backend
    assert backend.name in get_args(sctpx.BackendName)
    assert backend.versions
    assert all(backend.versions.values())
    assert backend.attempts[-1].name == backend.name
    assert backend.attempts[-1].error is None
    if backend.name == "userland":
        assert backend.udp_port and 0 < backend.udp_port < 65_536
    else:
        assert backend.udp_port is None


def test_the_backend_does_not_change_once_it_is_used(keep: Opener) -> None:
    keep(sctpx.Socket())
    for name in ("userland", "linux"):
        with pytest.raises((RuntimeError, sctpx.BackendUnavailableError)):
            sctpx.use_backend(name)


def test_connectx_and_peeloff_are_everywhere(endpoints: EndpointPair) -> None:
    assert sctpx.supports(Feature.PEELOFF)
    _, b, _, to_a = endpoints()
    b.associations[to_a].peeloff().close()


def test_a_send_to_all_is_there_or_says_that_it_is_not(endpoints: EndpointPair) -> None:
    a, b, *_ = endpoints()
    if sctpx.supports(Feature.SEND_ALL):
        a.send_all(b"x")
        assert wait_message(b).data == b"x"
    else:
        with pytest.raises(UnsupportedError) as caught:
            a.send_all(b"x")
        assert caught.value.feature is Feature.SEND_ALL


def test_a_descriptor_can_be_given_away_or_not(server: Server) -> None:
    listener = server()
    sock = sctpx.Socket(listener.family)
    if sctpx.backend.name == "userland":
        with pytest.raises(UnsupportedError) as caught:
            sock.detach()
        assert (caught.value.subject, sock.closed) == ("detach", False)
        with pytest.raises(UnsupportedError):
            sctpx.Socket(fileno=sock.fileno())
        sock.close()
        return
    number = sock.detach()
    assert sock.closed
    assert sock.fileno() == -1
    with sctpx.Socket(fileno=number) as again:
        assert again.fileno() == number
        assert again.family == listener.family
        again.connect(listener.local_addresses())
        again.send(b"x")
        b, _ = listener.accept()
        with b:
            assert wait_message(b).data == b"x"


def test_a_raw_option_agrees_with_the_typed_one_or_is_unsupported(pair: Pair) -> None:
    a, _ = pair()
    size = int.from_bytes(a.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF), "little")
    assert size in (a.get(ReceiveBuffer), 2 * a.get(ReceiveBuffer))
    a.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 70_000)
    assert a.get(ReceiveBuffer) == 70_000
    with pytest.raises((UnsupportedError, sctpx.SctpError)):
        a.getsockopt(socket.SOL_SOCKET, 9999)
