# SPDX-License-Identifier: MIT
"""What runs in such a process: it does what it is told, function by function, until nobody tells it any more."""

import contextlib
import pickle
import sys
import traceback

from sctpx import Endpoint, Socket
from tests.support.common import LIMIT


class Table:
    """The sockets that are open in a process, by name."""

    def __init__(self) -> None:
        self._open: dict[str, Socket | Endpoint] = {}

    def put(self, name: str, opened: Socket | Endpoint) -> None:
        opened.settimeout(LIMIT)
        self._open[name] = opened

    def socket(self, name: str) -> Socket:
        found = self._open[name]
        assert isinstance(found, Socket)
        return found

    def endpoint(self, name: str) -> Endpoint:
        found = self._open[name]
        assert isinstance(found, Endpoint)
        return found

    def clear(self) -> None:
        while self._open:
            # What still runs is ended at once: nothing of it may reach the next test.
            _, sock = self._open.popitem()
            if isinstance(sock, Socket):
                with contextlib.suppress(OSError):
                    sock.abort()
            else:
                for association in list(sock.associations.values()):
                    with contextlib.suppress(OSError):
                        association.abort()
            sock.close()


def clear(table: Table) -> None:
    table.clear()


def main() -> None:
    table = Table()
    while True:
        try:
            action, args, kwargs = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            done = action(table, *args, **kwargs)
        except Exception as error:
            error.add_note(traceback.format_exc())
            done = error
        pickle.dump(done, sys.stdout.buffer)
        sys.stdout.flush()
