# SPDX-License-Identifier: MIT
"""Threads: sending beside receiving, several receivers, many of everything."""

from sctpx import Message, Socket
from sctpx.options import Status
from tests.support.common import drain, eventually, send_numbers, wait_message, wait_messages
from tests.support.shapes import Client, InBackground, OneEndpoint, Opener, Pair, Server


def number_of(message: Message) -> int:
    return int.from_bytes(message.data[:4], "big")


def test_both_ends_send_while_they_receive(pair: Pair, background: InBackground) -> None:
    total = 1000
    ends = pair()
    sending = [background(lambda end=end: send_numbers(end, total, size=100)) for end in ends]  # type: ignore[misc]
    receiving = [background(lambda end=end: wait_messages(end, total)) for end in ends]  # type: ignore[misc]
    for sent in sending:
        sent.result()
    for received in receiving:
        assert [number_of(message) for message in received.result()] == list(range(total))


def test_two_receivers_share_the_messages(pair: Pair, background: InBackground) -> None:
    a, b = pair()
    total = 2000
    receiving = [background(lambda: [number_of(event) for event in b.messages()]) for _ in range(2)]
    receiving += [
        background(
            lambda: [
                number_of(event) for batch in iter(b.recv_many, []) for event in batch if isinstance(event, Message)
            ]
        )
    ]
    send_numbers(a, total)
    a.shutdown()
    shares = [one.result() for one in receiving]
    assert sorted(number for share in shares for number in share) == list(range(total))
    for share in shares:
        assert share == sorted(share)


def test_two_receivers_put_large_messages_together_right(pair: Pair, background: InBackground) -> None:
    a, b = pair()
    total, size = 20, 100_000 // 4
    receiving = [background(lambda: list(b.messages())) for _ in range(2)]
    send_numbers(a, total, size=size)
    a.shutdown()
    messages = [message for one in receiving for message in one.result()]
    assert sorted(map(number_of, messages)) == list(range(total))
    assert all(message.data == message.data[:4] * size for message in messages)


def test_several_senders_do_not_mix_their_messages(pair: Pair, background: InBackground) -> None:
    a, b = pair()
    senders, each = 4, 200

    def send(which: int) -> None:
        a.send_many([bytes([which, number]) * 500 for number in range(each)], stream=which)

    sending = [background(lambda which=which: send(which)) for which in range(senders)]  # type: ignore[misc]
    messages = wait_messages(b, senders * each)
    for which in range(senders):
        numbers = [message.data[1] for message in messages if message.stream == which]
        assert numbers == list(range(each))
    assert all(message.data == message.data[:2] * 500 for message in messages)
    for one in sending:
        one.result()


def test_many_threads_open_talk_and_close(server: Server, client: Client, background: InBackground) -> None:
    listener = server()
    clients, each = 8, 5

    def serve() -> int:
        served = 0
        for _ in range(clients * each):
            sock, _ = listener.accept()
            with sock:
                for message in sock.messages():
                    sock.send(message.data)
                    served += 1
        return served

    def talk(which: int) -> None:
        for number in range(each):
            with Socket(listener.family) as sock:
                sock.settimeout(listener.gettimeout())
                sock.connect(listener.local_addresses())
                sock.send(bytes([which, number]))
                assert wait_message(sock).data == bytes([which, number])
                sock.shutdown()
                assert drain(sock) == []

    serving = background(serve)
    talking = [background(lambda which=which: talk(which)) for which in range(clients)]  # type: ignore[misc]
    for one in talking:
        one.result()
    assert serving.result() == clients * each


def test_addresses_and_options_are_asked_from_many_threads(pair: Pair, background: InBackground) -> None:
    a, b = pair(paths=2)

    def ask() -> set[tuple[object, ...]]:
        return {
            (*sorted(a.peer_addresses()), *sorted(a.local_addresses()), a.get(Status).association) for _ in range(50)
        }

    answers = [background(ask) for _ in range(8)]
    send_numbers(a, 100)
    seen = set().union(*(one.result() for one in answers))
    assert len(seen) == 1
    wait_messages(b, 100)


def test_an_endpoint_serves_from_many_threads(endpoint: OneEndpoint, client: Client, background: InBackground) -> None:
    hub = endpoint()
    ends = [client(hub) for _ in range(6)]
    total = 6 * 50

    def serve() -> None:
        for message in hub.messages():
            if message.data == b"stop":
                return
            hub.send(message.data, to=message.association, stream=message.stream)

    serving = [background(serve) for _ in range(3)]

    def talk(end: Socket) -> None:
        for number in range(50):
            end.send(bytes([number]))
            assert wait_message(end).data == bytes([number])

    for one in [background(lambda end=end: talk(end)) for end in ends]:  # type: ignore[misc]
        one.result()
    for _ in serving:
        ends[0].send(b"stop")
    for one in serving:
        one.result()
    eventually(lambda: len(hub.associations) == 6, f"{total} answers")


def test_closing_under_traffic_harms_nobody(pair: Pair, background: InBackground, keep: Opener) -> None:
    for _ in range(5):
        a, b = pair()

        def send(sock: Socket = a) -> None:
            try:
                while True:
                    sock.send(bytes(2000))
            except OSError:
                return

        sending = background(send)
        wait_messages(b, 20)
        a.close()
        b.close()
        sending.result()
    c, d = pair()
    c.send(b"all is well")
    assert wait_message(d).data == b"all is well"
