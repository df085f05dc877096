# SPDX-License-Identifier: MIT
"""Arguments, and which command they mean."""

import argparse
import signal
import sys
from collections.abc import Sequence

import sctpx
from sctpx._cli.view import silence

DEMO = """Sends files from one process to another over one SCTP association: two paths where this machine allows it,
16 streams, a PPID for each file, some files unordered. Compares SHA-256 of every file at both ends; exit status 1 if
anything differs."""
DOCTOR = """Shows which backend is used and why, what was tried, versions, features and sysctls; exit status 1 when no
backend works here."""


def parser() -> argparse.ArgumentParser:
    """Make the parser of the whole command line."""
    top = argparse.ArgumentParser(prog="python -m sctpx", description="SCTP from Python (RFC 9260, RFC 6458).")
    top.add_argument("--version", action="version", version=f"sctpx {sctpx.__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    demo = commands.add_parser("demo", help="send files over two paths and compare", description=DEMO)
    demo.add_argument(
        "files", nargs="*", metavar="FILE", help="files or folders; default: the standard library's sources",
    )
    demo.add_argument("--json", action="store_true", help="summary as JSON on standard output, the rest on the other")
    demo.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    doctor = commands.add_parser("doctor", help="what works here, what does not, and why", description=DOCTOR)
    doctor.add_argument("--json", action="store_true", help="all of it as JSON")
    commands.add_parser("demo-receiver")  # the demo's other process, not for people
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    top = parser()
    chosen = top.parse_args(arguments)
    try:
        match chosen.command:
            case "demo":
                from sctpx._cli import demo

                return demo.run(chosen.files, as_json=chosen.json, inside=chosen.inside)
            case "demo-receiver":
                from sctpx._cli import receiver

                return receiver.run()
            case "doctor":
                from sctpx._cli import doctor

                return doctor.run(as_json=chosen.json)
            case _:
                top.print_help()
                return 0
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        silence(sys.stdout)
        return 1
