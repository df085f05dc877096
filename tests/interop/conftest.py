# SPDX-License-Identifier: MIT
"""The fixtures that this suite shares, and which of its folders a backend has."""

import sctpx
from tests.support.fixtures import addresses as addresses
from tests.support.fixtures import background as background
from tests.support.fixtures import client as client
from tests.support.fixtures import endpoint as endpoint
from tests.support.fixtures import keep as keep
from tests.support.fixtures import limit as limit
from tests.support.fixtures import no_leaks as no_leaks
from tests.support.fixtures import pair as pair
from tests.support.fixtures import pytest_collection_modifyitems as pytest_collection_modifyitems
from tests.support.fixtures import server as server
from tests.support.fixtures import started as started

# Other people's programs speak to a kernel. A wheel is the same on any backend: on userland it is tried without one.
collect_ignore = ["programs", "stacks"] if sctpx.backend.name == "userland" else ["wheel"]
