# SPDX-License-Identifier: MIT
from typing import Any
Lib = Any
