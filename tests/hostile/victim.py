# SPDX-License-Identifier: MIT
"""`python -m tests.hostile.victim SETUP`: a server that is attacked, in a process of its own, so that it alone dies.

It listens one-to-one and one-to-many, echoes the messages that begin with GOOD, and throws all others away. Commands
come as lines on standard input, answers go as JSON to standard output: `report`, `read` and `deaf`, and the end of the
input ends it.
"""

import gc
import json
import os
import select
import selectors
import socket
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field

import sctpx
from sctpx import Message, SctpError
from sctpx.options import EndpointSettable, InitMessage, NoDelay, ReceiveBuffer, SendBuffer

from . import native

GOOD = b"good "
PAGE = os.sysconf("SC_PAGE_SIZE")
# All but the news that everything is sent.
EVENTS: list[sctpx.EventType] = [
    sctpx.AssociationChange, sctpx.PeerAddressChange, sctpx.RemoteErrorReport, sctpx.SendFailed, sctpx.PeerShutdown,
    sctpx.AdaptationIndication, sctpx.PartialDeliveryAborted, sctpx.AuthenticationEvent, sctpx.StreamReset,
    sctpx.AssociationReset, sctpx.StreamChange,
]  # fmt: skip


@dataclass
class Setup:
    """What the server is like."""

    reads: bool = True
    pause: float = 0.0  # between two reads
    receive_buffer: int | None = None
    send_buffer: int | None = None
    max_message_size: int | None = None
    in_streams: int | None = None
    interleaves: bool = False  # I-DATA, messages of several streams in pieces at once
    backlog: int = 128
    subscribes: bool = True

    def options(self) -> list[EndpointSettable]:
        made: list[EndpointSettable] = [NoDelay(True)]
        if self.receive_buffer:
            made.append(ReceiveBuffer(self.receive_buffer))
        if self.send_buffer:
            made.append(SendBuffer(self.send_buffer))
        if self.in_streams:
            made.append(InitMessage(max_in_streams=self.in_streams))
        return made

    def prepare(self, sock: sctpx.Socket | sctpx.Endpoint) -> None:
        sock.setblocking(False)
        if self.max_message_size:
            sock.max_message_size = self.max_message_size
        if self.interleaves:
            native.interleaving(sock)
        native.everything(sock)


@dataclass
class Report:
    """How the server is doing."""

    rss: int  # bytes
    peak: int
    stack: int  # bytes that a kernel holds of messages of all its associations
    descriptors: int
    threads: int
    objects: int  # of Python
    associations: int  # of the endpoint
    accepted: int  # sockets open now
    unread: bool  # something is there to be read from the endpoint
    echoed: int
    received: int
    received_bytes: int
    errors: dict[str, int]
    events: list[str]  # of the associations that sent GOOD


