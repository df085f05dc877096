# SPDX-License-Identifier: MIT
"""The demo's sender: one association, files out, notifications in, paths watched."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

import sctpx
from sctpx import Address, Socket
from sctpx._cli import words
from sctpx._cli.control import DemoError, Line, integer, items, text
from sctpx._cli.files import Collection
from sctpx._cli.framing import STREAMS
from sctpx._cli.notifications import EVENTS, describe
from sctpx._cli.route import Route
from sctpx._cli.sending import Outbox
from sctpx._cli.view import View
from sctpx.options import EndpointSettable, InitMessage, PathInfo, RtoInfo, Status, UdpEncapsulation

PATIENCE = 60.0  # seconds without any progress
REFRESH = 0.2


class Transfer:
    """Everything between the connection and its end; what is left in its attributes goes into the summary."""

    def __init__(self, route: Route, collection: Collection, view: View) -> None:
        self.outbox = Outbox(collection.sources)
        self.paths: list[PathInfo] = []
        self.initial_rto = 0.0
        self.notifications: list[dict[str, str]] = []
        self.seconds = 0.0
        self.graceful = False
        self._route = route
        self._total = collection.size
        self._view = view
        self._error: sctpx.SctpError | None = None

    def heard(self, line: Line) -> None:
        """Take what the receiver says while files are on their way."""
        match line["event"]:
            case "progress":
                self._view.progress(integer(line, "bytes"))
            case "notification":
                self._notification("receiver", text(line, "text"))
            case _:
                self._view.line(f"  receiver  {text(line, 'text')}", "bad")

    def run(self, listening: Line) -> None:
        """Send everything to the receiver that listens.

        Raises:
            DemoError: the association was lost on the way.
        """
        with self._connected(listening) as association:
            ears = threading.Thread(target=self._listen, args=(association,), name="sctpx-demo-ears", daemon=True)
            ears.start()
            try:
                with self._view.transfer(self._total):
                    started = time.monotonic()
                    self._send(association)
                    association.shutdown()
                    ears.join(PATIENCE)
                    self.seconds = time.monotonic() - started
            except sctpx.SctpError as error:
                ears.join(1)  # it may know the reason
                raise DemoError(f"association lost: {self._error or error}") from error
        if self._error is not None:
            raise DemoError(f"association lost: {self._error}")

    @contextmanager
    def _connected(self, listening: Line) -> Generator[Socket]:
        addresses = [Address(*row) for row in items(listening, "addresses") if isinstance(row, list)]
        options: list[EndpointSettable] = [InitMessage(out_streams=STREAMS, max_in_streams=STREAMS)]
        if port := integer(listening, "udp_port"):
            options.append(UdpEncapsulation(port))
        source = [(host, 0) for host in self._route.client]
        with sctpx.create_connection(addresses, PATIENCE, source=source, options=options, events=EVENTS) as association:
            try:
                yield association
            except BaseException:
                association.abort(b"demo ended early")  # close() would first deliver what nobody wants any more
                raise

    def _send(self, association: Socket) -> None:
        if (granted := association.get(Status).out_streams) < STREAMS:
            raise DemoError(f"the receiver grants {granted} streams, not {STREAMS}")
        self.initial_rto = association.get(RtoInfo).initial
        association.heartbeat()  # measures the path that carries no data yet
        due, moved = 0.0, len(self._route.server) < 2
        for batch in self.outbox.batches():
            association.send_many(batch)
            if not moved and self.outbox.bytes * 2 >= self._total > 0:
                moved = True
                self._change_primary(association)
            if (now := time.monotonic()) >= due:
                due = now + REFRESH
                self._look(association)
        self._look(association)

    def _change_primary(self, association: Socket) -> None:
        """Let the other path carry the second half."""
        for path in association.paths():
            if not path.primary:
                association.set_primary(path.address)
                self._notification("sender", f"half-way: {path.address.host} is the primary path now")
                return

    def _look(self, association: Socket) -> None:
        self.paths = association.paths()
        self._view.paths([words.path_row(path, self.initial_rto) for path in self.paths])

    def _listen(self, association: Socket) -> None:
        try:
            while True:
                try:
                    item = association.recv()
                except TimeoutError:  # an association at peace has nothing to tell
                    continue
                if item is None:
                    self.graceful = True
                    return
                if not isinstance(item, sctpx.Message):
                    self._notification("sender", describe(item))
        except sctpx.ClosedError:
            pass
        except sctpx.SctpError as error:
            self._error = error

    def _notification(self, side: str, words_of_it: str) -> None:
        self.notifications.append({"side": side, "text": words_of_it})
        self._view.notification(side, words_of_it)
