# SPDX-License-Identifier: MIT
"""The demo's other process: a server on two addresses that takes files in and says what it got."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterable
from types import FrameType
from typing import NoReturn

import sctpx
from sctpx import Address, Message, Socket
from sctpx._cli import namespaces
from sctpx._cli.control import DemoError, Line, items, parse, tell, text
from sctpx._cli.framing import STREAMS
from sctpx._cli.intake import Intake
from sctpx._cli.notifications import EVENTS, describe
from sctpx.options import InitMessage, ReceiveBuffer

ACCEPT = 60.0
# Linux drops packets of 64 KiB, as loopback has them, that outrun its default buffer; each costs a second.
WINDOW = 1_000_000
REPORT = 0.1  # seconds between two progress lines


def run() -> int:
    """Serve one association, as told by the line on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the sender's business, which then ends us
    signal.signal(signal.SIGTERM, _end)
    tell("ready")
    order = parse(sys.stdin.readline())
    if text(order, "event") != "serve":
        return 1
    try:
        _serve(order)
    except (sctpx.SctpError, DemoError) as error:
        tell("error", text=str(error))
        return 1
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # all is said: let the interpreter end in peace
    return 0


def _end(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(1)


def _serve(order: Line) -> None:
    _end_with_input()
    ends = [namespaces.Interface(*pair) for pair in items(order, "interfaces") if isinstance(pair, list)]
    if ends:
        namespaces.bring_up(ends)
    hosts = [host for host in items(order, "hosts") if isinstance(host, str)]
    options = [InitMessage(out_streams=STREAMS, max_in_streams=STREAMS), ReceiveBuffer(WINDOW)]
    with sctpx.create_server([(host, 0) for host in hosts], backlog=1, options=options, events=EVENTS) as server:
        server.settimeout(ACCEPT)
        tell("listening", addresses=_plain(server.local_addresses()), udp_port=sctpx.backend.udp_port)
        association, _ = server.accept()
        with association:
            intake = _take_in(association)
    tell("done", files=[*intake.results()], strays=intake.strays, bytes=intake.bytes, messages=intake.messages)


def _take_in(association: Socket) -> Intake:
    intake, due = Intake(), 0.0
    while batch := association.recv_many():
        for item in batch:
            if isinstance(item, Message):
                intake.take(item, item.data)
            else:
                tell("notification", text=describe(item))
        if (now := time.monotonic()) >= due:
            tell("progress", bytes=intake.bytes, files=intake.files)
            due = now + REPORT
    tell("progress", bytes=intake.bytes, files=intake.files)
    return intake


def _plain(addresses: Iterable[Address]) -> list[tuple[str, int]]:
    return [(host, port) for host, port in addresses]


def _end_with_input() -> None:
    """End when standard input does: the sender has ended, or wants us to."""
    main = threading.main_thread().ident
    assert main is not None

    def watch() -> None:
        # Not sys.stdin: a daemon thread waiting in it holds its lock when the interpreter ends.
        while os.read(0, 4096):
            pass
        signal.pthread_kill(main, signal.SIGTERM)

    threading.Thread(target=watch, name="sctpx-demo-input", daemon=True).start()
