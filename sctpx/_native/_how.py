# SPDX-License-Identifier: MIT
"""What a caller says of a message, on its way to the border."""

from typing import TYPE_CHECKING, NamedTuple

from sctpx._message import PrPolicy

if TYPE_CHECKING:
    from sctpx._address import PathLike


class How(NamedTuple):
    """What was said of a message beside its bytes: None means the socket's defaults."""

    stream: int | None = None
    ppid: int | None = None
    unordered: bool | None = None
    context: int | None = None
    policy: PrPolicy | None = None
    path: "PathLike | None" = None
    sack_immediately: bool = False
    eof: bool = False
    more: bool = False


PLAIN = How()
