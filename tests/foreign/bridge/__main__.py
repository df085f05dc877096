# SPDX-License-Identifier: MIT
"""`python -m tests.foreign.bridge [COMMAND...]`: build the bridged backend, then run a command that has it."""

import subprocess
import sys

from tests.foreign import bridge
from tests.foreign.bridge.process import environment

bridge.build()
if sys.argv[1:]:
    sys.exit(subprocess.run(sys.argv[1:], env=environment(), check=False).returncode)
