# SPDX-License-Identifier: MIT
"""Which backend and which paths the demo chooses, by what is allowed."""

import errno
import os
from pathlib import Path

import pytest

import sctpx
from sctpx import Attempt, BackendName, SctpError
from sctpx._cli import namespaces, route
from sctpx._cli.control import DemoError


class Backend:
    """A backend that fails until another is chosen."""

    def __init__(self, *usable: SctpError | None) -> None:
        self.name: BackendName = "linux"
        cause = OSError(errno.EPROTONOSUPPORT, "no module")
        self.attempts = (Attempt(name="linux", error=cause, remedy="modprobe sctp"),)
        self._answers = list(usable)

    def _usable(self) -> SctpError | None:
        return self._answers.pop(0)

    def use(self, name: BackendName) -> None:
        self.name = name


def install(monkeypatch: pytest.MonkeyPatch, backend: Backend) -> Backend:
    monkeypatch.delenv("SCTPX_BACKEND", raising=False)
    monkeypatch.setattr(sctpx, "backend", backend)
    monkeypatch.setattr(sctpx, "use_backend", backend.use)
    return backend


def failure(text: str) -> SctpError:
    return SctpError(errno.EPROTONOSUPPORT, text)


def test_a_kernel_that_works_needs_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Backend(None))
    assert route.choose_backend() is None


def test_without_a_kernel_one_line_says_userland(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = install(monkeypatch, Backend(failure("no"), None))
    line = route.choose_backend() or ""
    assert "userland" in line
    assert "no module" in line
    assert "\n" not in line
    assert backend.name == "userland"


def test_what_the_user_forced_is_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = install(monkeypatch, Backend(failure("modprobe sctp")))
    monkeypatch.setenv("SCTPX_BACKEND", "linux")
    with pytest.raises(DemoError, match="modprobe sctp"):
        route.choose_backend()
    assert backend.name == "linux"


def test_when_nothing_works_both_reasons_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Backend(failure("first"), failure("second")))
    with pytest.raises(DemoError, match=r"(?s)first.*second"):
        route.choose_backend()


@pytest.mark.parametrize(("backend", "works", "kind", "hosts"), [
    ("linux", {"127.0.0.1", "127.0.0.2", "::1"}, "loopback", ("127.0.0.1", "127.0.0.2")),
    ("freebsd", {"127.0.0.1", "::1"}, "loopback", ("::1", "127.0.0.1")),
    ("userland", {"127.0.0.1", "127.0.0.2", "::1"}, "loopback", ("::1", "127.0.0.1")),
    ("userland", {"127.0.0.1", "127.0.0.2"}, "single", ("127.0.0.1",)),
    ("linux", {"::1"}, "single", ("::1",)),
])
def test_two_paths_where_two_addresses_work(backend: str, works: set[str], kind: str, hosts: tuple[str, ...]) -> None:
    chosen = route.plan(backend, works.__contains__)
    assert (chosen.kind, chosen.server, chosen.client) == (kind, hosts, hosts)
    assert all(host in chosen.line for host in hosts)


def test_no_address_at_all_is_an_error() -> None:
    with pytest.raises(DemoError):
        route.plan("linux", lambda host: False)


def test_bindable_asks_the_system() -> None:
    assert route.bindable("127.0.0.1")
    assert not route.bindable("192.0.2.77")


def script(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(("unshare", "way"), [
    ("exit 0", namespaces.ENTER),
    ('[ "$1" = --user ]', namespaces.ENTER_AS_USER),
    ("exit 1", None),
])
def test_the_way_into_namespaces_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unshare: str, way: tuple[str, ...] | None,
) -> None:
    script(tmp_path, "unshare", unshare)
    script(tmp_path, "ip", "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    assert namespaces.way_in() == way


def test_without_the_tools_there_is_no_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert namespaces.way_in() is None


def test_a_failing_ip_command_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, "ip", "echo 'RTNETLINK answers: Operation not permitted' >&2; exit 2")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    with pytest.raises(DemoError, match="ip link set lo up: RTNETLINK answers"):
        namespaces.bring_up(namespaces.interfaces(namespaces.CLIENT))
