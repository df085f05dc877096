# SPDX-License-Identifier: MIT
"""Which backend is chosen, what is said where there is none, and that importing sctpx does nothing else."""

import errno
import json
import os
import subprocess
import sys
from typing import Any

import pytest

import build_ffi
import sctpx
from sctpx import _registry
from sctpx._features import BackendName
from sctpx._native import _contract as c
from sctpx._native._module import Module
from sctpx._registry import NAMES, Registry, name_for
from tests.unit.fake import FakeLib, ffi

REMEDY = b"modprobe sctp"


class Built:
    """What is compiled here: `load` in place of the real one."""

    def __init__(self, *names: BackendName) -> None:
        self.libs: dict[str, FakeLib] = {name: FakeLib() for name in names}
        for lib in self.libs.values():
            lib.results["sctpx_describe"] = self._describe

    def _describe(self, topic: int, text: Any, size: int) -> int:
        said = REMEDY if topic == c.TOPIC_REMEDY else b""
        ffi.memmove(text, said, len(said))
        return len(said)

    def load(self, name: BackendName) -> Module:
        if name not in self.libs:
            raise ModuleNotFoundError(f"No module named 'sctpx._native._{name}'")
        return Module(name, ffi, self.libs[name])


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Built:
    made = Built("linux", "userland")
    monkeypatch.setattr(_registry, "load", made.load)
    return made


@pytest.mark.parametrize(
    ("platform", "name"),
    [("linux", "linux"), ("freebsd14", "freebsd"), ("freebsd", "freebsd"), ("sunos5", "solaris"),
     ("darwin", "userland"), ("netbsd10", "userland"), ("win32", "userland")],
)  # fmt: skip
def test_the_name_by_operating_system(platform: str, name: str) -> None:
    assert name_for(platform) == name


def test_the_builder_and_the_registry_know_the_same_backends() -> None:
    assert {*NAMES} == {*build_ffi.KERNELS.values(), _registry.USERLAND}
    assert {*_registry._PACKAGES} == {*build_ffi.BACKENDS} == {*NAMES}
    assert {platform: name_for(platform) for platform in build_ffi.KERNELS} == build_ffi.KERNELS


def test_choosing_loads_and_calls_nothing(built: Built) -> None:
    registry = Registry("linux", {})
    assert registry.name == "linux"
    assert registry.loaded() is not None
    assert (registry.attempts, registry.in_use) == ((), False)
    assert built.libs["linux"].calls == []


def test_the_environment_chooses(built: Built) -> None:
    assert Registry("linux", {"SCTPX_BACKEND": "userland"}).module().name == "userland"
    assert Registry("linux", {"SCTPX_BACKEND": ""}).module().name == "linux"


def test_an_unknown_name_in_the_environment_is_told_at_first_need(built: Built) -> None:
    registry = Registry("linux", {"SCTPX_BACKEND": "windows"})
    assert registry.loaded() is None
    for _ in range(2):
        with pytest.raises(sctpx.BackendUnavailableError) as caught:
            registry.module()
        assert "'windows'" in str(caught.value)
        assert all(name in str(caught.value) for name in NAMES)
    assert not registry.in_use


@pytest.mark.parametrize(("platform", "name"), [("freebsd14", "freebsd"), ("sunos5", "solaris")])
def test_a_kernel_that_was_not_built_is_no_userland(built: Built, platform: str, name: str) -> None:
    registry = Registry(platform, {})
    with pytest.raises(sctpx.BackendUnavailableError) as caught:
        registry.module()
    [attempt] = caught.value.attempts
    assert attempt.name == name
    assert isinstance(attempt.error, ImportError)
    assert attempt.remedy
    assert "SCTPX_BACKEND=userland" in attempt.remedy
    assert 'sctpx.use_backend("userland")' in str(caught.value)
    assert built.libs["userland"].calls == []


@pytest.mark.parametrize("failing", ["sctpx_start", "sctpx_probe"])
def test_a_kernel_without_sctp_is_no_userland(built: Built, failing: str) -> None:
    built.libs["linux"].results[failing] = -c.EPROTONOSUPPORT
    registry = Registry("linux", {})
    with pytest.raises(sctpx.BackendUnavailableError) as caught:
        registry.module()
    assert caught.value.errno == errno.EPROTONOSUPPORT
    assert caught.value.operation == "socket"
    text = str(caught.value)
    for said in ("linux", os.strerror(errno.EPROTONOSUPPORT), "modprobe sctp", "SCTPX_BACKEND=userland", "use_backend"):
        assert said in text
    [attempt] = registry.attempts
    assert attempt.name == "linux"
    assert isinstance(attempt.error, OSError)
    assert attempt.error.errno == errno.EPROTONOSUPPORT
    assert built.libs["userland"].calls == []
    assert not registry.in_use


def test_a_backend_is_asked_once(built: Built) -> None:
    registry = Registry("linux", {})
    assert registry.module() is registry.module()
    assert registry.probe() is None
    assert built.libs["linux"].names() == ["sctpx_start", "sctpx_probe"]
    assert [(one.name, one.error) for one in registry.attempts] == [("linux", None)]


def test_a_failure_is_asked_once_and_raised_each_time(built: Built) -> None:
    built.libs["linux"].results["sctpx_probe"] = -c.EACCES
    registry = Registry("linux", {})
    for _ in range(2):
        with pytest.raises(sctpx.BackendUnavailableError):
            registry.module()
    assert built.libs["linux"].names().count("sctpx_probe") == 1
    assert len(registry.attempts) == 1


