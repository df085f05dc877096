# SPDX-License-Identifier: MIT
"""`python -m tests.guest [-t SECONDS] [-C FOLDER] COMMAND [ARGUMENT…]`: run it as root on a kernel that has SCTP.

Standard output and error stay apart, the exit status is the command's. 124: the time was up; 125: the guest died.
"""

import argparse
import os
import signal
import sys

from tests.guest.image import GuestError, image
from tests.guest.machine import run

TIME_OUT, DEAD = 124, 125


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.guest", description=__doc__)
    parser.add_argument("-t", dest="limit", type=float, default=600, metavar="SECONDS", help="default 600")
    parser.add_argument("-C", dest="folder", default=os.getcwd(), metavar="FOLDER", help="default: here")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND")
    given = parser.parse_args()
    if not given.command:
        parser.error("no command")
    # Ended by a signal, it takes the machine with it.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        return run(image(), given.command, folder=given.folder, limit=given.limit)
    except TimeoutError as error:
        print(f"guest: {error}", file=sys.stderr)
        return TIME_OUT
    except GuestError as error:
        print(f"guest: {error}", file=sys.stderr)
        return DEAD


if __name__ == "__main__":
    sys.exit(main())
