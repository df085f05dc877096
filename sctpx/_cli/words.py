# SPDX-License-Identifier: MIT
"""Numbers and tables as people read them."""

from collections.abc import Sequence

from sctpx.options import PathInfo

PATH_COLUMNS = ("path", "state", "", "round trip", "RTO", "window", "MTU")
NUMBERS = PATH_COLUMNS[3:]


def size(count: float) -> str:
    """Write a number of bytes, decimal as disks and networks count."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def seconds(duration: float) -> str:
    """Write a duration in the unit that fits."""
    if duration >= 1:
        return f"{duration:.2f} s"
    # Three digits are more than any of these clocks has; most stacks count whole milliseconds.
    return f"{duration * 1e3:.3g} ms" if duration >= 1e-3 else f"{duration * 1e6:.3g} µs"


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def path_row(path: PathInfo, initial_rto: float) -> tuple[str, ...]:
    """Write one path in `PATH_COLUMNS`."""
    return (
        path.address.host, path.state.name.lower().replace("_", " "), "primary" if path.primary else "",
        round_trip(path, initial_rto), seconds(path.rto), size(path.cwnd), str(path.mtu),
    )


def round_trip(path: PathInfo, initial_rto: float) -> str:
    """Write a round-trip time: kernels count whole milliseconds, so 0 is either quick or not yet known."""
    if path.srtt:
        return seconds(path.srtt)
    return "not measured" if path.rto == initial_rto else "< 1 ms"


def table(rows: Sequence[Sequence[str]], indent: str = "  ") -> list[str]:
    """Line up columns with spaces."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [indent + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
