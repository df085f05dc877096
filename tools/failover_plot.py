# SPDX-License-Identifier: MIT
"""Draws what tools/failover.py measured: a time line of messages and of the path's state for each run."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import matplotlib  # type: ignore[import-not-found, unused-ignore]

matplotlib.use("svg")
from matplotlib import pyplot

if TYPE_CHECKING:
    from tools.failover import Run

BLUE, ORANGE, GREEN, RED = "#3b75af", "#e8923a", "#7fb77e", "#c94c4c"
Side: TypeAlias = Literal["left", "right"]
STACKS = {"kernel": "Linux kernel", "userland": "userland"}
PARAMETERS = {"default": "RFC 9260's parameters", "tuned": "tuned parameters"}


def draw(runs: "Sequence[Run]", to: Path) -> None:
    """A panel for each run: default parameters on the left, tuned ones on the right."""
    # Text stays text, and the same numbers give the same file.
    pyplot.rcParams.update({"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "failover"})
    figure = pyplot.figure(figsize=(13, 7), layout="constrained")
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
    first, second = (steadied([count / run["bin"] for count in path]) for path in run["delivered"])
    edges = [run["bin"] * at for at in range(len(first) + 1)]
    both = [a + b for a, b in zip(first, second, strict=True)]
    axes.stairs(first, edges, fill=True, color=BLUE, label="delivered by path 1, whose link fails")
    axes.stairs(both, edges, baseline=first, fill=True, color=ORANGE, label="delivered by path 2")
    moments(axes, run, label=True)
    limits = run["settings"]
    axes.set_title(
        f"RTO {limits['RTO.Min']:g}–{limits['RTO.Max']:g} s, Path.Max.Retrans {limits['Path.Max.Retrans']:g}, "
        f"HB.interval {limits['HB.interval']:g} s; {run['sent']} messages sent, {run['lost']} lost",
        loc="left", fontsize=8.5,
    )
    axes.annotate(
        f"{STACKS[run['stack']]}, {PARAMETERS[run['parameters']]}", (0, 1), (0, 20), xycoords="axes fraction",
        textcoords="offset points", fontsize=11, weight="bold",
    )
    axes.set_ylabel("messages a second")
    axes.set_xlim(0, run["end"])
    # What had waited comes all at once: far higher than the rest.
    top = 3 * run["sent"] / run["end"]
    axes.set_ylim(0, top)
    axes.tick_params(labelbottom=False)
    axes.text((run["down"] + run["up"]) / 2, 0.97 * top, "link down", ha="center", va="top", fontsize=8.5)


def steadied(counts: list[float]) -> list[float]:
    """Rounded, for a file whose differences can be read."""
    return [round(count, 1) for count in counts]


def moments(axes: pyplot.Axes, run: "Run", *, label: bool = False) -> None:
    axes.axvspan(run["down"], run["up"], color="0.92", zorder=0)
    axes.axvline(
        run["down"] + run["bound"], color="black", linestyle="--", linewidth=1,
        label="computed: path 1 is given up" if label else None,
    )


def states(axes: pyplot.Axes, run: "Run") -> None:
    """What the sender knew of path 1 from its notifications."""
    since, up = 0.0, True
    changes = [(told["t"], told["event"] == "AVAILABLE") for told in run["told"] if told["path"] == 0]
    for when, now_up in [*changes, (run["end"], True)]:
        axes.axvspan(since, when, color=GREEN if up else RED)
        if not up:
            note(axes, since, f"UNREACHABLE after {since - run['down']:.1f} s ", "right")
            if when < run["end"]:
                # Where there is room for it.
                side: Side = "left" if when < 0.7 * run["end"] else "right"
                note(axes, when, f" AVAILABLE after {when - run['up']:.1f} s ", side)
        since, up = when, now_up
    axes.axvline(run["down"] + run["bound"], color="black", linestyle="--", linewidth=1)
    axes.set_yticks([0.5], ["path 1"])
    axes.set_ylim(0, 1)
    axes.set_xlabel("seconds")


def note(axes: pyplot.Axes, at: float, text: str, side: Side) -> None:
    axes.text(at, 0.5, text, ha=side, va="center", fontsize=8.5)
