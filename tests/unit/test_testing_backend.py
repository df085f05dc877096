# SPDX-License-Identifier: MIT
"""The backend and the UDP ports of a test process, by what was chosen and what works."""

import pytest

import sctpx
from sctpx import _registry
from sctpx._native import _contract as c
from sctpx._registry import Registry
from sctpx.testing import _backend
from tests.unit.test_registry import Built
from tests.unit.test_registry import built as built


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_backend, "fallen_back", [])


def ready(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], platform: str = "linux") -> Registry:
    """The registry of a process with this environment, once sctpx.testing was used there."""
    registry = Registry(platform, environ)
    monkeypatch.setattr(_registry, "registry", registry)
    _backend.ready()
    return registry


def ports(built: Built) -> list[object]:
    """The UDP ports, ours and the peers', of every start of userland."""
    return [arguments for name, arguments in built.libs["userland"].calls if name == "sctpx_start"]


def test_a_kernel_that_works_is_used(monkeypatch: pytest.MonkeyPatch, built: Built) -> None:
    assert ready(monkeypatch, {}).module().name == "linux"
    assert (built.libs["userland"].calls, _backend.fallen_back) == ([], [])


def test_without_a_kernel_userland_is_its_own_peer_and_says_so(monkeypatch: pytest.MonkeyPatch, built: Built) -> None:
    built.libs["linux"].results["sctpx_probe"] = -c.EPROTONOSUPPORT
    monkeypatch.setattr(_backend, "_free_port", lambda: 40000)
    assert ready(monkeypatch, {}).module().name == "userland"
    assert ports(built) == [(40000, 40000)]
    [line] = _backend.fallen_back
    assert "userland" in line and "Protocol not supported" in line


def test_what_was_chosen_is_kept_though_it_does_not_work(monkeypatch: pytest.MonkeyPatch, built: Built) -> None:
    built.libs["linux"].results["sctpx_probe"] = -c.EPROTONOSUPPORT
    with pytest.raises(sctpx.BackendUnavailableError):
        ready(monkeypatch, {"SCTPX_BACKEND": "linux"})
    assert (built.libs["userland"].calls, _backend.fallen_back) == ([], [])


@pytest.mark.parametrize(
    ("environ", "expected"),
    [({}, (40000, 40000)), ({"SCTPX_UDP_PORT": "0"}, (40000, 40000)), ({"SCTPX_UDP_PORT": "5"}, (5, 5)),
     ({"SCTPX_PEER_UDP_PORT": "6"}, (40000, 6)), ({"SCTPX_UDP_PORT": "5", "SCTPX_PEER_UDP_PORT": "6"}, (5, 6))],
)  # fmt: skip
def test_ports_that_were_chosen_are_kept(
    monkeypatch: pytest.MonkeyPatch, built: Built, environ: dict[str, str], expected: tuple[int, int]
) -> None:
    monkeypatch.setattr(_backend, "_free_port", lambda: 40000)
    ready(monkeypatch, {**environ, "SCTPX_BACKEND": "userland"})
    assert ports(built) == [expected]


def test_a_bad_port_is_named(monkeypatch: pytest.MonkeyPatch, built: Built) -> None:
    with pytest.raises(sctpx.BackendUnavailableError, match="SCTPX_UDP_PORT is 'x'"):
        ready(monkeypatch, {"SCTPX_BACKEND": "userland", "SCTPX_UDP_PORT": "x"})
    assert ports(built) == []


def test_another_free_port_is_tried_and_a_chosen_one_is_not_given_up(
    monkeypatch: pytest.MonkeyPatch, built: Built
) -> None:
    free = iter(range(40000, 50000))
    monkeypatch.setattr(_backend, "_free_port", lambda: next(free))
    built.libs["userland"].results["sctpx_start"] = lambda own, peer: 0 if own == 40002 else -c.EADDRINUSE
    ready(monkeypatch, {"SCTPX_BACKEND": "userland"})
    assert ports(built) == [(40000, 40000), (40001, 40001), (40002, 40002)]
    built.libs["userland"].calls.clear()
    with pytest.raises(sctpx.SctpError, match="UDP port 9899 is in use"):
        ready(monkeypatch, {"SCTPX_BACKEND": "userland", "SCTPX_UDP_PORT": "9899"})
    assert ports(built) == [(9899, 9899)]


def test_a_stack_that_runs_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch, built: Built) -> None:
    registry = Registry("darwin", {"SCTPX_UDP_PORT": "7"})
    registry.module()
    monkeypatch.setattr(_registry, "registry", registry)
    _backend.ready()
    assert ports(built) == [(7, 0)]
