# SPDX-License-Identifier: MIT
"""A conversation of two, one of whom speaks while the other one sends all back; the tests' half and the wheel's.

It is a program too, run with the wheel alone: `talk.py ROLE SPEAKS ENDING HOST PORT TIMEOUT`, where ROLE is "listen" or
"connect" and the one who speaks (SPEAKS is "yes") ends it by ENDING, "close" or "abort". It tells in JSON, a line each,
where its sctpx is from and where it listens, then how it ended.
"""

import json
import os
import random
import sys

import sctpx
from sctpx import AbortedError, Socket

SIZES = (1, 1452, 1500, 4096, 65535, 65536)
STREAMS = 10
REASON = "done: Grüße".encode()


def converse(sock: Socket, speaks: bool, ending: str) -> str:
    """Take one's part; the answer says how it ended: "closed", or the reason of an abort."""
    if speaks:
        speak(sock)
        if ending == "abort":
            sock.abort(REASON)
        else:
            sock.close()
        return ending
    try:
        for message in sock.messages():
            sock.send_many([message])
    except AbortedError as error:
        return f"{error.cause.name}: {error.reason.decode()}"
    return "closed"


def speak(sock: Socket) -> None:
    chance = random.Random(os.environ.get("SCTPX_TEST_SEED", "1"))
    for size in SIZES:
        data, stream, ppid = chance.randbytes(size), chance.randrange(STREAMS), chance.randrange(1 << 32)
        unordered = chance.random() < 0.5
        sock.send(data, stream=stream, ppid=ppid, unordered=unordered)
        back = sock.recv_message()
        assert back is not None
        assert (back.data, back.stream, back.ppid, back.unordered) == (data, stream, ppid, unordered)


def tell(**what: object) -> None:
    print(json.dumps({name: str(value) for name, value in what.items()}), flush=True)


def main() -> None:
    role, speaks, ending, host, port, timeout = sys.argv[1:]
    tell(file=sctpx.__file__, version=sctpx.__version__)
    if role == "connect":
        sock = sctpx.create_connection((host, int(port)), float(timeout))
    else:
        with sctpx.create_server((host, int(port))) as listener:
            listener.settimeout(float(timeout))
            tell(udp_port=sctpx.backend.udp_port, port=listener.local_addresses()[0].port)
            sock, _ = listener.accept()
            sock.settimeout(float(timeout))
    with sock:
        tell(ended=converse(sock, speaks == "yes", ending), udp_port=sctpx.backend.udp_port)


if __name__ == "__main__":
    main()
