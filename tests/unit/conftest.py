# SPDX-License-Identifier: MIT
"""Time-outs of hypothesis would measure how busy the machine is; its examples are the same in every run."""

from hypothesis import settings

settings.register_profile("sctpx", deadline=None, derandomize=True, database=None)
settings.load_profile("sctpx")
