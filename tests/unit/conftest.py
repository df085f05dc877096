# SPDX-License-Identifier: MIT
"""Time-outs of hypothesis would measure how busy the machine is."""

from hypothesis import settings

settings.register_profile("sctpx", deadline=None)
settings.load_profile("sctpx")
