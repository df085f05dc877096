# SPDX-License-Identifier: MIT
"""One end of an association as a program of its own, on any backend: it sends as told and tells all that happens.

    python -m tests.support.traffic_end SETUP       (one JSON object, see `Setup` in traffic.py)

Commands come on stdin and records go to stdout, a JSON object a line: {"do": "send", "count": 100, …} and records.py.
"""

import faulthandler
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import TypeAlias, TypedDict

import sctpx
from sctpx import Address, AssociationId, Message, Notification, Socket, options
from tests.support import records as r
from tests.support.records import Record, content, context, dump
from tests.support.shape import Shape

Sock: TypeAlias = Socket | sctpx.Endpoint
# How long a call waits before it looks whether it was told to stop.
LOOK = 0.2


class Given(TypedDict):
    """A `Setup`, as it comes."""

    local: list[tuple[str, int]]
    peer: list[tuple[str, int]]
    options: list[str]
    events: list[str]
    endpoint: bool
    limit: float


class Program:
    def __init__(self, setup: Given) -> None:
        self.setup = setup
        self.options = [option(text) for text in setup["options"]]
        self.events = [getattr(sctpx, name) for name in setup["events"]]
        self.lock = threading.Lock()
        self.sock: Sock | None = None
        self.association: AssociationId | None = None
        self.sent: dict[int, bytes] = {}
        self.ends: dict[int, int] = {}
        self.reading = threading.Event()
        self.reading.set()
        self.stopping = threading.Event()

    def say(self, *records: Record) -> None:
        text = "".join(dump(record) + "\n" for record in records)
        with self.lock:
            sys.stdout.write(text)
            sys.stdout.flush()

    def answer(self, to: str, value: object = None) -> None:
        self.say(r.Answer(t=time.monotonic(), to=to, value=value))

    # ---- the association

    def start(self) -> None:
        local = [Address(*one) for one in self.setup["local"]]
        peer = [Address(*one) for one in self.setup["peer"]]
        if self.setup["endpoint"]:
            endpoint = sctpx.create_endpoint(local, options=self.options, events=self.events)
            self.answer("listening", endpoint.local_addresses())
            self.begin(endpoint)
            if peer:
                endpoint.settimeout(self.setup["limit"])
                self.association = endpoint.connect(peer).id
                self.connected(endpoint)
        elif peer:
            sock = sctpx.create_connection(
                peer, self.setup["limit"], source=local, options=self.options, events=self.events
            )
            self.begin(sock)
            self.connected(sock)
        else:
            server = sctpx.create_server(local, options=self.options, events=self.events)
            self.answer("listening", server.local_addresses())
            in_thread(lambda: self.accept(server))

    def accept(self, server: Socket) -> None:
        while True:
            sock, _ = server.accept()
            self.begin(sock)
            self.connected(sock)

    def begin(self, sock: Sock) -> None:
        self.sock = sock
        sock.settimeout(LOOK)
        in_thread(lambda: self.receive(sock))

    def connected(self, sock: Sock) -> None:
        sock.settimeout(LOOK)
        self.answer("connected", self.control().peer_addresses())

    def control(self) -> sctpx.Association:
        """The association, whichever kind of socket it is on."""
        if isinstance(self.sock, Socket):
            return self.sock
        assert self.sock is not None and self.association is not None
        return self.sock.associations[self.association]

    # ---- receiving

    def receive(self, sock: Sock) -> None:
        while True:
            self.reading.wait()
            try:
                items = sock.recv_many()
            except TimeoutError:
                continue
            except sctpx.ClosedError:
                return
            except OSError as error:
                self.say(r.Raised(t=time.monotonic(), error=type(error).__name__, text=str(error)))
                return
            now = time.monotonic()
            if not items:
                self.say(r.Ended(t=now))
                return
            self.say(*(self.record(item, now) for item in items))

    def record(self, item: Message | Notification, now: float) -> Record:
        match item:
            case Message(data=data, ppid=number):
                return r.Received(
                    t=now, number=number, stream=item.stream, size=item.size, ordered=not item.unordered,
                    good=data == content(number, len(data)), source=item.source.host,
                )
            case sctpx.SendFailed():
                return self.report(item, now)
            case sctpx.AssociationChange(state=state, cause=cause):
                if state is sctpx.CommState.UP and self.association is None:
                    self.association = item.association
                return r.Association(t=now, state=state.name, cause=cause.name)
            case sctpx.PeerAddressChange(event=event, address=address):
                return r.Path(t=now, event=event.name, host=address.host)
            case _:
                return r.Other(t=now, kind=type(item).__name__)

    def report(self, failed: sctpx.SendFailed, now: float) -> r.Reported:
        number = failed.ppid
        behind = self.ends.get(number, 0)
        at = self.sent.get(number, b"").find(failed.data, behind)
        if at >= 0:
            self.ends[number] = at + len(failed.data)
        return r.Reported(
            t=now, number=number, stream=failed.stream, size=len(failed.data), context=failed.context, sent=failed.sent,
            complete=failed.complete, cause=failed.cause.name, at=at,
        )

    # ---- sending

    def send(self, shape: Shape) -> None:
        taken = 0
        for number in shape.numbers():
            if self.stopping.is_set() or not self.offer(shape, number):
                break
            taken += 1
            if shape.pace:
                self.stopping.wait(shape.pace)
        self.answer("sent", taken)

    def offer(self, shape: Shape, number: int) -> bool:
        """Send one message; a full buffer is waited for until `stop`. Whether it was taken."""
        stream, size, ordered = shape.of(number)
        data = self.sent[number] = content(number, size)
        self.say(r.Offered(t=time.monotonic(), number=number, stream=stream, size=size, ordered=ordered))
        while True:
            try:
                self.hand_over(data, stream, number, ordered, shape.policy)
            except TimeoutError as error:
                if not self.stopping.is_set():
                    continue
                why: OSError = error
            except OSError as error:
                why = error
            else:
                return True
            del self.sent[number]
            self.say(r.NotTaken(t=time.monotonic(), number=number, error=type(why).__name__, text=str(why)))
            return False

    def hand_over(self, data: bytes, stream: int, number: int, ordered: bool, policy: str) -> None:
        given: sctpx.PrPolicy | None = eval(policy, vars(sctpx)) if policy else None
        association = self.control()
        association.send(
            data, stream=stream, ppid=number, context=context(number), unordered=not ordered, policy=given
        )

    # ---- commands

    def do(self, command: dict[str, object]) -> None:
        what = str(command.pop("do"))
        call: Callable[..., object] = getattr(self, f"do_{what}")
        try:
            value = call(**command)
        except OSError as error:
            value = f"{type(error).__name__}: {error}"
        self.answer(what, value)

    def do_send(self, **shape: object) -> None:
        self.stopping.clear()
        in_thread(lambda: self.send(Shape(**shape)))  # type: ignore[arg-type]

    def do_stop(self) -> None:
        self.stopping.set()

    def do_pause(self) -> None:
        self.reading.clear()

    def do_resume(self) -> None:
        self.reading.set()

    def do_set(self, given: str) -> None:
        self.control().set(option(given))

    def do_paths(self) -> object:
        return [
            {"host": one.address.host, "state": one.state.name, "primary": one.primary, "rto": one.rto}
            for one in self.control().paths()
        ]

    def do_status(self) -> object:
        status = self.control().get(options.Status)
        return {"state": status.state.name, "unacknowledged": status.unacknowledged, "window": status.receive_window}

    def do_set_primary(self, host: str) -> None:
        self.control().set_primary(host)

    def do_heartbeat(self, host: str | None = None) -> None:
        self.control().heartbeat(host)

    def do_shutdown(self) -> None:
        self.control().shutdown()

    def do_close(self) -> None:
        assert self.sock is not None
        self.sock.close()

    def do_abort(self, reason: str = "") -> None:
        self.control().abort(reason.encode())


def option(text: str) -> options.DefaultSettable:
    """The option that has this repr."""
    made: options.DefaultSettable = eval(text, vars(options))
    return made


def in_thread(call: Callable[[], object]) -> None:
    threading.Thread(target=call, daemon=True).start()


def main(setup: str) -> None:
    faulthandler.enable()  # an end that dies says where
    program = Program(json.loads(setup))
    program.start()
    for line in sys.stdin:
        command = json.loads(line)
        if command["do"] == "quit":
            break
        program.do(command)
    sys.stdout.flush()
    # Left open on purpose: the traffic's end is for the tests to say, not for close() to wait for.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
