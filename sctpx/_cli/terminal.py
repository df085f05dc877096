# SPDX-License-Identifier: MIT
"""The live display, by rich."""

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TextIO

from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

from sctpx._cli import words
from sctpx._cli.view import Labelled, Row, Tone

STYLES: dict[Tone, str] = {"": "", "good": "bold green", "bad": "bold red", "quiet": "dim"}
STATES = {"active": "green", "inactive": "bold red", "potentially failed": "yellow", "unconfirmed": "yellow"}


class Terminal:
    """Lines scroll by above; paths and the bar stay below while files are on their way."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False)
        self._progress = Progress(
            TextColumn("  "), BarColumn(bar_width=None), TaskProgressColumn(), DownloadColumn(), TransferSpeedColumn(),
            TimeElapsedColumn(), console=self._console,
        )
        self._task = self._progress.add_task("", total=None)
        self._live: Live | None = None
        self._rows: Sequence[Row] = ()

    def line(self, text: str, tone: Tone = "") -> None:
        self._console.print(Text(text, STYLES[tone]))

    def notification(self, side: str, text: str) -> None:
        self._console.print(Text.assemble(("  ", ""), (f"{side:8}  ", "cyan"), (text, "dim")))

    def transfer(self, total: int) -> AbstractContextManager[object]:
        self._progress.reset(self._task, total=total)
        return self._alive()

    @contextmanager
    def _alive(self) -> Generator[None]:
        # Transient: the summary says the same, and better, when all is over.
        with Live(self._screen(), console=self._console, transient=True, refresh_per_second=10) as self._live:
            yield
        self._live = None

    def progress(self, received: int) -> None:
        self._progress.update(self._task, completed=received)

    def paths(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        if self._live is not None:
            self._live.update(self._screen())

    def final(self, path_rows: Sequence[Row], lines: Sequence[Labelled]) -> None:
        self._console.print(_paths(path_rows))
        summary = Table.grid(padding=(0, 2))
        for label, value, tone in lines:
            summary.add_row(Text(f"  {label}", "dim"), Text(value, STYLES[tone]))
        self._console.print(summary)

    def _screen(self) -> Group:
        return Group(_paths(self._rows), self._progress)


def _paths(rows: Sequence[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=True)
    for name in words.PATH_COLUMNS:
        table.add_column(name, justify="right" if name in words.NUMBERS else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell, STATES.get(cell, "")) for cell in row))
    return table


def print_table(stream: TextIO, title: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Print a table with a title; the doctor's way."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell, {"yes": "green", "no": "red"}.get(cell, "")) for cell in row))
    Console(file=stream, highlight=False).print(table)
