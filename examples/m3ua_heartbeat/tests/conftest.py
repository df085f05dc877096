# SPDX-License-Identifier: MIT
"""A served association, made from sctpx's own fixture `sctp_pair`."""

from collections.abc import Iterator
from threading import Thread

import pytest
from sctpx import Socket

from m3ua_heartbeat import serve


@pytest.fixture
def served(sctp_pair: tuple[Socket, Socket]) -> Iterator[Socket]:
    """A client of `serve`; `@pytest.mark.sctp_pair(...)` at a test says how its association is made."""
    client, server = sctp_pair
    serving = Thread(target=serve, args=(server,))
    serving.start()
    yield client
    client.close()  # which ends the loop
    serving.join()
