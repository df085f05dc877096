# SPDX-License-Identifier: MIT
"""The two hosts on one machine that suites work with: network namespaces, and the shells in them."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support import pidfd
from tests.support.common import LIMIT
from tests.support.network import Network, interface
from tests.support.shell import Shell


@pytest.fixture(scope="module")
def shell() -> Iterator[Shell]:
    made = Shell()
    yield made
    made.end()


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with Network(paths=2) as made:
        yield made


@pytest.fixture
def ears(network: Network) -> Iterator[list[socket.socket]]:
    """A UDP socket at the second host for each path, on port 7."""
    with contextlib.ExitStack() as open_sockets, network.hosts[1].inside():
        made = [open_sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(2)]
        for path, ear in enumerate(made):
            ear.bind((network.hosts[1].addresses[path], 7))
            ear.settimeout(LIMIT)
        yield made


def tell(network: Network, path: int, text: bytes) -> None:
    """Send from the first host to the second."""
    with network.hosts[0].inside(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        mouth.sendto(text, (network.hosts[1].addresses[path], 7))


def names() -> list[str]:
    return [name for _, name in socket.if_nameindex()]


@pytest.mark.parametrize("text", ["", "one", "0\n", "two\nlines"])
def test_a_shell_gives_what_was_printed(shell: Shell, text: str) -> None:
    assert shell.do(f"cat <<'END'\n{text}\nEND") == text
    assert shell.do("echo again") == "again"


def test_a_shell_tells_what_failed(shell: Shell) -> None:
    with pytest.raises(AssertionError, match=r"^ls /nowhere: .*nowhere"):
        shell.do("ls /nowhere")
    with pytest.raises(AssertionError, match="status 3"):
        shell.do("(exit 3)")
    assert shell.do("echo on") == "on"


def test_a_shell_that_died_is_an_error() -> None:
    shell = Shell()
    with pytest.raises(AssertionError, match="no end of it"):
        shell.do("exit")
    shell.end()


def test_each_path_carries_to_its_own_addresses(network: Network, ears: list[socket.socket]) -> None:
    for path, ear in enumerate(ears):
        tell(network, path, b"by its own")
        assert ear.recvfrom(100)[1][0] == network.hosts[0].addresses[path]


def test_a_path_goes_down_and_up(network: Network, ears: list[socket.socket]) -> None:
    a, b = network.hosts
    try:
        network.down(1)
        assert "state DOWN" in a.do(f"ip link show {interface(1)}")
        assert "NO-CARRIER" in b.do(f"ip link show {interface(1)}")
        assert a.addresses[1] in a.do("ip -4 address") and a.addresses6[1] in a.do("ip -6 address")
        with pytest.raises(OSError, match="unreachable"):
            tell(network, 1, b"no way")
        tell(network, 0, b"the other way")
        assert ears[0].recv(100) == b"the other way"
    finally:
        network.up(1)
    tell(network, 1, b"up again")
    assert ears[1].recv(100) == b"up again"


def test_an_address_goes_and_comes_back(network: Network, ears: list[socket.socket]) -> None:
    a = network.hosts[0]
    network.remove_address(0, 1)
    listed = a.do("ip address")
    assert a.addresses[1] not in listed and a.addresses6[1] not in listed and a.addresses[0] in listed
    network.add_address(0, 1)
    tell(network, 1, b"here again")
    assert ears[1].recvfrom(100)[1][0] == a.addresses[1]


def test_what_is_sent_into_a_cut_path_is_lost(network: Network, ears: list[socket.socket]) -> None:
    a, b = network.hosts
    # What waits for the address to be resolved would go later.
    tell(network, 1, b"before")
    network.cut(1)
    tell(network, 1, b"lost")
    network.clear(1)
    network.netem(1, "duplicate 100%", host=0)
    assert "duplicate 100%" in a.do("tc qdisc show") and "netem" not in b.do("tc qdisc show")
    tell(network, 1, b"twice")
    network.clear(1)
    assert [ears[1].recv(100) for _ in range(3)] == [b"before", b"twice", b"twice"]


def test_sysctls_are_those_of_the_namespaces(network: Network) -> None:
    with open("/proc/sys/net/ipv4/ip_default_ttl", encoding="ascii") as file:
        before = file.read()
    network.sysctl("net.ipv4.ip_default_ttl", 17)
    assert [host.do("cat /proc/sys/net/ipv4/ip_default_ttl") for host in network.hosts] == ["17", "17"]
    with open("/proc/sys/net/ipv4/ip_default_ttl", encoding="ascii") as file:
        assert file.read() == before


def test_nothing_of_it_is_seen_outside_or_left() -> None:
    before = names()
    with contextlib.suppress(ZeroDivisionError), Network() as network:
        assert names() == before
        runs = [host.run(["sleep", "1000"]) for host in network.hosts]
        shells = [host.pid for host in network.hosts]
        raise ZeroDivisionError
    assert all(run.returncode == -signal.SIGKILL for run in runs)
    for pid in shells:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_it_ends_with_its_process() -> None:
    source = (
        "import os, signal\nfrom tests.support.network import Network\nwith Network() as net:\n"
        "    print(*(host.pid for host in net.hosts), flush=True)\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    ran = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert ran.returncode == -signal.SIGKILL
    for pid in map(int, ran.stdout.split()):
        with contextlib.suppress(ProcessLookupError), open(pidfd.opened(pid), "rb") as handle:
            assert select.select([handle], [], [], LIMIT)[0], "a shell lives on"
