# SPDX-License-Identifier: MIT
"""The mutations, and how a mutated tree is made."""