@dataclass
class Server:
    setup: Setup
    selector: selectors.DefaultSelector = field(default_factory=selectors.DefaultSelector)
    sockets: set[sctpx.Socket] = field(default_factory=set)
    good: set[object] = field(default_factory=set)
    errors: Counter[str] = field(default_factory=Counter)
    events: list[str] = field(default_factory=list)
    echoed: int = 0
    received: int = 0
    received_bytes: int = 0

    def __post_init__(self) -> None:
        where = [("127.0.0.1", 0)]
        events = EVENTS if self.setup.subscribes else []
        options = self.setup.options()
        self.listener = sctpx.create_server(where, backlog=self.setup.backlog, options=options, events=events)
        self.endpoint = sctpx.create_endpoint(where, options=options, events=events)
        for one in (self.listener, self.endpoint):
            self.setup.prepare(one)
        self.reading = self.setup.reads
        self.wake, waker = socket.socketpair()
        self.waker = waker

    # ---- the loop -----------------------------------------------------------------------------------------------
    def run(self) -> None:
        self.selector.register(self.wake, selectors.EVENT_READ, self.command)
        self.read(self.reading)
        while True:
            for key, _ in self.selector.select():
                key.data()

    def read(self, on: bool) -> None:
        """Serve, or do nothing at all."""
        self.reading = on
        calls = {self.listener: self.accept, self.endpoint: self.endpoint_read}
        for one, call in calls.items():
            if on and one not in self.selector.get_map():
                self.selector.register(one, selectors.EVENT_READ, call)
            elif not on and one in self.selector.get_map():
                self.selector.unregister(one)
        for sock in self.sockets:
            self.watch(sock, on)

    def watch(self, sock: sctpx.Socket, on: bool) -> None:
        if on and sock not in self.selector.get_map():
            self.selector.register(sock, selectors.EVENT_READ, lambda: self.socket_read(sock))
        elif not on and sock in self.selector.get_map():
            self.selector.unregister(sock)

    def command(self) -> None:
        match self.wake.recv(1):
            case b"r":
                say(self.report())
            case b"+" | b"-" as on:
                self.read(on == b"+")
                say({})
            case _:
                for sock in (*self.sockets, self.listener):
                    sock.close()
                self.endpoint.close()
                sys.exit()

    # ---- what comes ---------------------------------------------------------------------------------------------
    def accept(self) -> None:
        try:
            while True:
                sock, _ = self.listener.accept()
                sock.setblocking(False)
                self.sockets.add(sock)
                self.watch(sock, self.reading)
        except BlockingIOError:
            pass
        except SctpError as error:
            self.errors[f"accept: {type(error).__name__}"] += 1

    def socket_read(self, sock: sctpx.Socket) -> None:
        try:
            items = sock.recv_many()
            for item in items:
                self.take(item, sock, sock)
            if items:
                return
        except BlockingIOError:
            return
        except sctpx.MessageTooLargeError:
            self.errors["MessageTooLargeError"] += 1
            return
        except SctpError as error:
            self.errors[type(error).__name__] += 1
            if sock in self.good:
                self.events.append(repr(error))
        self.watch(sock, False)
        self.sockets.discard(sock)
        sock.close()

    def endpoint_read(self) -> None:
        try:
            for item in self.endpoint.recv_many():
                self.take(item, item.association, self.endpoint)
        except BlockingIOError:
            pass
        except SctpError as error:
            self.errors[type(error).__name__] += 1

    def take(self, item: sctpx.Message | sctpx.Notification, peer: object, by: sctpx.Socket | sctpx.Endpoint) -> None:
        if not isinstance(item, Message):
            if peer in self.good:
                self.events.append(repr(item))
            return
        self.received += 1
        self.received_bytes += item.size
        if item.data.startswith(GOOD):
            self.good.add(peer)
            if isinstance(by, sctpx.Endpoint):
                by.send(item.data, to=item.association, stream=item.stream)
            else:
                by.send(item.data, stream=item.stream)
            self.echoed += 1
        if self.setup.pause:
            time.sleep(self.setup.pause)

    def report(self) -> dict[str, object]:
        gc.collect()
        return asdict(Report(
            rss=resident(), peak=peak(), stack=in_kernel(), descriptors=len(os.listdir("/proc/self/fd")),
            threads=threading.active_count(), objects=len(gc.get_objects()),
            associations=len(self.endpoint.associations), accepted=len(self.sockets),
            unread=bool(select.select([self.endpoint], [], [], 0)[0]),
            echoed=self.echoed, received=self.received, received_bytes=self.received_bytes,
            errors=dict(self.errors), events=self.events,
        ))  # fmt: skip


def resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * PAGE


def peak() -> int:
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))


def in_kernel() -> int:
    """TX_QUEUE and RX_QUEUE of all associations; of other stacks there is no such file."""
    if sctpx.backend.name != "linux":
        return 0
    with open("/proc/net/sctp/assocs", encoding="ascii") as file:
        rows = [line.split() for line in file][1:]
    return sum(int(row[7]) + int(row[8]) for row in rows)


def say(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)


def main() -> None:
    server = Server(Setup(**json.loads(sys.argv[1])))
    ports = {name: one.local_addresses()[0].port for name, one in (("one", server.listener), ("many", server.endpoint))}
    say({**ports, "udp": sctpx.backend.udp_port, "backend": sctpx.backend.name})

    def listen() -> None:
        for line in sys.stdin:
            server.waker.send({"report": b"r", "read": b"+", "deaf": b"-"}[line.strip()])
        server.waker.send(b".")

    threading.Thread(target=listen, daemon=True).start()
    server.run()


if __name__ == "__main__":
    main()
