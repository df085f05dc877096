# SPDX-License-Identifier: MIT
"""Draws what tools/failover.py measured: a time line of messages and of the path's state for each run."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib  # type: ignore[import-not-found, unused-ignore]

matplotlib.use("svg")
from matplotlib import pyplot

if TYPE_CHECKING:
    from tools.failover import Run

BIN = 0.1
BLUE, ORANGE, GREEN, RED = "#3b75af", "#e8923a", "#7fb77e", "#c94c4c"
NAMES = {"kernel": "Linux kernel", "userland": "userland"}


def draw(runs: "Sequence[Run]", to: Path) -> None:
    """A panel for each run: default parameters on the left, tuned ones on the right."""
    # Text stays text, and the same numbers give the same file.
    pyplot.rcParams.update({"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "failover"})
    figure = pyplot.figure(figsize=(12, 6.6), layout="constrained")
    columns = list(dict.fromkeys(run["parameters"] for run in runs))
    rows = list(dict.fromkeys(run["stack"] for run in runs))
    grid = figure.add_gridspec(2 * len(rows), len(columns), height_ratios=[5, 1] * len(rows))
    first = None
    for run in runs:
        row, column = 2 * rows.index(run["stack"]), columns.index(run["parameters"])
        above = figure.add_subplot(grid[row, column])
        below = figure.add_subplot(grid[row + 1, column], sharex=above)
        messages(above, run)
        states(below, run)
        first = first or above
    assert first is not None
    handles, labels = first.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels), frameon=False)
    metadata = {"Date": None} if to.suffix == ".svg" else None
    figure.savefig(to, metadata=metadata, dpi=110)
    pyplot.close(figure)


def messages(axes: pyplot.Axes, run: "Run") -> None:
    """Delivered messages, stacked by path, and the moments that matter."""
    first, second = run["delivered"]
    edges = [BIN * at for at in range(len(first) + 1)]
    both = [a + b for a, b in zip(first, second, strict=True)]
    axes.stairs(first, edges, fill=True, color=BLUE, label="by path 1 (its link fails)")
    axes.stairs(both, edges, baseline=first, fill=True, color=ORANGE, label="by path 2")
    moments(axes, run, label=True)
    axes.set_title(f"{NAMES[run['stack']]}, {run['parameters']}", loc="left", fontsize=10, weight="bold")
    limits = run["settings"]
    axes.set_title(
        f"RTO {limits['RTO.Min']:g}–{limits['RTO.Max']:g} s, {limits['Path.Max.Retrans']:g} retransmissions a path, "
        f"heartbeat {limits['HB.interval']:g} s", loc="right", fontsize=8,
    )
    axes.set_ylabel("messages delivered\nper 100 ms")
    axes.set_xlim(0, run["end"])
    # What waited comes all at once: higher than anything else, and of no interest.
    usual = sorted(both)[len(both) // 2]
    axes.set_ylim(0, 4 * usual)
    axes.tick_params(labelbottom=False)
    for moment in ("down", "up"):
        axes.annotate(
            f"link {moment}", (run[moment], 3.9 * usual), (3, 0), textcoords="offset points", va="top", fontsize=8
        )


def moments(axes: pyplot.Axes, run: "Run", *, label: bool = False) -> None:
    axes.axvspan(run["down"], run["up"], color="0.92", zorder=0, label="link down" if label else None)
    axes.axvline(
        run["down"] + run["bound"], color="black", linestyle="--", linewidth=1,
        label="path 1 must be given up (computed)" if label else None,
    )


def states(axes: pyplot.Axes, run: "Run") -> None:
    """What the sender knew of path 1 from its notifications."""
    since, up = 0.0, True
    changes = [(told["t"], told["event"] == "AVAILABLE") for told in run["told"] if told["path"] == 0]
    for when, now_up in [*changes, (run["end"], True)]:
        axes.axvspan(since, when, color=GREEN if up else RED)
        if not up:
            axes.text(since, 0.5, f"UNREACHABLE {since:.1f} s ", ha="right", va="center", fontsize=8)
            axes.text(when, 0.5, f" AVAILABLE {when:.1f} s", ha="left", va="center", fontsize=8)
        since, up = when, now_up
    axes.axvline(run["down"] + run["bound"], color="black", linestyle="--", linewidth=1)
    axes.set_yticks([0.5], ["path 1"])
    axes.set_ylim(0, 1)
    axes.set_xlabel("seconds")
