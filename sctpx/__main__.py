# SPDX-License-Identifier: MIT
"""`python -m sctpx`: the demo and the doctor."""

import sys

from sctpx._cli.main import main

if __name__ == "__main__":
    sys.exit(main())