def test_a_udp_port_in_use_may_be_free_later(built: Built) -> None:
    lib = built.libs["userland"]
    lib.results["sctpx_start"] = -c.EADDRINUSE
    registry = Registry("darwin", {"SCTPX_UDP_PORT": "9899"})
    with pytest.raises(sctpx.SctpError, match="9899") as caught:
        registry.module()
    assert caught.value.errno == errno.EADDRINUSE
    assert "SCTPX_UDP_PORT" in str(caught.value)
    lib.results["sctpx_start"] = 0
    assert registry.module().name == "userland"


@pytest.mark.parametrize(
    ("environ", "ports"),
    [({}, (0, 0)), ({"SCTPX_UDP_PORT": "", "SCTPX_PEER_UDP_PORT": ""}, (0, 0)),
     ({"SCTPX_UDP_PORT": "9899", "SCTPX_PEER_UDP_PORT": "65535"}, (9899, 65535))],
)  # fmt: skip
def test_udp_ports_from_the_environment(built: Built, environ: dict[str, str], ports: tuple[int, int]) -> None:
    Registry("darwin", environ).module()
    assert built.libs["userland"].calls[0] == ("sctpx_start", ports)


@pytest.mark.parametrize("variable", ["SCTPX_UDP_PORT", "SCTPX_PEER_UDP_PORT"])
@pytest.mark.parametrize("value", ["65536", "-1", "x", "1.5", " "])
def test_a_bad_udp_port_in_the_environment(built: Built, variable: str, value: str) -> None:
    registry = Registry("darwin", {variable: value})
    with pytest.raises(sctpx.BackendUnavailableError, match=variable):
        registry.module()
    assert built.libs["userland"].calls == []


def test_choosing_by_hand(built: Built) -> None:
    registry = Registry("linux", {"SCTPX_UDP_PORT": "1"})
    registry.use("userland", 9899)
    assert registry.module().name == "userland"
    assert built.libs["userland"].calls[0] == ("sctpx_start", (9899, 0))
    assert built.libs["linux"].calls == []


def test_choosing_by_hand_mends_what_failed(built: Built) -> None:
    built.libs["linux"].results["sctpx_probe"] = -c.EPROTONOSUPPORT
    for environ in ({}, {"SCTPX_BACKEND": "windows"}):
        registry = Registry("linux", environ)
        with pytest.raises(sctpx.BackendUnavailableError):
            registry.module()
        registry.use("userland", None)
        assert registry.module().name == "userland"
        assert [one.name for one in registry.attempts] == ["userland"]


def test_once_there_is_a_socket_the_choice_is_made(built: Built) -> None:
    registry = Registry("linux", {})
    registry.module()
    with pytest.raises(RuntimeError):
        registry.use("userland", None)
    assert registry.module().name == "linux"


def test_looking_is_no_choice(built: Built) -> None:
    registry = Registry("linux", {})
    assert registry.probe() is None
    registry.use("userland", None)
    assert registry.module().name == "userland"


@pytest.mark.parametrize(
    ("name", "port"), [("windows", None), ("", None), ("linux", 9899), ("userland", -1), ("userland", 65536)]
)
def test_what_cannot_be_chosen(built: Built, name: Any, port: int | None) -> None:
    registry = Registry("linux", {})
    with pytest.raises(ValueError):
        registry.use(name, port)
    assert registry.name == "linux"


def test_choosing_what_was_not_built_lists_what_was(built: Built) -> None:
    registry = Registry("linux", {})
    with pytest.raises(sctpx.BackendUnavailableError) as caught:
        registry.use("freebsd", None)
    assert "built: linux, userland" in str(caught.value)
    assert caught.value.operation == "use_backend"
    assert registry.module().name == "linux"


@pytest.mark.parametrize(("linger", "nanoseconds"), [("", 2e9), ("0.5", 5e8), ("0", 0), ("-1", 0), ("soon", 2e9)])
def test_at_exit_what_was_sent_is_waited_for(built: Built, linger: str, nanoseconds: float) -> None:
    registry = Registry("darwin", {"SCTPX_EXIT_LINGER": linger})
    registry.module()
    registry.exit()
    assert built.libs["userland"].calls[-1] == ("sctpx_exit", (int(nanoseconds),))


def test_at_exit_nothing_is_done_where_no_socket_was_made(built: Built) -> None:
    Registry("darwin", {}).exit()
    assert built.libs["userland"].calls == []


def test_at_exit_what_was_aborted_is_told(built: Built) -> None:
    built.libs["userland"].results["sctpx_exit"] = 3
    registry = Registry("darwin", {})
    registry.module()
    with pytest.warns(ResourceWarning, match="3 SCTP associations"):
        registry.exit()


IMPORTS = """
import json, os, sys, threading
listed = lambda: sorted(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else []
before = listed()
import build_ffi
import sctpx
found = {
    "fds": listed() == before, "threads": threading.active_count(), "attempts": len(sctpx.backend.attempts),
    "options": "sctpx.options" in sys.modules, "extensions": "typing_extensions" in sys.modules,
    "rich": "rich" in sys.modules, "asyncio": "asyncio" in sys.modules,
}
sctpx.options.NoDelay(True)
print(json.dumps(found))
"""


@pytest.mark.parametrize("backend", ["", "userland", "solaris", "windows"])
def test_importing_raises_nothing_opens_nothing_starts_nothing(backend: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORTS],
        env={**os.environ, "SCTPX_BACKEND": backend, "SCTPX_UDP_PORT": "nonsense"},
        cwd=_registry.__file__.rpartition("/sctpx/")[0],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    found = json.loads(done.stdout)
    if backend:
        # What is not compiled is known at import; whether a backend works is not asked then.
        assert found["attempts"] == (backend == "solaris")
    assert (found["fds"], found["threads"]) == (True, 1)
    assert [name for name in ("options", "extensions", "rich", "asyncio") if found[name]] == []
