# SPDX-License-Identifier: MIT
"""Concurrency and life cycle: the fixtures are those of all suites that run on a backend."""

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

# Compiling and running with sanitizers takes an emulated machine too long; a kernel has no threads to hold up.
collect_ignore = [] if sctpx.backend.name == "userland" else ["test_sanitized.py", "test_held_up.py"]
