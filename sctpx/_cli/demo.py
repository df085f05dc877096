# SPDX-License-Identifier: MIT
"""`python -m sctpx demo`: files from one process to another, over two paths where there can be two."""

import json
import os
import signal
import sys
from collections.abc import Sequence

import sctpx
from sctpx._cli import namespaces
from sctpx._cli.control import DemoError, Peer, integer, items
from sctpx._cli.files import Collection, collect
from sctpx._cli.intake import Received
from sctpx._cli.route import Route, bindable, choose_backend, plan
from sctpx._cli.transfer import Transfer
from sctpx._cli.verdict import Summary, compare
from sctpx._cli.view import View, choose
from sctpx._cli.words import count, size

START = 60.0  # seconds that the receiver gets to start; interpreters under emulation are slow
END = 60.0


def run(files: Sequence[str], *, as_json: bool, inside: bool) -> int:
    """Run the demo; `inside`: in a network namespace of its own already.

    Returns:
        0, or 1 when anything differs or fails, or 130 when interrupted.
    """
    view = choose(sys.stderr if as_json else sys.stdout)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: both processes end in order
    try:
        summary = _demo(files, as_json, inside, view)
    except KeyboardInterrupt:
        view.line("interrupted: both processes ended", "bad")
        return 128 + signal.SIGINT
    except (DemoError, sctpx.SctpError) as error:
        view.line(f"failed: {error}", "bad")
        if as_json:
            sys.stdout.write(json.dumps({"ok": False, "error": str(error)}) + "\n")
        return 1
    if as_json:
        sys.stdout.write(json.dumps(summary.as_json(), indent=2) + "\n")
    return 0 if summary.ok else 1


def _demo(files: Sequence[str], as_json: bool, inside: bool, view: View) -> Summary:
    if not inside:
        if (said := choose_backend()) is not None:
            view.line(said)
        if sctpx.backend.name == "userland" and (way := namespaces.way_in()) is not None:
            options = ["--inside", *(["--json"] if as_json else [])]
            namespaces.move_in(way, ["demo", *options, "--", *files], "userland")
    collection = collect(files)
    for reason in collection.skipped:
        view.line(f"skipped {reason}", "bad")
    if not collection.sources:
        raise DemoError("nothing to send: no file there" + (" can be read" if collection.skipped else ""))
    route = namespaces.route() if inside else plan(str(sctpx.backend.name), bindable)
    view.line(route.line)
    view.line(f"{count(len(collection.sources), 'file')}, {size(collection.size)}, on 16 streams")
    summary = _between_two(route, collection, view)
    view.final(*summary.for_view())
    return summary


def _between_two(route: Route, collection: Collection, view: View) -> Summary:
    inside = route.kind == "namespaces"
    transfer = Transfer(route, collection, view)
    environment = {**os.environ, "SCTPX_BACKEND": str(sctpx.backend.name)}
    environment.pop("SCTPX_UDP_PORT", None)  # ours, if anybody's: two processes cannot have one port
    command = [*(namespaces.ENTER if inside else ()), sys.executable, "-m", "sctpx", "demo-receiver"]
    with Peer(command, environment, transfer.heard) as peer:
        peer.expect("ready", START)
        if inside:
            namespaces.join(peer.pid)
        ends = namespaces.interfaces(route.server) if inside else []
        peer.tell({"event": "serve", "hosts": route.server, "interfaces": ends})
        transfer.run(peer.expect("listening", START))
        done = peer.expect("done", END)
    received = [Received(*row) for row in items(done, "files") if isinstance(row, list)]
    outbox = transfer.outbox
    return Summary(
        backend=str(sctpx.backend.name), versions=sctpx.backend.versions, route=route.kind, paths=transfer.paths,
        initial_rto=transfer.initial_rto,
        verdicts=compare(collection.sources, outbox.hashes, outbox.failures, received), skipped=collection.skipped,
        strays=[str(stray) for stray in items(done, "strays")], notifications=transfer.notifications,
        messages=integer(done, "messages"), seconds=transfer.seconds, graceful=transfer.graceful,
    )
