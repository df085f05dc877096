# SPDX-License-Identifier: MIT
"""`python -m tests.guest.observe FILE COMMAND…`: run it, and leave in FILE the proof that SCTP was at work.

It is JSON: the kernel's release, and by how much each counter of /proc/net/sctp/snmp grew.
"""

import json
import platform
import subprocess
import sys
from pathlib import Path

COUNTERS = Path("/proc/net/sctp/snmp")


def counters() -> dict[str, int]:
    return {name: int(value) for name, value in (line.split() for line in COUNTERS.read_text().splitlines())}


def main() -> int:
    file, *command = sys.argv[1:]
    before = counters()
    status = subprocess.run(command, check=False).returncode
    growth = {name: value - before[name] for name, value in counters().items() if value > before[name]}
    Path(file).write_text(json.dumps({"kernel": platform.release(), "growth": growth}))
    return status


if __name__ == "__main__":
    sys.exit(main())
