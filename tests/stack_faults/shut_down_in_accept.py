# SPDX-License-Identifier: MIT
"""`python -m tests.stack_faults.shut_down_in_accept`, on a Linux with SCTP and two processors.

Clients connect, send and close. Some servers' sockets never show an end: the SHUTDOWN came while accept was about them.
"""

import socket
import threading

SCTP = 132
ROUNDS = 500
PATIENCE = 5


def connect_often(address: tuple[str, int]) -> None:
    for _ in range(ROUNDS):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, SCTP) as client:
            client.connect(address)
            client.send(b"all")


def main() -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, SCTP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(ROUNDS)
    threading.Thread(target=connect_often, args=[listener.getsockname()], daemon=True).start()
    without_end = 0
    for _ in range(ROUNDS):
        server, _ = listener.accept()
        with server:
            server.settimeout(PATIENCE)
            try:
                while server.recv(100):
                    pass
            except TimeoutError:
                without_end += 1
    print(f"accepted: {ROUNDS}, without an end: {without_end}")


if __name__ == "__main__":
    main()
