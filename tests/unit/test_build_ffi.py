# SPDX-License-Identifier: MIT
"""Which backends a source build compiles, and what it says of those that it does not."""

from pathlib import Path
from typing import Any

import pytest

import build_ffi


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As where libusrsctp is not installed."""
    (tmp_path / "usrsctp.h").write_text("#error none\n")
    monkeypatch.setenv("CPPFLAGS", f"-I{tmp_path}")
    monkeypatch.delenv("SCTPX_BUILD", raising=False)


@pytest.mark.usefixtures("without")
def test_a_missing_library_leaves_its_backend_out_with_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    kernels = tuple(name for name in build_ffi.names() if name != "userland")
    if not kernels:
        with pytest.raises(SystemExit, match="no backend can be built"):
            build_ffi.selection()
        return
    assert build_ffi.selection() == kernels
    (line,) = capfd.readouterr().err.splitlines()
    assert "'userland'" in line
    assert "apt: libusrsctp-dev" in line


@pytest.mark.usefixtures("without")
def test_a_missing_library_that_was_asked_for_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCTPX_BUILD", "userland")
    with pytest.raises(SystemExit, match="SCTPX_BUILD asks for it"):
        build_ffi.selection()


def test_an_unknown_backend_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCTPX_BUILD", "userland,windows")
    with pytest.raises(SystemExit, match=r"names windows; this OS can have: .*userland"):
        build_ffi.selection()


def test_only_what_was_asked_for_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCTPX_BUILD", "userland")
    assert build_ffi.selection() == ("userland",)


def test_nothing_to_build_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCTPX_BUILD", raising=False)
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(SystemExit, match=r"(?s)'no-such-compiler' does not work.*no backend can be built"):
        build_ffi.selection()


@pytest.mark.parametrize("name", build_ffi.BACKENDS)
def test_each_builder_describes_its_module(name: str) -> None:
    module, _, _, settings = getattr(build_ffi, name)()._assigned_source
    assert module == f"sctpx._native._{name}"
    assert settings["libraries"] == list(build_ffi.BACKENDS[name].libraries)
    folders = {Path(source).parent.name for source in settings["sources"]}
    assert folders == ({"posix", name} if name == "userland" else {"posix", "kernel", name})


@pytest.mark.parametrize(
    ("platform", "name"), [("linux", "linux"), ("freebsd14", "freebsd"), ("sunos5", "solaris"), ("darwin", None)]
)
def test_each_system_has_its_kernels_backend_and_userland(
    platform: str, name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("build_ffi.sys.platform", platform)
    assert build_ffi.names() == ((name, "userland") if name else ("userland",))


def test_what_solaris_has_is_told_to_its_shim_by_macros() -> None:
    found = ["SCTPX_HAVE_SCTP_CONNECTX", "SCTPX_HAVE_RFC6458_CMSGS"]
    builder: Any = build_ffi.solaris(found)  # cffi gives no other access to what setuptools is told
    settings = builder._assigned_source[3]
    assert settings["define_macros"] == [("__EXTENSIONS__", "1"), *((name, "1") for name in found)]
