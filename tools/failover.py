# SPDX-License-Identifier: MIT
"""Measures failovers and draws them: docs/failover.svg, and the numbers beside it in docs/failover.json.

    .venv/bin/python -m pip install matplotlib
    .venv/bin/python -m tools.failover [--draw]        (--draw: from the numbers that are there)

Messages go from one host to another over two paths; the link of the first goes down, and up again. What was delivered
when, and over which path, and what the sender was told are kept, for the kernel's stack and for userland's, with
RFC 9260's parameters and with tuned ones. It takes root, for network namespaces. Where the kernel has no SCTP, its
stack is measured in the guest.
"""

import argparse
import json
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

from tests.paths.lab import DEFAULT, STACKS, Lab, Timing
from tests.support.network import Network
from tests.support.nursery import Nursery
from tests.support.records import Path as PathChange

ROOT = Path(__file__).resolve().parent.parent
NUMBERS = ROOT / "docs/failover.json"
# Seconds between two messages: few enough that emulation is not what is measured.
PACE = 0.05
TUNED = Timing(rto_min=0.2, rto_max=0.4, path_limit=2, heartbeat=1.0)


class Plan(TypedDict):
    """When the link goes down, when it comes up, and when all ends; seconds."""

    down: float
    up: float
    end: float
    bin: float
    """Messages are counted for each span of so long."""


class Told(TypedDict):
    t: float
    event: str
    path: int


class Run(Plan):
    stack: str
    parameters: str
    settings: dict[str, float]
    rto: float
    """Of path 1 before its link is lost, as its stack says."""
    bound: float
    """Seconds from then until path 1 must be given up, as computed."""
    delivered: list[list[int]]
    """For each path, messages delivered in each span."""
    sent: int
    lost: int
    told: list[Told]


PLANS: dict[str, tuple[Timing, Plan]] = {
    "default": (DEFAULT, {"down": 10.0, "up": 90.0, "end": 210.0, "bin": 1.0}),
    "tuned": (TUNED, {"down": 2.0, "up": 6.0, "end": 12.0, "bin": 0.25}),
}


def measure(nursery: Nursery, stack: str, parameters: str) -> Run:
    timing, plan = PLANS[parameters]
    with Network(paths=2) as net:
        lab = Lab(nursery, net, *STACKS[stack])
        with lab.ends:
            client, server = lab.pair(timing)
            client.send(pace=PACE, sizes=(100, 100), streams=1, unordered=0.0)
            # So many round trips have been measured.
            server.wait_received(20)
            rto = next(path["rto"] for path in client.paths() if path["host"] == lab.hosts[1].addresses[0])
            begin, mark = time.monotonic(), client.mark
            wait_until(begin + plan["down"])
            net.down(0, host=1)
            wait_until(begin + plan["up"])
            net.up(0)
            wait_until(begin + plan["end"])
            sent = client.stop()
            received = server.wait_received(sent)
            bins = [[0] * round(plan["end"] / plan["bin"]) for _ in lab.hosts[0].addresses]
            for one in received:
                at = int((one.t - begin) / plan["bin"])
                if 0 <= at < len(bins[0]):
                    bins[lab.hosts[0].addresses.index(one.source)][at] += 1
            told: list[Told] = [
                {"t": round(one.t - begin, 3), "event": one.event, "path": lab.hosts[1].addresses.index(one.host)}
                for one in client.of(PathChange, after=mark)
            ]
    return {
        **plan, "stack": stack, "parameters": parameters, "delivered": bins, "rto": rto,
        "bound": round(replace(timing, rto_min=max(rto, timing.rto_min)).until_given_up(), 3),
        "settings": {"RTO.Min": timing.rto_min, "RTO.Max": timing.rto_max, "Path.Max.Retrans": timing.path_limit,
                     "HB.interval": timing.heartbeat},
        "sent": sent, "lost": sent - len({one.number for one in received}), "told": told,
    }


def wait_until(when: float) -> None:
    """The one thing here that goes by the clock: what happens in between is what is measured."""
    time.sleep(max(0.0, when - time.monotonic()))


def measure_all(stack: str) -> list[Run]:
    with Nursery() as nursery:
        return [measure(nursery, stack, parameters) for parameters in PLANS]


def kernel_has_sctp() -> bool:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_SCTP).close()
    except OSError:
        return False
    return True


def elsewhere(stack: str) -> list[Run]:
    """Measure in a process of its own, or in the guest; there all takes longer that is only waited for."""
    there = ["-m", "tests.guest", "-t", "600", "env", "SCTPX_TEST_TIME_SCALE=5", sys.executable]
    command = [sys.executable, *(there if stack == "kernel" and not kernel_has_sctp() else [])]
    measuring = subprocess.run(
        [*command, "-m", "tools.failover", "--measure", stack], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    runs: list[Run] = json.loads(measuring.stdout)
    return runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draw", action="store_true", help="draw the numbers that are there")
    parser.add_argument("--measure", metavar="STACK", help="print the numbers of one, measured on this kernel")
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure_all(given.measure)))
        return
    if not given.draw:
        # Both at once: they wait for the most part.
        with ThreadPoolExecutor() as pool:
            runs = [run for measured in pool.map(elsewhere, ("kernel", "userland")) for run in measured]
        NUMBERS.parent.mkdir(exist_ok=True)
        NUMBERS.write_text("[\n" + ",\n".join(json.dumps(run) for run in runs) + "\n]\n")
    from tools.failover_plot import draw  # needs matplotlib

    draw(json.loads(NUMBERS.read_text()), NUMBERS.with_suffix(".svg"))


if __name__ == "__main__":
    main()
