# SPDX-License-Identifier: MIT
"""`python -m tests.foreign.bridge [COMMAND...]`: build the bridged backend, then run a command that has it."""

import os
import sys

from tests.foreign import bridge
from tests.foreign.bridge.process import environment

bridge.build()
if sys.argv[1:]:
    os.execvpe(sys.argv[1], sys.argv[1:], environment())
