# SPDX-License-Identifier: MIT
"""Which addresses the pairs of sctpx.testing have, by what a host has."""

import errno
from collections.abc import Collection

import pytest

import sctpx
from sctpx.testing import _hosts


def found(monkeypatch: pytest.MonkeyPatch, host: Collection[str], paths: int) -> list[str]:
    """Those chosen for so many paths on a host with these addresses."""

    def bound(address: str) -> list[str]:
        return list(host) if address == "::" else [address] if address in host else []

    monkeypatch.setattr(_hosts, "_bound", bound)
    return _hosts.hosts(paths)


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        (["::1", "127.0.0.1", "127.0.0.2", "127.0.0.3"], ["127.0.0.1", "127.0.0.2", "127.0.0.3"]),
        (["192.0.2.7", "fe80::1%eth0", "::1", "127.0.0.1"], ["127.0.0.1", "::1", "192.0.2.7"]),
        (["127.0.0.1", "192.0.2.7", "198.51.100.7"], ["127.0.0.1", "192.0.2.7", "198.51.100.7"]),
    ],
    ids=["many of loopback", "both families", "no IPv6"],
)
def test_the_loopback_s_come_first(monkeypatch: pytest.MonkeyPatch, host: list[str], addresses: list[str]) -> None:
    for paths in (1, 2, 3):
        assert found(monkeypatch, host, paths) == addresses[:paths]


def test_a_host_without_ipv4_has_a_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, ["::1", "2001:db8::7"], 1) == ["::1"]


def test_too_few_addresses_are_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(sctpx.SctpError, match=r"2 paths.*\(127\.0\.0\.1\).*ip address add") as caught:
        found(monkeypatch, ["127.0.0.1", "fe80::1%eth0"], 2)
    assert caught.value.errno == errno.EADDRNOTAVAIL
