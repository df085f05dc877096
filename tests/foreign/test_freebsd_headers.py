# SPDX-License-Identifier: MIT
"""FreeBSD's headers of both releases, for both processors, say what the table says."""

import re

import pytest

from tests.foreign import abi
from tests.foreign.freebsd import TARGETS, Target

INCLUDES = "".join(
    f"#include <{name}>\n"
    for name in ("sys/types.h", "sys/time.h", "sys/socket.h", "sys/un.h", "netinet/in.h", "netinet/sctp.h", "errno.h")
)
# How many there are of a kind grows with every release; what FreeBSD 15 has and 14 has not.
GROWING = re.compile(r"(AF|PF)_MAX$|ELAST$")
NEW = ("AF_IPFWLOG", "MSG_CMSG_CLOFORK", "PF_IPFWLOG", "SOCK_CLOFORK", "SO_FIB")


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_the_table_holds(target: Target) -> None:
    table = abi.read("freebsd")
    absent = NEW if target.release == "14.0" else ()
    constants = [name for name in sorted(table.macros) if not GROWING.match(name) and name not in absent]
    assert len(constants) > 600 and len(table.structs) > 100
    target.check(
        INCLUDES + table.sizes() + table.constants(constants) + table.layouts(sorted(table.structs))
        + table.prototypes(sorted(table.functions))
    )  # fmt: skip
