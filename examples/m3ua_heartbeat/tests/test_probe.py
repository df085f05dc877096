# SPDX-License-Identifier: MIT
"""Two paths: addresses of this host, each of which both ends have."""

from threading import Thread

import pytest
from sctpx import Ppid, Socket
from sctpx.testing import socket_pair

from m3ua_heartbeat import BadMessage, Kind, encode, probe


@pytest.mark.sctp_pair(paths=2)
def test_every_path_is_probed(served: Socket) -> None:
    took = probe(served)
    assert sorted(took) == sorted(served.peer_addresses())
    assert len(took) == 2
    assert all(0 < seconds < 5 for seconds in took.values())


def test_another_answer_is_no_sign_of_life() -> None:
    # Both ends in a test's own hands, and the answer there before the question.
    with socket_pair(paths=2) as (client, server):
        server.send(encode(Kind.ASP_UP_ACK), ppid=Ppid.M3UA)
        with pytest.raises(BadMessage, match="not the answer"):
            probe(client)


def test_a_peer_that_ends_the_association_is_told_from_one_that_is_silent() -> None:
    with socket_pair(paths=2) as (client, server):

        def leave() -> None:
            server.recv_message()
            server.close()

        leaving = Thread(target=leave)
        leaving.start()
        with pytest.raises(BadMessage, match="ended"):
            probe(client)
        leaving.join()


def test_a_silent_peer() -> None:
    with socket_pair() as (client, _):
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            probe(client)
