# SPDX-License-Identifier: MIT
"""sctpx.testing: what users test their own code with."""

import os
import subprocess
import sys
import unittest
from pathlib import Path

import pytest

import sctpx
from sctpx import AbortedError, Address, AssociationChange, Feature, Message, testing
from sctpx.options import InitMessage, NoDelay, Status
from tests.support.common import LIMIT
from tests.support.effort import native

ALONE = """
import os, sys, sctpx, sctpx.options
from sctpx import testing
if len(sys.argv) > 1:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
with testing.socket_pair(paths=2, timeout=30) as (client, server):
    client.send(b"ping", stream=1, ppid=46)
    message = server.recv_message()
    assert message and (message.data, message.stream, message.ppid) == (b"ping", 1, 46), message
    # What the tested program opens by itself has its peer in this process too.
    listener = sctpx.create_server(("127.0.0.1", 0))
    with listener, sctpx.create_connection(listener.local_addresses(), timeout=30) as own:
        listener.accept()[0].close()
print(sctpx.backend.name)
"""


def test_socket_pair_is_connected_and_closed() -> None:
    with testing.socket_pair(timeout=LIMIT) as (client, server):
        client.send(b"ping", stream=2, ppid=46)
        message = server.recv_message()
        assert message is not None
        server.send(message.data, stream=message.stream, ppid=message.ppid)
        match client.recv():
            case Message(data=b"ping", stream=2, ppid=46, complete=True):
                pass
            case other:
                pytest.fail(f"got {other!r}")
        assert client.gettimeout() == server.gettimeout() == LIMIT
    assert client.closed and server.closed


def test_socket_pair_has_the_paths_it_was_asked_for() -> None:
    with testing.socket_pair(paths=2, timeout=LIMIT) as (client, server):
        assert len(client.paths()) == len(server.paths()) == 2


@pytest.mark.parametrize("paths", [0, -1, 9])
def test_socket_pair_refuses_what_it_cannot_have(paths: int) -> None:
    with pytest.raises(ValueError):
        testing.socket_pair(paths=paths)


def test_options_and_events_are_those_of_both_ends() -> None:
    options = [InitMessage(out_streams=3), NoDelay(True)]
    pair = testing.socket_pair(options=iter(options), events=iter([AssociationChange]), timeout=LIMIT)
    with pair as (client, server):
        for end in (client, server):
            assert end.get(Status).out_streams == 3
            assert end.get(NoDelay) is True
        client.abort(b"enough")
        with pytest.raises(AbortedError) as caught:
            while server.recv():
                pass
        assert caught.value.reason == (b"enough" if sctpx.supports(Feature.ABORT_REASON) else b"")


def test_a_pair_closes_when_the_test_fails() -> None:
    with pytest.raises(ZeroDivisionError), testing.socket_pair(timeout=LIMIT) as (client, server):
        raise ZeroDivisionError
    assert client.closed and server.closed


def test_endpoint_pair_has_one_association() -> None:
    with testing.endpoint_pair(timeout=LIMIT) as (first, second):
        (to_second,), (to_first,) = first.associations, second.associations
        first.send(b"ping", to=to_second, ppid=3)
        message = second.recv_message()
        assert (message.data, message.ppid, message.association) == (b"ping", 3, to_first)
        second.send(b"pong", to=to_first)
        answer = first.recv_message()
        assert answer.data == b"pong"
    assert first.closed and second.closed


def test_pairs_beside_each_other_do_not_meet() -> None:
    with testing.socket_pair(timeout=LIMIT) as one, testing.socket_pair(timeout=LIMIT) as other:
        one[0].send(b"one")
        other[0].send(b"other")
        messages = [server.recv_message() for server in (one[1], other[1])]
        assert [message.data for message in messages if message] == [b"one", b"other"]


def test_message_is_as_received() -> None:
    made = testing.message(b"setup", stream=1, ppid=60, unordered=True, source=("::1", 5))
    assert (made.data, made.size, made.complete, made.stream, made.ppid) == (b"setup", 5, True, 1, 60)
    assert made.unordered and made.source == Address("::1", 5) and made.next is None
    assert testing.message().data == b""


@pytest.mark.parametrize(("stream", "ppid", "port"), [(65536, 0, 0), (0, -1, 0), (0, 0, 70000)])
def test_message_refuses_what_cannot_come(stream: int, ppid: int, port: int) -> None:
    with pytest.raises(ValueError):
        testing.message(b"", stream=stream, ppid=ppid, source=("::1", port))


def test_requires_skips_where_a_feature_is_missing() -> None:
    missing = [feature for feature in Feature if not sctpx.supports(feature)]
    testing.requires(*(feature for feature in Feature if sctpx.supports(feature)))
    assert missing, "a stack that has everything: think of another test"
    with pytest.raises(unittest.SkipTest, match=missing[0].name):
        testing.requires(missing[0])


@pytest.mark.parametrize("unprivileged", [False, True])
def test_it_works_with_nothing_set(unprivileged: bool) -> None:
    root = Path(sctpx.__file__).resolve().parents[1]
    drop = ["nobody"] if unprivileged and os.geteuid() == 0 else []
    done = subprocess.run([sys.executable, "-c", ALONE, *drop], check=False, cwd=root, timeout=4 * LIMIT,
                          env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in {"linux", "userland"}


USERS_TEST = """
import pytest, sctpx
from sctpx import Feature, testing

def test_pair(sctp_pair):
    client, server = sctp_pair
    client.send(b"ping")
    assert server.recv_message().data == b"ping"

@pytest.mark.sctp_pair(paths=2, events=[sctpx.AssociationChange], timeout=30)
def test_two_paths(sctp_pair):
    assert len(sctp_pair[0].paths()) == 2

def test_skipped():
    testing.requires(*Feature)
"""


@native
def test_the_plug_in_gives_pairs(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(sctpx.__file__).resolve().parents[1]))
    # The ports of this process, which has its own stack.
    monkeypatch.delenv("SCTPX_UDP_PORT")
    monkeypatch.delenv("SCTPX_PEER_UDP_PORT")
    pytester.makepyfile(USERS_TEST)
    result = pytester.runpytest_subprocess("--strict-markers", "-W", "error", timeout=6 * LIMIT)
    result.assert_outcomes(passed=2, skipped=1)


@native
def test_the_plug_in_does_not_load_sctpx(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import sys\n\ndef test(): assert 'sctpx' not in sys.modules")
    pytester.runpytest_subprocess(timeout=6 * LIMIT).assert_outcomes(passed=1)
