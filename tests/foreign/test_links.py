# SPDX-License-Identifier: MIT
"""The whole module of each foreign backend compiles without a warning and links with nothing undefined."""

import re
from pathlib import Path

import pytest

from tests.foreign import freebsd, python_stub, solaris
from tests.foreign.shim import shim, undefined
from tests.foreign.zig import Failure, newest, run

MISSING = "int sctp_that_nobody_has(void);\nint probe(void);\nint probe(void) { return sctp_that_nobody_has(); }\n"


@pytest.mark.parametrize("target", freebsd.TARGETS, ids=str)
def test_freebsd(target: freebsd.Target) -> None:
    objects = target.objects(shim("freebsd"))
    module = target.link(objects)
    assert needed(module) == {"libc.so.7", "libpython3.so"} | {name for name in needed(module) if "thr" in name}
    assert "sctp_getpaddrs" in undefined(*objects)
    assert "PyInit__freebsd" in exported(module)


@pytest.mark.parametrize("target", solaris.TARGETS, ids=str)
def test_solaris(target: solaris.Target) -> None:
    objects = target.objects(target.shim())
    assert "sctp_getpaddrs" in undefined(*objects)
    if target in solaris.LINKED:
        module = target.link(target.shim(), objects)
        assert needed(module) == {"libsocket.so", "libnsl.so", "libsctp.so", "libc.so", "libpython3.so"}
        assert "PyInit__solaris" in exported(module)


def test_solaris_asks_for_connectx_only_where_it_is() -> None:
    for target in solaris.LINKED:
        there = "sctp_connectx" in undefined(*target.objects(target.shim()))
        assert there == (target.variant == "oracle")


def test_a_symbol_that_libc_lacks_is_refused_for_freebsd(tmp_path: Path) -> None:
    target = freebsd.TARGETS[0]
    path, object_ = tmp_path / "probe.c", tmp_path / "probe.o"
    path.write_text(MISSING)
    target.zig.run(*target.compiler, "-fPIC", "-c", path, "-o", object_)
    with pytest.raises(Failure, match="undefined symbol: sctp_that_nobody_has"):
        target.link((object_,))


def test_a_symbol_that_no_library_has_is_refused_for_solaris(tmp_path: Path) -> None:
    target = solaris.LINKED[0]
    path, object_ = tmp_path / "probe.c", tmp_path / "probe.o"
    path.write_text(MISSING)
    newest().run(*target.compiler, "-fPIC", "-c", path, "-o", object_)
    with pytest.raises(Failure, match="undefined symbol: sctp_that_nobody_has"):
        target.link(target.shim(), (object_,))


def test_of_python_the_modules_need_the_stable_abi_alone() -> None:
    for target, backend in ((freebsd.TARGETS[0], shim("freebsd")), (solaris.LINKED[0], solaris.LINKED[0].shim())):
        assert len(python_stub.names(*target.objects(backend))) > 5


def needed(module: Path) -> set[str]:
    told = run(("readelf", "-d", "-W", module))
    return {Path(name).name for name in re.findall(r"\(NEEDED\).*\[(.*)\]", told)}


def exported(module: Path) -> set[str]:
    told = run(("nm", "-D", "-P", "--defined-only", module))
    return {line.split()[0] for line in told.splitlines()}
