# SPDX-License-Identifier: MIT
"""The fixtures of the suite."""

from collections.abc import Iterator

import pytest

import sctpx
from tests.support.fixtures import addresses as addresses
from tests.support.fixtures import background as background
from tests.support.fixtures import client as client
from tests.support.fixtures import endpoint as endpoint
from tests.support.fixtures import endpoints as endpoints
from tests.support.fixtures import keep as keep
from tests.support.fixtures import limit as limit
from tests.support.fixtures import no_leaks as no_leaks
from tests.support.fixtures import pair as pair
from tests.support.fixtures import program as program
from tests.support.fixtures import pytest_collection_modifyitems as pytest_collection_modifyitems
from tests.support.fixtures import refusing as refusing
from tests.support.fixtures import relay as relay
from tests.support.fixtures import scale as scale
from tests.support.fixtures import server as server
from tests.support.fixtures import silent as silent
from tests.support.fixtures import started as started
from tests.support.fixtures import udp_relay as udp_relay
from tests.support.relay import stack_port

from . import native

# The parsers of both shims are tried where userland is: no kernel takes part.
collect_ignore_glob = [] if sctpx.backend.name == "userland" else ["test_parsers_*.py"]


@pytest.fixture(scope="session")
def attackable() -> Iterator[None]:
    """The stack hears SCTP on a UDP port, where the hostile peers talk to it, and lets sockets have all its options."""
    with stack_port(), native.allowed():
        yield
